import TestSupport
import Testing

@testable import AdjointData

@Suite struct InflateTests {
  @Test(arguments: ZlibStreams.all.map(\.name))
  func zlibStreamsOfEveryLevelAndStrategy(name: String) throws {
    let stream = try #require(ZlibStreams.all.first { $0.name == name }).stream
    #expect(try ZlibStreams.content(of: stream) == ZlibStreams.sample)
  }

  @Test func codesLongerThanTheRootTable() throws {
    #expect(try ZlibStreams.content(of: ZlibStreams.fibonacciStream) == ZlibStreams.fibonacci)
  }

  @Test func emptyStreams() throws {
    #expect(try inflate([0x03, 0x00]) == [])
    #expect(try inflate([0x01, 0x00, 0x00, 0xff, 0xff]) == [])
  }

  @Test func matchesRepeatAcrossTheirOwnOutput() throws {
    // Fixed codes: the letter a, then length 258 at distance 1, then the end of the block.
    let stream = bitString("1 10 10010001 11000101 00000 0000000")
    #expect(try inflate(stream) == [UInt8](repeating: 97, count: 259))
  }

  @Test func everyTruncationThrows() {
    for (_, stream) in ZlibStreams.all {
      for count in 0..<stream.count {
        #expect(throws: DataError.self) { try ZlibStreams.content(of: Array(stream.prefix(count))) }
      }
    }
  }

  /// Checksums see to it that nothing but the original comes out of a changed stream.
  @Test func randomChangesOfAStreamThrowOrLeaveItsContent() {
    var generator = SplitMix(state: 4)
    for (_, stream) in ZlibStreams.all {
      for _ in 0..<100 {
        var changed = stream
        changed[.random(in: changed.indices, using: &generator)] ^= .random(in: 1...255, using: &generator)
        do throws(DataError) {
          let content = try ZlibStreams.content(of: changed)
          #expect(content == ZlibStreams.sample)
        } catch {
          #expect(error.file == "a.zlib")
        }
      }
    }
  }

  @Test func randomChangesThrowOrGiveTheSameWithinAnyLimit() throws {
    var generator = SplitMix(state: 1)
    for (_, stream) in ZlibStreams.all + [("", ZlibStreams.fibonacciStream)] {
      for _ in 0..<400 {
        var changed = stream
        for _ in 0...Int.random(in: 0..<4, using: &generator) {
          changed[.random(in: changed.indices, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        try expectRefusalOrExactLimit(Array(changed.dropFirst(2)))
      }
    }
  }

  @Test func randomBytesThrowOrGiveTheSameWithinAnyLimit() throws {
    var generator = SplitMix(state: 2)
    for count in 0..<2_000 {
      var bytes = (0..<count % 300).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // A block with codes of its own, which is the hard kind.
      if !bytes.isEmpty { bytes[0] = bytes[0] & ~7 | 5 }
      try expectRefusalOrExactLimit(bytes)
    }
  }

  @Test(arguments: [
    ("1 11", "unknown kind of block"),
    ("1 00 00000 10000000 00000000 11111111 11111111", "a stored block's length contradicts itself"),
    ("1 10 0000001 00000 0000000", "a distance reaches before the start"),
    ("1 10 00110000 0000001 10000 0000000", "a distance reaches before the start"),
    ("1 10 11000110 00000 0000000", "invalid length code"),
    ("1 10 00110000 0000001 11110 0000000", "invalid distance code"),
    ("1 01 11111 00000 0000", "too many codes"),
    ("1 01 00000 01111 0000", "too many codes"),
    // Code lengths of one bit for three symbols.
    ("1 01 00000 00000 0000 100 100 100 000", "too many codes"),
    // Code lengths of two bits for three symbols.
    ("1 01 00000 00000 0000 010 010 010 000", "too few codes"),
    // Symbols 16 and 17 at one bit each: 16 first, with nothing to repeat.
    ("1 01 00000 00000 0000 100 100 000 000 0", "a code length repeats the one before"),
    // Symbols 17 and 18: 18 with 138 zeros twice.
    ("1 01 00000 00000 0000 000 100 100 000 1 1111111 1 1111111", "too many code lengths"),
    // The same with 138 and 120 zeros: no symbol has a code.
    ("1 01 00000 00000 0000 000 100 100 000 1 1111111 1 1011011", "a block cannot end"),
  ])
  func invalidStreams(bits: String, problem: String) {
    expectProblem(problem) { try inflate(bitString(bits) + [0, 0, 0, 0]) }
  }

  @Test func outputStopsAtTheLimit() throws {
    let stream = bitString("1 10 10010001 11000101 00000 0000000")
    #expect(try inflate(stream, limit: 259).count == 259)
    expectProblem("too much data") { try inflate(stream, limit: 258) }
    expectProblem("too much data") { try inflate([1, 2, 0, 0xfd, 0xff, 7, 7], limit: 1) }
  }

  /// A stream is refused, or its content does not depend on the limit, which holds to the byte.
  private func expectRefusalOrExactLimit(_ bytes: [UInt8]) throws {
    let content: [UInt8]
    do {
      content = try inflate(bytes)
    } catch {
      #expect((error as? DataError)?.file == "a.deflate")
      return
    }
    #expect(try inflate(bytes, limit: content.count) == content)
    if !content.isEmpty { expectProblem("too much data") { try inflate(bytes, limit: content.count - 1) } }
  }

  private func inflate(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
    try Inflater.decompress(bytes, file: "a.deflate", operation: "inflate", limit: limit) {
      (inflater: inout Inflater) throws(StreamFault) in
      _ = try inflater.inflateStream()
    }
  }

  /// Bits in the order in which a stream has them.
  private func bitString(_ text: String) -> [UInt8] {
    let bits = text.filter { $0 != " " }.map { $0 == "1" }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].enumerated()
        .reduce(0) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) }
    }
  }
}
