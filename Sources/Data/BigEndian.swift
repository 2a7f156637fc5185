extension [UInt8] {
  /// Integers stored with their most significant byte first.
  func bigEndian<Integer: FixedWidthInteger>(
    _ type: Integer.Type, from offset: Int, count: Int
  ) -> [Integer] {
    withUnsafeBytes { bytes in
      (0..<count).map { index in
        let position = offset + index * MemoryLayout<Integer>.size
        return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: type))
      }
    }
  }
}

extension FixedWidthInteger {
  /// The bytes of the integer, the most significant first.
  package var bigEndianBytes: [UInt8] {
    Swift.withUnsafeBytes(of: bigEndian) { [UInt8]($0) }
  }
}
