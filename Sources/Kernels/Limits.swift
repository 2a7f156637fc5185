import CAdjointKernels

/// What this processor can do at most, to compare kernels with.
package enum Limits {
  /// Rounds of multiply-adds in registers, on every thread; returns how many additions and multiplications.
  package static func multiplyAdds(rounds: Int) -> Double {
    let threads = ThreadPool.shared.threadCount
    let operations = Buffer(byteCount: threads * MemoryLayout<Double>.stride)
    defer { withExtendedLifetime(operations) {} }
    let counts = operations.pointer.assumingMemoryBound(to: Double.self)
    let kernel = KernelTable.current.limits.multiply_add!
    ThreadPool.shared.run(pieces: threads) { thread in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) {
        counts[thread] = kernel(rounds, $0.baseAddress!)
      }
    }
    return (0..<threads).reduce(0) { $0 + counts[$1] }
  }
}
