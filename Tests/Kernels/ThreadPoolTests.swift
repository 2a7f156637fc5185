import AdjointKernels
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test func everyPieceRunsOnce() {
    for pieces in [0, 1, 2, 3, 17, 1_000] {
      let counts = (0..<pieces).map { _ in Counter() }
      ThreadPool.shared.run(pieces: pieces) { counts[$0].increment() }
      #expect(counts.allSatisfy { $0.value == 1 })
    }
  }

  @Test func workWithinAPieceRuns() {
    let total = Counter()
    ThreadPool.shared.run(pieces: 4) { _ in
      ThreadPool.shared.run(pieces: 8) { _ in total.increment() }
    }
    #expect(total.value == 32)
  }

  @Test func repeatedShortJobsEnd() {
    let total = Counter()
    for _ in 0..<2_000 { ThreadPool.shared.run(pieces: 3) { _ in total.increment() } }
    #expect(total.value == 6_000)
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func increment() { count.add(1, ordering: .relaxed) }
}
