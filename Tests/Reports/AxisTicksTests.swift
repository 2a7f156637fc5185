import Testing

@testable import AdjointReports

@Suite struct AxisTicksTests {
  @Test(arguments: [
    (0.0...1.0, 5, false, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.03...0.97, 5, false, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.913...0.991, 5, false, ["0.90", "0.92", "0.94", "0.96", "0.98", "1.00"]),
    (-2.5...2.0, 5, false, ["−3", "−2", "−1", "0", "1", "2"]),
    (1.0...3.0, 8, true, ["1", "2", "3"]),
    (1.0...3.0, 4, false, ["1.0", "1.5", "2.0", "2.5", "3.0"]),
    (1.0...60.0, 8, true, ["0", "10", "20", "30", "40", "50", "60"]),
    (0...46900, 8, true, ["0", "10000", "20000", "30000", "40000", "50000"]),
    (0...0.000_004, 4, false, ["0.000000", "1e-06", "2e-06", "3e-06", "4e-06"]),
    (-1...1e16, 2, false, ["−5000000000000000", "0", "5000000000000000", "10000000000000000"]),
  ])
  func ticksAreRound(range: ClosedRange<Double>, count: Int, isWhole: Bool, texts: [String]) {
    #expect(AxisTicks(enclosing: range, count: count, isWhole: isWhole).labels.map(\.text) == texts)
  }

  @Test func ticksEncloseTheRange() {
    for exponent in -18...18 {
      let scale = Double(sign: .plus, exponent: 3 * exponent, significand: 1)
      for range in [-1.7 * scale...2.3 * scale, 0.99 * scale...1.01 * scale, 0...scale] {
        let ticks = AxisTicks(enclosing: range, count: 5)
        #expect(ticks.range.lowerBound <= range.lowerBound)
        #expect(ticks.range.upperBound >= range.upperBound)
        #expect((3...8).contains(ticks.labels.count))
      }
    }
  }
}
