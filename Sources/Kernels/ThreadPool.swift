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
/// which piece.
package final class ThreadPool: Sendable {
  package static let shared = ThreadPool()

  /// How long an idle worker looks for new work before it sleeps: waking a sleeping thread takes longer than
  /// many kernels do.
  private static let spinCount = 4_000

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
      guard let count = Int(String(cString: $0)), count > 0 else {
        fatalError("kernels: the environment variable ADJOINT_THREADS is not a number of 1 or more")
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
        let job = Job(pieces: pieces, helpers: helpers, body: pointer)
        self.job.withLock { $0 = job }
        generation.add(1, ordering: .sequentiallyConsistent)
        sleepers.wake()
        job.work()
        job.waitUntilDone()
        self.job.withLock { $0 = nil }
      }
    }
  }

  private func startWorkers(upTo count: Int) {
    while workerCount.load(ordering: .relaxed) < count {
      workerCount.add(1, ordering: .relaxed)
      Self.detachThread { self.serve() }
    }
  }

  private func serve() -> Never {
    var served = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == served, spins < Self.spinCount { spins += 1 }
      sleepers.sleep(while: { generation.load(ordering: .sequentiallyConsistent) == served })
      served = generation.load(ordering: .acquiring)
      if let job = job.withLock({ $0 }), job.admitHelper() { job.work() }
    }
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

/// One call of `run`: pieces are claimed by a counter, so that a slow thread takes fewer.
private final class Job: @unchecked Sendable {
  private let pieces: Int
  private let body: UnsafePointer<(Int) -> Void>
  private let next = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let places: Atomic<Int>

  init(pieces: Int, helpers: Int, body: UnsafePointer<(Int) -> Void>) {
    self.pieces = pieces
    self.body = body
    places = Atomic(helpers)
  }

  /// Whether a worker may join: no more do than there are threads to use.
  func admitHelper() -> Bool {
    places.subtract(1, ordering: .relaxed).newValue >= 0
  }

  /// Claims and runs pieces until none is left. A worker that comes late finds none, and so never touches
  /// `body` after the call it belongs to has returned.
  func work() {
    while true {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      body.pointee(piece)
      finished.add(1, ordering: .releasing)
    }
  }

  func waitUntilDone() {
    var spins = 0
    while finished.load(ordering: .acquiring) < pieces {
      spins += 1
      if spins > 1_000 { sched_yield() }
    }
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
