/// The cyclic redundancy check of gzip and PNG.
///
/// - Source: Deutsch, GZIP file format specification version 4.3, 1996, RFC 1952, section 8; eight bytes a
///   step: Kounavis, Berry, A systematic approach to building high performance software-based CRC generators,
///   2005, doi:10.1109/ISCC.2005.18.
package struct CRC32 {
  private var state: UInt32 = 0xffff_ffff

  package init() {}

  package var value: UInt32 { ~state }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var crc = state
    Self.tables.withUnsafeBufferPointer { tables in
      var position = 0
      while position + 8 <= bytes.count {
        let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let word = UInt64(littleEndian: bits) ^ UInt64(crc)
        crc = tables[0x700 + Int(word & 0xff)]
        crc ^= tables[0x600 + Int(word >> 8 & 0xff)]
        crc ^= tables[0x500 + Int(word >> 16 & 0xff)]
        crc ^= tables[0x400 + Int(word >> 24 & 0xff)]
        crc ^= tables[0x300 + Int(word >> 32 & 0xff)]
        crc ^= tables[0x200 + Int(word >> 40 & 0xff)]
        crc ^= tables[0x100 + Int(word >> 48 & 0xff)]
        crc ^= tables[Int(word >> 56)]
        position &+= 8
      }
      while position < bytes.count {
        crc = tables[Int((crc ^ UInt32(bytes[position])) & 0xff)] ^ crc >> 8
        position += 1
      }
    }
    state = crc
  }

  /// Row k tells what a byte does to the remainder when k more bytes have followed it.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = (0..<256).map { byte in
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
      return crc
    }
    for index in 256..<8 * 256 {
      let previous = tables[index - 256]
      tables.append(tables[Int(previous & 0xff)] ^ previous >> 8)
    }
    return tables
  }()
}

/// The checksum of zlib.
///
/// - Source: Deutsch, Gailly, ZLIB Compressed Data Format Specification version 3.3, 1996, RFC 1950,
///   section 9.
package struct Adler32 {
  private var sum: UInt32 = 1
  private var sumOfSums: UInt32 = 0

  package init() {}

  package var value: UInt32 { sumOfSums << 16 | sum }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    // The most bytes after which neither sum can have overflowed 32 bits.
    let stretch = 5552
    for start in stride(from: 0, to: bytes.count, by: stretch) {
      for position in start..<min(start + stretch, bytes.count) {
        sum &+= UInt32(bytes[position])
        sumOfSums &+= sum
      }
      sum %= 65521
      sumOfSums %= 65521
    }
  }
}
