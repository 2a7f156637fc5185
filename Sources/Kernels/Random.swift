import CAdjointKernels

/// Random numbers that are a function of a key and a counter: element i of a draw depends on the key and on
/// `counter + i / 4` or `counter + i / 2` only, so neither pieces nor threads nor the machine change it. (Normal
/// numbers may differ in their last bits on machines without fused multiply-add.)
///
/// A draw of n elements, of any kind, consumes `counterCount(n)` counters: the next one from the same key starts
/// that much further on.
package enum Random {
  private static let pieceLength = 1 << 14

  /// How many counters a draw consumes.
  package static func counterCount(_ count: Int) -> UInt64 { UInt64(count + 1) / 2 }

  /// Words of random bits, four of each of 16 counters. The generator's counter has 128 bits, of which the stream is
  /// the upper half; it is 0 in all other draws.
  package static func words(key: UInt64, counter: UInt64, stream: UInt64) -> SIMD64<UInt32> {
    var words = SIMD64<UInt32>()
    withUnsafeMutableBytes(of: &words) {
      KernelTable.current.random.words(
        $0.baseAddress!.assumingMemoryBound(to: UInt32.self), key, counter, stream)
    }
    return words
  }

  /// Uniform in [low, high), where low < high: 24 random bits for float32, 53 for float64.
  package static func uniform(
    into output: Buffer, count: Int, type: ElementType, low: Double, high: Double, key: UInt64,
    counter: UInt64
  ) {
    let kernel = type.kernel(of: KernelTable.current.random.uniform)
    let perCounter = type == .float32 ? 4 : 2
    forEachPiece(of: count, length: pieceLength) { start, length in
      kernel(
        output.pointer + start * type.byteCount, length, low, high, key, counter &+ UInt64(start / perCounter)
      )
    }
  }

  /// Normal numbers; each even element and the next come from one pair of uniform ones.
  package static func normal(
    into output: Buffer, count: Int, type: ElementType, mean: Double, standardDeviation: Double, key: UInt64,
    counter: UInt64
  ) {
    let kernel = type.kernel(of: KernelTable.current.random.normal)
    let perCounter = type == .float32 ? 4 : 2
    forEachPiece(of: count, length: pieceLength) { start, length in
      kernel(
        output.pointer + start * type.byteCount, length, mean, standardDeviation, key,
        counter &+ UInt64(start / perCounter))
    }
  }

  /// Bools that are true with the given probability.
  package static func bernoulli(
    into output: Buffer, count: Int, probability: Double, key: UInt64, counter: UInt64
  ) {
    let kernel = KernelTable.current.random.bernoulli!
    forEachPiece(of: count, length: pieceLength) { start, length in
      kernel(
        (output.pointer + start).assumingMemoryBound(to: UInt8.self), length, probability, key,
        counter &+ UInt64(start / 4))
    }
  }

  /// Keeps each element with the given probability, scaled by its inverse, and writes 0 for the others.
  ///
  /// The marks say which ones, as `bernoulli` would. The output may be the input's memory.
  package static func dropout(
    _ x: Region, into output: Buffer, marks: Marks, type: ElementType, keepProbability: Double, key: UInt64,
    counter: UInt64
  ) {
    let kernel = type.kernel(of: KernelTable.current.random.dropout)
    let size = type.byteCount
    forEachPiece(of: marks.count, length: pieceLength) { start, length in
      kernel(
        output.pointer + start * size, marks.pointer(from: start), x.pointer + start * size, length,
        keepProbability, key, counter &+ UInt64(start / 4))
    }
  }
}
