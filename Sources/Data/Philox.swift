import AdjointAutodiff
import AdjointKernels

/// Random numbers one at a time, the same on every machine: Philox 4×32-10 under the key of a seed and a name.
struct Philox {
  private let key: UInt64
  private let sequence: UInt64
  private var counter: UInt64 = 0
  private var words = SIMD64<UInt32>()
  private var unused = 0

  /// - Parameter sequence: Which of the key's sequences, so that each image and each epoch can have its own.
  init(seed: UInt64, name: String, sequence: Int) {
    key = RandomStream(seed: seed, name: name).state.key
    self.sequence = UInt64(sequence)
  }

  mutating func next() -> UInt32 {
    if unused == 0 {
      words = Random.words(key: key, counter: counter, stream: sequence)
      counter += 16
      unused = 64
    }
    unused -= 1
    return words[63 - unused]
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
}
