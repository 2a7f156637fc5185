import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps freed memory for the next buffer of the same size class, so that a program that repeats itself
/// takes nothing from the system after its first round.
///
/// Classes are four to each power of two, so at most a fifth of a block is unused.
///
/// Each worker of the thread pool has a shelf of its own, for its scratch memory: where two cores have no cache in
/// common, the lines of a shelf that both use go to and fro for longer than a small piece of work takes. All other
/// threads share one, since a tensor is often freed by another thread than made it.
package final class BufferPool: Sendable {
  package static let shared = BufferPool()

  package static let alignment = 64

  /// A worker's scratch memory may be this part of what may wait for tensors.
  private static let workersPart = 64

  /// What the pool has done since the process began, in bytes and calls.
  package struct Statistics: Sendable, Equatable {
    /// Blocks taken from the system.
    package var systemAllocations = 0
    /// Bytes in blocks that hold a live buffer.
    package var bytesInUse = 0
    /// Bytes in blocks that wait for their next buffer.
    package var bytesCached = 0
    /// The largest `bytesInUse` so far, since the last `resetPeak()`: of each shelf, as if at the same time.
    package var peakBytesInUse = 0
  }

  private let common: BufferShelf
  private let ofWorkers = Mutex<[BufferShelf]>([])
  private let ofThread: ThreadLocal<BufferShelf>

  private init() {
    let halfOfMemory = Int(sysconf(Int32(_SC_PHYS_PAGES))) / 2 * Int(sysconf(Int32(_SC_PAGESIZE)))
    let common = BufferShelf(limit: halfOfMemory)
    self.common = common
    ofThread = ThreadLocal { common }
  }

  /// Gives the calling thread, which lives as long as the process, a shelf of its own.
  func openShelf() {
    let shelf = BufferShelf(limit: cacheLimit / Self.workersPart)
    ofWorkers.withLock { $0.append(shelf) }
    ofThread.set(shelf)
  }

  private var shelves: [BufferShelf] { [common] + ofWorkers.withLock { $0 } }

  package var statistics: Statistics {
    shelves.map(\.statistics).reduce(into: Statistics()) { sum, shelf in
      sum.systemAllocations += shelf.systemAllocations
      sum.bytesInUse += shelf.bytesInUse
      sum.bytesCached += shelf.bytesCached
      sum.peakBytesInUse += shelf.peakBytesInUse
    }
  }

  /// The most bytes that may wait in the pool, half of the machine's memory at first, and for each worker a 64th of
  /// it; what is above goes back to the system as it is freed.
  package var cacheLimit: Int {
    get { common.limit }
    set {
      common.limit = newValue
      for shelf in ofWorkers.withLock({ $0 }) { shelf.limit = newValue / Self.workersPart }
    }
  }

  package func resetPeak() {
    for shelf in shelves { shelf.resetPeak() }
  }

  /// Returns all waiting blocks to the system.
  package func trim() {
    for shelf in shelves { shelf.trim() }
  }

  func take(sizeClass: SizeClass) -> UnsafeMutableRawPointer {
    ofThread.unretainedValue._withUnsafeGuaranteedRef { $0.take(sizeClass: sizeClass) }
  }

  func give(_ pointer: UnsafeMutableRawPointer, sizeClass: SizeClass) {
    ofThread.unretainedValue._withUnsafeGuaranteedRef { $0.give(pointer, sizeClass: sizeClass) }
  }
}

/// A block's size, rounded up to one of four steps in each power of two from 64 bytes.
struct SizeClass {
  let index: Int
  let byteCount: Int

  init(holding bytes: Int) {
    let last = max(bytes, BufferPool.alignment) - 1
    // 2^exponent <= last < 2^(exponent + 1)
    let exponent = Int.bitWidth - 1 - last.leadingZeroBitCount
    let step = max(BufferPool.alignment / 4, 1 << (exponent - 2))
    let steps = last / step + 1
    byteCount = (steps * step + BufferPool.alignment - 1) & ~(BufferPool.alignment - 1)
    index = exponent * 4 + (steps & 3)
  }
}
