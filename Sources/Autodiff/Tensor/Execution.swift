import AdjointKernels

/// How this process computes: threads, kernels and memory.
public enum Execution {
  /// What the process's tensors, and the kernels at work, take of memory, in bytes; without tensors of up to
  /// 512 bytes, which lie in Swift's own heap.
  public struct MemoryUse: Sendable, Hashable {
    /// In live tensors.
    public let inUse: Int
    /// Kept for the next tensors.
    public let cached: Int
    /// The most that was ever in use at once, and each thread's scratch memory when it was the most.
    public let peak: Int
  }

  /// The number of threads that share the work, the calling one included. Results do not depend on it.
  ///
  /// At first it is that of the processor's cores, or what the environment variable `ADJOINT_THREADS` says.
  ///
  /// - Traps: where it is set below 1.
  public static var threadCount: Int {
    get { ThreadPool.shared.threadCount }
    set {
      require(
        newValue >= 1, "threadCount", "there must be a thread", given: "\(newValue)", expected: "1 or more")
      ThreadPool.shared.threadCount = newValue
    }
  }

  /// The instruction set that kernels are compiled for: "avx512", "avx2", "neon" or "portable".
  ///
  /// It is the best that the processor has, or the one that the environment variable `ADJOINT_SIMD` names.
  public static var instructionSet: String { KernelTable.name }

  /// What tensors take of memory now.
  public static var memoryUse: MemoryUse {
    let statistics = BufferPool.shared.statistics
    return MemoryUse(
      inUse: statistics.bytesInUse, cached: statistics.bytesCached, peak: statistics.peakBytesInUse)
  }

  /// The most bytes that are kept for the next tensors; half of the machine's memory at first. Each thread of the pool
  /// keeps up to a 64th of it besides for the scratch memory of kernels. A limit below what is kept gives all of it back
  /// to the system.
  ///
  /// - Traps: where it is set below 0.
  public static var cacheLimit: Int {
    get { BufferPool.shared.cacheLimit }
    set {
      require(
        newValue >= 0, "cacheLimit", "the number of bytes is negative", given: "\(newValue)",
        expected: "0 or more")
      BufferPool.shared.cacheLimit = newValue
    }
  }

  /// Returns all memory that is kept for the next tensors to the system.
  public static func releaseCachedMemory() { BufferPool.shared.trim() }
}
