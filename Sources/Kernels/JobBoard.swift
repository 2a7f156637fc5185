import Synchronization

/// Where the pool's one job is announced, and its pieces are claimed.
///
/// Where two cores have no cache in common, each line that goes from one to the other takes longer than a small piece.
/// So what a job is lies on one line; each thread claims from a share of its own, whose counter nobody resets; and how
/// many pieces were done by others is summed up over all jobs.
struct JobBoard: ~Copyable, @unchecked Sendable {
  /// Shares that a job may have; with more threads some have one in common.
  private static let mostShares = 64
  /// Processors fetch lines in pairs.
  private static let lineByteCount = 128

  private let memory = UnsafeMutableRawPointer.allocate(
    byteCount: (2 + Self.mostShares) * Self.lineByteCount, alignment: Self.lineByteCount)
  private let job: UnsafeMutablePointer<Job>
  /// Pieces of all jobs that others than the caller have done.
  private let helped: UnsafeMutablePointer<Atomic<Int>>

  /// What `helped` was when the last job ended, and how many shares it had; the caller's alone.
  private let helpedBefore = Atomic<Int>(0)
  private let sharesBefore = Atomic<Int>(0)

  init() {
    job = memory.bindMemory(to: Job.self, capacity: 1)
    job.initialize(to: Job())
    helped = (memory + Self.lineByteCount).bindMemory(to: Atomic<Int>.self, capacity: 1)
    helped.initialize(to: Atomic(0))
    for index in 0..<Self.mostShares {
      place(ofShare: index).bindMemory(to: Atomic<UInt64>.self, capacity: 1).initialize(to: Atomic(0))
    }
  }

  deinit {
    for index in 0..<Self.mostShares { share(index).deinitialize(count: 1) }
    helped.deinitialize(count: 1)
    job.deinitialize(count: 1)
    memory.deallocate()
  }

  /// A share's counter: the number of its last job, and how many of its pieces are claimed.
  private func share(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    place(ofShare: index).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  private func place(ofShare index: Int) -> UnsafeMutableRawPointer {
    memory + (2 + index) * Self.lineByteCount
  }

  /// The number of the last job that was announced; odd while the next one is written down.
  var number: UInt32 { job.pointee.number.load(ordering: .sequentiallyConsistent) }

  /// Announces a job. Only one caller at a time may, and must call `finish`.
  func announce(pieces: Int, threads: Int, _ body: @escaping (Int) -> Void) -> UInt32 {
    precondition(pieces <= UInt32.max, "a claim counts pieces in 32 bits")
    let last = job.pointee.number.load(ordering: .relaxed)
    let shares = min(threads, Self.mostShares)
    let before = sharesBefore.load(ordering: .relaxed)
    // As if these had been in the last job as well.
    for index in before..<max(shares, before) {
      share(index).pointee.store(Claim(job: last, count: 0).bits, ordering: .relaxed)
    }
    sharesBefore.store(shares, ordering: .relaxed)
    job.pointee.number.store(last &+ 1, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    job.pointee.pieces.store(pieces, ordering: .relaxed)
    job.pointee.threads.store(threads, ordering: .relaxed)
    job.pointee.body = body
    job.pointee.number.store(last &+ 2, ordering: .sequentiallyConsistent)
    return last &+ 2
  }

  /// Claims and runs pieces of job `number` until none is left: of the thread's own share or, where it `helps`, of the
  /// others'.
  ///
  /// - Returns: How many they were.
  func work(on number: UInt32, as thread: Int, helps: Bool = false) -> Int {
    let pieces = job.pointee.pieces.load(ordering: .relaxed)
    let threads = job.pointee.threads.load(ordering: .relaxed)
    // Who comes so late that the next job is being written down may have read some of that.
    atomicMemoryFence(ordering: .acquiring)
    guard job.pointee.number.load(ordering: .relaxed) == number, thread < threads else { return 0 }
    let shares = min(threads, Self.mostShares)
    // Each job goes the other way around than the one before.
    let descends = number & 2 == 0
    // Taken once: threads that count its holders at each piece would wait for one another.
    var body: ((Int) -> Void)?
    var done = 0
    for i in helps ? 1..<shares : 0..<1 {
      let index = (thread + i) % shares
      let ofShare = pieces * index / shares..<pieces * (index + 1) / shares
      while let claimed = claim(of: share(index), count: ofShare.count, number: number) {
        if body == nil { body = job.pointee.body }
        body!(descends ? ofShare.upperBound - 1 - claimed : ofShare.lowerBound + claimed)
        done += 1
      }
    }
    return done
  }

  /// The next piece of a share of `count` pieces; nil where all are claimed, or the job has ended. While a piece is
  /// claimed and not done its job has not ended, so its body is there.
  private func claim(of share: UnsafeMutablePointer<Atomic<UInt64>>, count: Int, number: UInt32) -> Int? {
    var bits = share.pointee.load(ordering: .relaxed)
    while true {
      let claim = Claim(bits: bits)
      guard claim.job == number || claim.job == number &- 2 else { return nil }
      let claimed = claim.job == number ? claim.count : 0
      guard claimed < count else { return nil }
      let (exchanged, original) = share.pointee.weakCompareExchange(
        expected: bits, desired: Claim(job: number, count: claimed + 1).bits, ordering: .relaxed)
      if exchanged { return claimed }
      bits = original
    }
  }

  /// Tells the caller of pieces that another thread has done.
  func add(done: Int) {
    if done > 0 { helped.pointee.add(done, ordering: .releasing) }
  }

  /// Whether others than the caller have done so many pieces of the job.
  func othersHaveDone(_ count: Int) -> Bool {
    helped.pointee.load(ordering: .acquiring) == helpedBefore.load(ordering: .relaxed) &+ count
  }

  /// Forgets the job's body, when all of its pieces are done.
  func finish() {
    helpedBefore.store(helped.pointee.load(ordering: .relaxed), ordering: .relaxed)
    job.pointee.body = nil
  }
}

/// A job as its caller writes it down: the number is odd meanwhile, so that whoever reads can tell.
private struct Job: ~Copyable {
  let number = Atomic<UInt32>(0)
  let pieces = Atomic<Int>(0)
  let threads = Atomic<Int>(0)
  var body: ((Int) -> Void)?
}

private struct Claim {
  let job: UInt32
  let count: Int

  init(job: UInt32, count: Int) {
    self.job = job
    self.count = count
  }

  init(bits: UInt64) {
    job = UInt32(truncatingIfNeeded: bits >> 32)
    count = Int(UInt32(truncatingIfNeeded: bits))
  }

  var bits: UInt64 { UInt64(job) << 32 | UInt64(UInt32(truncatingIfNeeded: count)) }
}
