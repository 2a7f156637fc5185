import AdjointKernels
import Testing

/// What a kernel computed, and what a plain loop in double precision says it should be.
struct KernelCase {
  let name: String
  let values: [Double]
  let expected: [Double]
  /// Relative to the expected value, or to 1 where that is smaller.
  let tolerance: Double

  init(_ name: String, _ values: [Double], _ expected: [Double], tolerance: Double = 0) {
    self.name = name
    self.values = values
    self.expected = expected
    self.tolerance = tolerance
  }

  func check(_ place: KernelPlace) {
    #expect(values.count == expected.count, "\(name), \(place)")
    for (index, (value, wanted)) in zip(values, expected).enumerated() {
      let isClose = abs(value - wanted) <= tolerance * max(1, abs(wanted))
      guard value == wanted || isClose || (value.isNaN && wanted.isNaN) else {
        Issue.record("\(name)[\(index)], \(place): \(value) is not \(wanted)")
        return
      }
    }
  }
}

/// Computes the cases in every kernel table and with 1, 2 and 3 threads, checks them, and expects the same
/// bits of all tables that fuse multiply-adds. Changes the process: for exit tests only.
func expectInEveryTable(_ compute: () -> [KernelCase]) {
  inEveryTable { place in
    let cases = compute()
    if place.threads == 1 { for one in cases { one.check(place) } }
    return cases
  } compare: { cases, expected, place in
    #expect(cases.map(\.name) == expected.map(\.name), "other cases in \(place)")
    for (one, other) in zip(cases, expected) {
      let isSame = one.values.hasBytes(of: other.values)
      #expect(isSame, "\(one.name), \(place): other bits")
    }
  }
}

/// Numbers that look random and are the same everywhere.
struct Samples {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A float32 value in -1 ..< 1.
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 41) / Double(1 << 22) - 1
  }

  mutating func integer(below bound: Int) -> Int { min(bound - 1, Int((next() + 1) / 2 * Double(bound))) }

  static func reals(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var samples = Samples(seed: seed)
    return (0..<count).map { _ in samples.next() }
  }

  static func integers(_ count: Int, below bound: Int, seed: UInt64 = 1) -> [Double] {
    var samples = Samples(seed: seed)
    return (0..<count).map { _ in Double(samples.integer(below: bound)) }
  }
}
