import Testing

@testable import AdjointData
@testable import AdjointReports

@Suite struct PNGTests {
  @Test(arguments: [(1, 1, 1), (5, 3, 1), (3, 5, 3), (300, 200, 3)])
  func filesDecodeToTheirPixels(width: Int, height: Int, channels: Int) throws {
    var picture = PNG(width: width, height: height, channels: channels, filledWith: 0)
    for index in picture.pixels.indices {
      picture.pixels[index] = UInt8(truncatingIfNeeded: index * 7 + index / 50)
    }
    let decoded = try DecodedPNG(picture.bytes)
    #expect(decoded.width == width)
    #expect(decoded.height == height)
    #expect(decoded.bitsPerChannel == 8)
    #expect(decoded.colourType == (channels == 1 ? 0 : 2))
    #expect(decoded.pixels == picture.pixels)
  }

  @Test func uniformPicturesAreSmall() {
    let picture = PNG(width: 500, height: 200, channels: 3, filledWith: 200)
    #expect(picture.bytes.count < 500 * 200 * 3 / 100)
  }
}

/// Reads a PNG file whose rows have no filter, checking each chunk.
struct DecodedPNG {
  var width = 0
  var height = 0
  var bitsPerChannel = 0
  var colourType = 0
  var pixels: [UInt8] = []

  init(_ bytes: [UInt8]) throws {
    try #require(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    var position = 8
    var data: [UInt8] = []
    var types: [String] = []
    while position < bytes.count {
      let length = Self.integer(bytes[position..<position + 4])
      let content = Array(bytes[position + 4..<position + 8 + length])
      var crc = CRC32()
      content.withUnsafeBytes { crc.update($0) }
      try #require(Self.integer(bytes[position + 8 + length..<position + 12 + length]) == Int(crc.value))
      types.append(String(decoding: content.prefix(4), as: UTF8.self))
      if types.last == "IHDR" {
        width = Self.integer(content[4..<8])
        height = Self.integer(content[8..<12])
        bitsPerChannel = Int(content[12])
        colourType = Int(content[13])
        try #require(content[14...] == [0, 0, 0])
      }
      if types.last == "IDAT" { data += content[4...] }
      position += 12 + length
    }
    try #require(types == ["IHDR", "IDAT", "IEND"])
    // Two bytes of header are before it. They and the checksum, which is after it, are right where they are those of
    // the same rows.
    let rows = try Inflater.decompress(
      Array(data.dropFirst(2)), file: "a.png", operation: "png", limit: 1 << 32
    ) { (inflater: inout Inflater) throws(StreamFault) in _ = try inflater.inflateStream() }
    try #require(Zlib.compress(rows) == data)
    let stride = 1 + width * (colourType == 2 ? 3 : 1)
    try #require(rows.count == height * stride)
    for row in 0..<height {
      try #require(rows[row * stride] == 0)
      pixels += rows[row * stride + 1..<(row + 1) * stride]
    }
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
