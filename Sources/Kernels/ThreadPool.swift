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
/// its own caches. Who has finished helps the others.
package final class ThreadPool: Sendable {
  package static let shared = ThreadPool()

  private let job = Mutex<Job?>(nil)
  private let generation = Atomic<Int>(0)
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
        fatalError(
          "kernels: the environment variable ADJOINT_THREADS is no number of threads; given \(wanted); expected 1 or more"
        )
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
      withUnsafePointer(to: body) { pointer in
        let descends = generation.load(ordering: .relaxed) % 2 == 1
        let job = Job(pieces: pieces, threads: helpers + 1, descends: descends, body: pointer)
        self.job.withLock { $0 = job }
        generation.add(1, ordering: .sequentiallyConsistent)
        sleepers.wake()
        job.work(as: 0)
        job.waitUntilDone()
        self.job.withLock { $0 = nil }
      }
    }
  }

  private func startWorkers(upTo count: Int) {
    while workerCount.load(ordering: .relaxed) < count {
      let number = workerCount.add(1, ordering: .relaxed).newValue
      Self.detachThread { self.serve(as: number) }
    }
  }

  /// The life of a worker; the calling thread is number 0.
  private func serve(as number: Int) -> Never {
    var served = 0
    while true {
      waitForWork(after: served)
      served = generation.load(ordering: .acquiring)
      if let job = job.withLock({ $0 }), number < job.threads { job.work(as: number) }
    }
  }

  private func waitForWork(after served: Int) {
    if spin(until: { generation.load(ordering: .acquiring) != served }) { return }
    sleepers.sleep(while: { generation.load(ordering: .sequentiallyConsistent) == served })
  }

  private static func detachThread(_ body: @escaping @Sendable () -> Never) {
    let argument = Unmanaged.passRetained(ThreadBody(run: body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { ThreadBody.take($0).run() }, argument)
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { ThreadBody.take($0!).run() }, argument)
    #endif
    precondition(status == 0, "the system gave no thread (error \(status))")
    #if canImport(Darwin)
      pthread_detach(thread!)
    #else
      pthread_detach(thread)
    #endif
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

/// One call of `run`. Each thread has a share of the pieces, which it claims by a counter; then it claims what is
/// left of the others' shares, so that a slow thread does less.
private final class Job: @unchecked Sendable {
  let threads: Int
  private let pieces: Int
  private let body: UnsafePointer<(Int) -> Void>
  private let shares: UnsafeMutablePointer<Share>
  private let finished = Atomic<Int>(0)

  init(pieces: Int, threads: Int, descends: Bool, body: UnsafePointer<(Int) -> Void>) {
    self.pieces = pieces
    self.threads = threads
    self.body = body
    shares = .allocate(capacity: threads)
    for i in 0..<threads {
      let share = pieces * i / threads..<pieces * (i + 1) / threads
      (shares + i).initialize(to: Share(share, descends: descends))
    }
  }

  deinit {
    shares.deinitialize(count: threads)
    shares.deallocate()
  }

  /// Claims and runs pieces until none is left. A worker that comes late finds none, and so never touches
  /// `body` after the call it belongs to has returned.
  func work(as number: Int) {
    var done = 0
    for i in 0..<threads {
      let share = shares + (number + i) % threads
      while let piece = share.pointee.claim() {
        body.pointee(piece)
        done += 1
      }
    }
    if done > 0 { finished.add(done, ordering: .releasing) }
  }

  func waitUntilDone() {
    func isDone() -> Bool { finished.load(ordering: .acquiring) == pieces }
    while !spin(until: isDone) { sched_yield() }
  }
}

/// Waits without giving the processor away, for a tenth of a millisecond at most: waking a sleeping thread takes
/// longer than many kernels do, and the kernels of a training step follow one another faster than this.
///
/// - Returns: Whether the condition became true.
private func spin(until condition: () -> Bool) -> Bool {
  let start = ContinuousClock.now
  repeat {
    for _ in 0..<64 {
      if condition() { return true }
      adjoint_pause()
    }
  } while ContinuousClock.now - start < .microseconds(100)
  return false
}

/// Neighbouring pieces of a job, claimed one by one from the first or from the last.
private struct Share: ~Copyable {
  private let pieces: Range<Int>
  private let descends: Bool
  private let claimed = Atomic<Int>(0)
  // Two shares never lie in one line of a cache.
  private let padding = SIMD16<Int>()

  init(_ pieces: Range<Int>, descends: Bool) {
    self.pieces = pieces
    self.descends = descends
  }

  func claim() -> Int? {
    guard claimed.load(ordering: .relaxed) < pieces.count else { return nil }
    let index = claimed.add(1, ordering: .relaxed).oldValue
    guard index < pieces.count else { return nil }
    return descends ? pieces.upperBound - 1 - index : pieces.lowerBound + index
  }
}

/// Where idle workers sleep until there is work.
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
