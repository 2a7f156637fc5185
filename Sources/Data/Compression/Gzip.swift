/// Reads gzip files.
///
/// - Source: Deutsch, GZIP file format specification version 4.3, 1996, RFC 1952.
package enum Gzip {
  /// Whether the bytes begin as a gzip file does.
  package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The content of all the file's members, each one checked.
  ///
  /// - Parameters:
  ///   - file: The file's name, for errors.
  ///   - limit: The most bytes that the content may have.
  package static func decompress(
    _ bytes: [UInt8], file: String, limit: Int = 1 << 32
  ) throws(DataError) -> [UInt8] {
    try Inflater.decompress(bytes, file: file, operation: "gzip", limit: limit) {
      (inflater: inout Inflater) throws(StreamFault) in
      repeat {
        try skipHeader(&inflater.reader)
        let start = try inflater.inflateStream()
        try checkTrailer(&inflater, start)
      } while !inflater.reader.isAtEnd
    }
  }

  private static func skipHeader(_ reader: inout BitReader) throws(StreamFault) {
    let start = reader.byteOffset
    var crc = CRC32()
    let magic = try reader.bits(16)
    guard magic == 0x8b1f else {
      throw StreamFault(
        problem: start == 0 ? "not a gzip file" : "bytes after the end",
        given: "bytes \(hexadecimal(magic & 0xff)) \(hexadecimal(magic >> 8)) at \(start)",
        expected: "0x1f 0x8b" + (start == 0 ? "" : ", or the end of the file"))
    }
    let method = try reader.bits(8)
    let flags = try reader.bits(8)
    guard method == 8, flags & 0xe0 == 0 else {
      throw StreamFault(
        problem: "unknown method or flags", given: "method \(method), flags \(hexadecimal(flags))",
        expected: "method 8, flags below 0x20")
    }
    _ = try reader.take(6)
    if flags & 0x04 != 0 { _ = try reader.take(reader.bits(16)) }
    for flag in [0x08, 0x10] where flags & flag != 0 {
      while try reader.bits(8) != 0 {}
    }
    if flags & 0x02 != 0 {
      crc.update(reader.bytesRead(from: start))
      let found = try reader.bits(16)
      try StreamFault.check("header", sum: Int(crc.value & 0xffff), stored: found)
    }
  }

  private static func checkTrailer(_ inflater: inout Inflater, _ start: Int) throws(StreamFault) {
    let found = try inflater.reader.bits(32)
    let length = try inflater.reader.bits(32)
    let crc = inflater.output.withBytes(from: start) { bytes in
      var crc = CRC32()
      crc.update(bytes)
      return crc.value
    }
    try StreamFault.check("data", sum: Int(crc), stored: found)
    let count = inflater.output.count - start
    guard length == count & 0xffff_ffff else {
      throw StreamFault(
        problem: "wrong length", given: "\(count) bytes", expected: "\(length), as the file says")
    }
  }
}
