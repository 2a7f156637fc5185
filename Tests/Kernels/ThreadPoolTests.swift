import AdjointKernels
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct ThreadPoolTests {
  @Test func everyPieceRunsOnceOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 2, 3, 7, 4, 70, 2] {
        ThreadPool.shared.threadCount = threads
        for pieces in [0, 1, 2, 3, 5, 17, 1_000] {
          let counts = (0..<pieces).map { _ in Counter() }
          ThreadPool.shared.run(pieces: pieces) { counts[$0].increment() }
          #expect(counts.allSatisfy { $0.value == 1 })
        }
      }
    }
  }

  /// A job is no longer than its slowest piece, whoever began with it.
  @Test func otherThreadsTakeWhatASlowOneLeaves() async {
    await #expect(processExitsWith: .success) {
      ThreadPool.shared.threadCount = 2
      for slow in [0, 63, 32, 31] {
        let others = Counter()
        ThreadPool.shared.run(pieces: 64) { piece in
          if piece == slow { while others.value < 63 { usleep(50) } } else { others.increment() }
        }
        #expect(others.value == 63)
      }
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
