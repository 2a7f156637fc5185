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
package final class BufferPool: Sendable {
  package static let shared = BufferPool()

  package static let alignment = 64

  /// What the pool has done since the process began, in bytes and calls.
  package struct Statistics: Sendable, Equatable {
    /// Blocks taken from the system.
    package var systemAllocations = 0
    /// Bytes in blocks that hold a live buffer.
    package var bytesInUse = 0
    /// Bytes in blocks that wait for their next buffer.
    package var bytesCached = 0
    /// The largest `bytesInUse` so far, since the last `resetPeak()`.
    package var peakBytesInUse = 0
  }

  private struct State: ~Copyable {
    var statistics = Statistics()
    var free = [[Block]](repeating: [], count: 256)
    /// Cached bytes above this go back to the system: half of the machine's memory at first.
    var limit = Int(sysconf(Int32(_SC_PHYS_PAGES))) / 2 * Int(sysconf(Int32(_SC_PAGESIZE)))

    /// A waiting block, if there is one: best one that the calling thread freed lately, whose memory is in the
    /// caches of its core, and not in those of another one.
    mutating func takeBlock(index: Int) -> Block? {
      let thread = pthread_self()
      let own = free[index].suffix(8).lastIndex { pthread_equal($0.freedBy, thread) != 0 }
      return own.map { free[index].remove(at: $0) } ?? free[index].popLast()
    }
  }

  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let freedBy: pthread_t
  }

  private let state = Mutex(State())

  private init() {}

  package var statistics: Statistics { state.withLock { $0.statistics } }

  /// The most bytes that may wait in the pool; what is above goes back to the system as it is freed.
  package var cacheLimit: Int {
    get { state.withLock { $0.limit } }
    set {
      state.withLock { $0.limit = newValue }
      if statistics.bytesCached > newValue { trim() }
    }
  }

  package func resetPeak() {
    state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
  }

  /// Returns all waiting blocks to the system.
  package func trim() {
    state.withLock { state in
      for index in state.free.indices {
        for block in state.free[index] { free(block.pointer) }
        state.free[index].removeAll()
      }
      state.statistics.bytesCached = 0
    }
  }

  func take(sizeClass: SizeClass) -> UnsafeMutableRawPointer {
    let bytes = sizeClass.byteCount
    let cached: Block? = state.withLock { state in
      state.statistics.bytesInUse += bytes
      state.statistics.peakBytesInUse = max(state.statistics.peakBytesInUse, state.statistics.bytesInUse)
      if let block = state.takeBlock(index: sizeClass.index) {
        state.statistics.bytesCached -= bytes
        return block
      }
      state.statistics.systemAllocations += 1
      return nil
    }
    if let cached { return cached.pointer }
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, Self.alignment, bytes) == 0, let pointer else {
      fatalError("tensor: out of memory; given a request of \(bytes) bytes; expected the system to have them")
    }
    return pointer
  }

  func give(_ pointer: UnsafeMutableRawPointer, sizeClass: SizeClass) {
    let bytes = sizeClass.byteCount
    let block = Block(pointer: pointer, freedBy: pthread_self())
    let isKept = state.withLock { state in
      state.statistics.bytesInUse -= bytes
      guard state.statistics.bytesCached + bytes <= state.limit else { return false }
      state.statistics.bytesCached += bytes
      state.free[sizeClass.index].append(block)
      return true
    }
    if !isKept { free(pointer) }
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
