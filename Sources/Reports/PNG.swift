import AdjointData

/// A picture of 8 bits a channel, as a PNG file.
///
/// - Source: World Wide Web Consortium, Portable Network Graphics (PNG) Specification (Second Edition), 2003.
struct PNG {
  let width: Int
  let height: Int
  /// 1 for gray, 3 for red, green and blue.
  let channels: Int
  /// Row by row from the top, channels innermost.
  var pixels: [UInt8]

  init(width: Int, height: Int, channels: Int, filledWith value: UInt8) {
    self.width = width
    self.height = height
    self.channels = channels
    pixels = [UInt8](repeating: value, count: width * height * channels)
  }

  /// The file.
  var bytes: [UInt8] {
    let gray: UInt8 = 0
    let colour: UInt8 = 2
    let header =
      UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes
      + [8, channels == 1 ? gray : colour, 0, 0, 0]
    // Each row begins with the number of its filter: none, which leaves repeated rows equal.
    let rowCount = width * channels
    var rows: [UInt8] = []
    rows.reserveCapacity(height * (rowCount + 1))
    for row in 0..<height {
      rows.append(0)
      rows += pixels[row * rowCount..<(row + 1) * rowCount]
    }
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", Zlib.compress(rows)) + Self.chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + data
    var crc = CRC32()
    content.withUnsafeBytes { crc.update($0) }
    return UInt32(data.count).bigEndianBytes + content + crc.value.bigEndianBytes
  }
}
