import AdjointAutodiff

/// Random numbers one at a time, the same on every machine: Philox 4×32-10 under the key of a seed and a name.
///
/// - Source: Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, 2011,
///   doi:10.1145/2063384.2063405.
struct Philox {
  private let key: UInt64
  private let sequence: UInt64
  private var block: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var unused = 0

  /// - Parameter sequence: Which of the key's sequences, so that each image and each epoch can have its own.
  init(seed: UInt64, name: String, sequence: Int) {
    key = RandomStream(seed: seed, name: name).state.key
    self.sequence = UInt64(sequence)
  }

  mutating func next() -> UInt32 {
    if unused == 0 {
      words = Self.block(key: key, low: block, high: sequence)
      block += 1
      unused = 4
    }
    unused -= 1
    return words[3 - unused]
  }

  /// A number below `bound`, each with the same probability but for one part in 2⁶⁴ / `bound`.
  mutating func integer(below bound: Int) -> Int {
    let word = UInt64(next()) << 32 | UInt64(next())
    return Int(UInt64(bound).multipliedFullWidth(by: word).high)
  }

  /// A number of a range, in steps of the 2³²nd part of it.
  mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * (Double(next()) * 0x1p-32)
  }

  /// Four words of random bits for a counter of 128 bits.
  static func block(key: UInt64, low: UInt64, high: UInt64) -> SIMD4<UInt32> {
    var (c0, c1) = (UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: low >> 32))
    var (c2, c3) = (UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: high >> 32))
    var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let first = c0.multipliedFullWidth(by: 0xd251_1f53)
      let second = c2.multipliedFullWidth(by: 0xcd9e_8d57)
      (c0, c1, c2, c3) = (second.high ^ c1 ^ k0, second.low, first.high ^ c3 ^ k1, first.low)
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return [c0, c1, c2, c3]
  }
}
