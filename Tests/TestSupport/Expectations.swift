import AdjointData
import Testing

/// Expects a `DataError` about `problem`.
public func expectProblem<Result>(
  _ problem: String, file: String? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Result
) {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { _ = try body() }
  guard let error else { return }
  #expect(error.problem == problem, sourceLocation: sourceLocation)
  if let file { #expect(error.file == file, sourceLocation: sourceLocation) }
}

/// Random numbers from a seed (S. Vigna's SplitMix64), so that a failure can be repeated.
public struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// A generator of its own for each seed.
  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
