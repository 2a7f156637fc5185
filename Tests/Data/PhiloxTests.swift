import AdjointAutodiff
import AdjointKernels
import Testing

@testable import AdjointData

@Suite struct PhiloxTests {
  @Test func numbersComeInTheOrderOfTheBlocks() {
    var random = Philox(seed: 3, name: "a", sequence: 5)
    let words = (0..<150).map { _ in random.next() }
    let key = RandomStream(seed: 3, name: "a").state.key
    let blocks = [0, 16, 32].map { Random.words(key: key, counter: $0, stream: 5) }
    #expect(words == Array(blocks.flatMap { block in block.indices.map { block[$0] } }.prefix(150)))
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
