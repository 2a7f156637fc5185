import AdjointData
import TestSupport
import Testing

@Suite struct DeflateTests {
  @Test func compressedBytesAreRestored() throws {
    var generator = SplitMix(state: 4)
    let noise = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let far = noise + [UInt8](repeating: 9, count: 32_768 - 1_000) + noise + noise
    for bytes in [[], [7], [7, 7], [7, 7, 7], noise, ZlibStreams.sample, ZlibStreams.fibonacci, far] {
      let stream = Zlib.compress(bytes)
      // DEFLATE with a window of 32,768 bytes; the second byte makes a multiple of 31 of both.
      #expect(stream.prefix(2) == [0x78, 0x01])
      #expect(try ZlibStreams.content(of: stream) == bytes)
    }
  }

  @Test func everyLengthOfMatch() throws {
    for length in 3...520 {
      let bytes = [1, 2, 3, 4] + [UInt8](repeating: 5, count: length) + [6]
      #expect(try ZlibStreams.content(of: Zlib.compress(bytes)) == bytes)
    }
  }

  @Test func repetitionsAreCompressed() {
    #expect(Zlib.compress([UInt8](repeating: 1, count: 100_000)).count < 700)
    #expect(Zlib.compress(ZlibStreams.sample).count < 320)
    // Incompressible bytes take at most nine bits each.
    #expect(Zlib.compress(Array(0...255)).count < 290)
  }
}
