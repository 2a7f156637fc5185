import CAdjointKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The one place where threads are made: runs the pieces of a kernel's work on all cores.
///
/// Callers cut work by its size, never by the number of threads, so a result does not depend on who computed
/// which piece. Each thread begins with a share of neighbouring pieces, the same share in every call, and goes through
/// it the other way around than in the call before: what it wrote last in one kernel it reads first in the next, from
/// its own caches. Who has finished helps the others, but not at once: where two cores have no cache in common, one lags if
/// the other has its lines of memory, and would again if its pieces, and so more of its lines, went there.
package final class ThreadPool: Sendable {
  package static let shared = ThreadPool()

  private let board = JobBoard()
  private let isBusy = Atomic<Bool>(false)
  private let workerCount = Atomic<Int>(0)
  private let limit: Atomic<Int>
  private let sleepers = Sleepers()

  private init() {
    limit = Atomic(Self.wantedThreads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
  }

  private static var wantedThreads: Int? {
    getenv("ADJOINT_THREADS").map {
      let wanted = String(cString: $0)
      guard let count = Int(wanted), count > 0 else {
        trap(
          "kernels", "the environment variable ADJOINT_THREADS is no number of threads", given: wanted,
          expected: "1 or more")
      }
      return count
    }
  }

  /// The number of threads that share the work, the calling one included.
  package var threadCount: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body` once with each of 0 ..< `pieces`, on several threads, and returns when all have ended.
  ///
  /// Work that is asked for while other work is under way, from within a piece or from another thread, runs
  /// on the calling thread alone.
  package func run(pieces: Int, _ body: (Int) -> Void) {
    let helpers = min(threadCount, pieces) - 1
    guard helpers > 0, !isBusy.exchange(true, ordering: .acquiring) else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    defer { isBusy.store(false, ordering: .releasing) }
    startWorkers(upTo: helpers)
    withoutActuallyEscaping(body) { body in
      let number = board.announce(pieces: pieces, threads: helpers + 1, body)
      sleepers.wake()
      let start = ContinuousClock.now
      var done = board.work(on: number, as: 0)
      func hasEnded() -> Bool { board.othersHaveDone(pieces - done) }
      if !spin(for: patience(after: done, since: start), until: hasEnded) {
        done += board.work(on: number, as: 0, helps: true)
      }
      while !spin(until: hasEnded) { sched_yield() }
      board.finish()
    }
  }

  /// As many as the system gives; the calling thread does what is left to it.
  private func startWorkers(upTo count: Int) {
    while workerCount.load(ordering: .relaxed) < count {
      let number = workerCount.load(ordering: .relaxed) + 1
      guard Self.detachThread({ self.serve(as: number) }) else { return }
      workerCount.store(number, ordering: .relaxed)
    }
  }

  /// The life of a worker; the calling thread is number 0.
  private func serve(as number: Int) -> Never {
    BufferPool.shared.openShelf()
    var served: UInt32 = 0
    while true {
      waitForWork(after: served)
      // It may be odd by now, as the next job is written down: of that there is no piece to claim.
      served = board.number
      let start = ContinuousClock.now
      let done = board.work(on: served, as: number)
      board.add(done: done)
      if !spin(for: patience(after: done, since: start), until: { board.number != served }) {
        board.add(done: board.work(on: served, as: number, helps: true))
      }
    }
  }

  private func waitForWork(after served: UInt32) {
    func hasWork() -> Bool { board.number != served && board.number % 2 == 0 }
    if spin(until: hasWork) { return }
    sleepers.sleep(while: { !hasWork() })
  }

  /// Whether the system gave a thread.
  private static func detachThread(_ body: @escaping @Sendable () -> Never) -> Bool {
    let argument = Unmanaged.passRetained(ThreadBody(run: body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { ThreadBody.take($0).run() }, argument)
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { ThreadBody.take($0!).run() }, argument)
    #endif
    guard status == 0 else {
      _ = ThreadBody.take(argument)
      return false
    }
    #if canImport(Darwin)
      pthread_detach(thread!)
    #else
      pthread_detach(thread)
    #endif
    return true
  }
}

/// What a new thread runs, carried through the C interface.
private final class ThreadBody {
  let run: @Sendable () -> Never

  init(run: @escaping @Sendable () -> Never) { self.run = run }

  static func take(_ argument: UnsafeMutableRawPointer) -> ThreadBody {
    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
  }
}

/// How long a thread that has worked on `pieces` pieces since `start` leaves theirs to the others: as long as one took, in
/// which they come to their next ones if nothing keeps them; but not long, as another process may have their core.
private func patience(after pieces: Int, since start: ContinuousClock.Instant) -> Duration {
  min((ContinuousClock.now - start) / max(1, pieces), .microseconds(25))
}

/// Waits without giving the processor away, for a tenth of a millisecond if not told otherwise: waking a sleeping thread
/// takes longer than many kernels do, and the kernels of a training step follow one another faster than this.
///
/// - Returns: Whether the condition became true.
private func spin(for duration: Duration = .microseconds(100), until condition: () -> Bool) -> Bool {
  let start = ContinuousClock.now
  repeat {
    for _ in 0..<64 {
      if condition() { return true }
      adjoint_pause()
    }
  } while ContinuousClock.now - start < duration
  return false
}

/// Where idle workers sleep until there is work. All threads may use it: its memory is the system's lock and signal, which
/// never move.
private final class Sleepers: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let count = Atomic<Int>(0)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  func sleep(while isIdle: () -> Bool) {
    pthread_mutex_lock(mutex)
    count.add(1, ordering: .sequentiallyConsistent)
    while isIdle() { pthread_cond_wait(condition, mutex) }
    count.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  /// Wakes all; costs one load where nobody sleeps.
  func wake() {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
