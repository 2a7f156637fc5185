import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The blocks that wait for the threads that share a shelf, and what is counted of them.
final class BufferShelf: Sendable {
  /// Memory that nobody uses, so that any thread may.
  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private struct State: ~Copyable {
    var statistics = BufferPool.Statistics()
    var free = [[Block]](repeating: [], count: 256)
    var limit: Int
  }

  #if os(Linux)
    /// A processor finds the places of pages in tables that hold some thousands, and pages of this size count for 512
    /// of the usual ones: passes over much memory take up to an eighth less time.
    private static let largePage = 1 << 21
    /// The smallest block in large pages: a part of a page would be taken from the system as a whole.
    private static let leastInLargePages = 2 * largePage
  #else
    private static let largePage = BufferPool.alignment
    private static let leastInLargePages = Int.max
  #endif

  private let state: Mutex<State>

  init(limit: Int) { state = Mutex(State(limit: limit)) }

  var statistics: BufferPool.Statistics { state.withLock { $0.statistics } }

  /// Blocks that would wait beside as many bytes go back to the system as they are freed. A limit below what waits
  /// gives all of that back.
  var limit: Int {
    get { state.withLock { $0.limit } }
    set {
      state.withLock { $0.limit = newValue }
      if statistics.bytesCached > newValue { trim() }
    }
  }

  func resetPeak() {
    state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
  }

  /// Returns all waiting blocks to the system.
  func trim() {
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
    let waiting: Block? = state.withLock { state in
      state.statistics.bytesInUse += bytes
      state.statistics.peakBytesInUse = max(state.statistics.peakBytesInUse, state.statistics.bytesInUse)
      if let block = state.free[sizeClass.index].popLast() {
        state.statistics.bytesCached -= bytes
        return block
      }
      state.statistics.systemAllocations += 1
      return nil
    }
    if let waiting { return waiting.pointer }
    return Self.systemMemory(byteCount: bytes)
  }

  private static func systemMemory(byteCount: Int) -> UnsafeMutableRawPointer {
    let isLarge = byteCount >= leastInLargePages
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, isLarge ? largePage : BufferPool.alignment, byteCount) == 0, let pointer
    else {
      trap(
        "tensor", "out of memory", given: "a request of \(byteCount) bytes",
        expected: "the system to have them")
    }
    #if os(Linux)
      // A wish: where it is not granted, the memory is as good as any.
      if isLarge { madvise(pointer, byteCount, MADV_HUGEPAGE) }
    #endif
    return pointer
  }

  func give(_ pointer: UnsafeMutableRawPointer, sizeClass: SizeClass) {
    let bytes = sizeClass.byteCount
    let block = Block(pointer: pointer)
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
