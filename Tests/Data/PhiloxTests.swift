import Testing

@testable import AdjointData

@Suite struct PhiloxTests {
  /// The known answers that come with the authors' Random123.
  @Test(
    arguments: [
      (0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
      (
        0x299f_31d0_a409_3822, 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [(UInt64, UInt64, UInt64, [UInt32])])
  func knownAnswers(key: UInt64, low: UInt64, high: UInt64, words: [UInt32]) {
    let block = Philox.block(key: key, low: low, high: high)
    #expect((0..<4).map { block[$0] } == words)
  }

  @Test func numbersComeInTheOrderOfTheBlocks() {
    var random = Philox(seed: 3, name: "a", sequence: 5)
    let words = (0..<9).map { _ in random.next() }
    #expect(Set(words).count == 9)
    var other = Philox(seed: 3, name: "a", sequence: 6)
    #expect(other.next() != words[0])
    var same = Philox(seed: 3, name: "a", sequence: 5)
    #expect(same.next() == words[0])
  }

  @Test func integersAndNumbersStayInTheirRange() {
    var random = Philox(seed: 1, name: "ranges", sequence: 0)
    var counts = [0, 0, 0]
    for _ in 0..<3_000 {
      counts[random.integer(below: 3)] += 1
      #expect((-2.0..<5).contains(random.number(in: -2...5)))
    }
    #expect(counts.allSatisfy { (900...1_100).contains($0) })
    #expect(random.integer(below: 1) == 0)
  }
}
