/// Reads and writes zlib streams, as PNG files have them.
///
/// - Source: Deutsch, Gailly, ZLIB Compressed Data Format Specification version 3.3, 1996, RFC 1950.
package enum Zlib {
  /// The content of a stream, checked.
  ///
  /// - Parameters:
  ///   - file: The name of the file that holds the stream, for errors.
  ///   - limit: The most bytes that the content may have.
  package static func decompress(
    _ bytes: [UInt8], file: String, limit: Int = 1 << 32
  ) throws(DataError) -> [UInt8] {
    try Inflater.decompress(bytes, file: file, operation: "zlib", limit: limit) {
      (inflater: inout Inflater) throws(StreamFault) in
      let method = try inflater.reader.bits(8)
      let flags = try inflater.reader.bits(8)
      guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0, flags & 0x20 == 0 else {
        throw StreamFault(
          problem: "not a zlib stream", given: "header \(hexadecimal(method)) \(hexadecimal(flags))",
          expected: "method 8, a window of at most 32768, no dictionary, and a multiple of 31")
      }
      let start = try inflater.inflateStream()
      let found = Int(UInt32(truncatingIfNeeded: try inflater.reader.bits(32)).byteSwapped)
      let adler = inflater.output.withBytes(from: start) { bytes in
        var adler = Adler32()
        adler.update(bytes)
        return adler.value
      }
      try StreamFault.check("data", sum: Int(adler), stored: found)
      guard inflater.reader.isAtEnd else {
        throw StreamFault(
          problem: "bytes after the end", given: "\(bytes.count) bytes",
          expected: "\(inflater.reader.byteOffset)")
      }
    }
  }
  /// A stream of the given content.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var adler = Adler32()
    bytes.withUnsafeBytes { adler.update($0) }
    return [0x78, 0x01] + Deflater.deflate(bytes) + adler.value.bigEndianBytes
  }
}
