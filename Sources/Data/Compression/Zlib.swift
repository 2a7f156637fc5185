/// Writes zlib streams, as PNG files have them.
///
/// - Source: Deutsch, Gailly, ZLIB Compressed Data Format Specification version 3.3, 1996, RFC 1950.
package enum Zlib {
  /// A stream of the given content.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var adler = Adler32()
    bytes.withUnsafeBytes { adler.update($0) }
    return [0x78, 0x01] + Deflater.deflate(bytes) + adler.value.bigEndianBytes
  }
}
