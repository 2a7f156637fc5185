import AdjointKernels
import Foundation
import Testing

#if arch(x86_64) && os(Linux)
  /// Precise enough to measure the errors of float64 to hundredths of an ulp.
  typealias Reference = Float80
#else
  /// Adds its own error, of up to an ulp, to those of float64.
  typealias Reference = Double
#endif

@Suite struct MathTests {
  @Test func functionsOfFloat32AreWithinTheirBounds() async {
    await #expect(processExitsWith: .success) { expectBounds(Float.self) }
  }

  @Test func functionsOfFloat64AreWithinTheirBounds() async {
    await #expect(processExitsWith: .success) { expectBounds(Double.self) }
  }

  @Test func powersAndAnglesOfFloat32AreWithinTheirBounds() async {
    await #expect(processExitsWith: .success) { expectBoundsOfTwo(Float.self) }
  }

  @Test func powersAndAnglesOfFloat64AreWithinTheirBounds() async {
    await #expect(processExitsWith: .success) { expectBoundsOfTwo(Double.self) }
  }

  @Test func limitsAndSignsAreThoseOfC() async {
    await #expect(processExitsWith: .success) {
      expectLimits(Float.self)
      expectLimits(Double.self)
    }
  }

  @Test func limitsAndSignsOfTwoInputsAreThoseOfC() async {
    await #expect(processExitsWith: .success) {
      expectLimitsOfTwo(Float.self)
      expectLimitsOfTwo(Double.self)
    }
  }
}

/// A function, the ranges in which it is measured and its greatest error in ulp, in tables that fuse.
private struct Measured: Sendable {
  let operation: UnaryOperation
  let bound: Double
  let ranges: [ClosedRange<Double>]
  let reference: @Sendable (Reference) -> Reference

  init(
    _ operation: UnaryOperation, within bound: Double, _ ranges: [ClosedRange<Double>],
    _ reference: @escaping @Sendable (Reference) -> Reference
  ) {
    (self.operation, self.bound, self.ranges, self.reference) = (operation, bound, ranges, reference)
  }

  static let all = [
    Measured(.exp, within: 1.1, [-1...1, -103...88.7, -745...709.7]) { exp($0) },
    Measured(.expm1, within: 2, [-1.5...1.5, -40...88, -1e-3...1e-3]) { expm1($0) },
    Measured(.log, within: 1, [0.5...2, 0...1e-3, 0...1e30, 0...1e-40]) { log($0) },
    Measured(.log1p, within: 1, [-0.9999...3, -1e-3...1e-3, 0...1e30]) { log1p($0) },
    Measured(.sin, within: 1, [-10...10, -1e5...1e5, -1e9...1e9, -1e30...1e30]) { sin($0) },
    Measured(.cos, within: 1, [-10...10, -1e5...1e5, -1e9...1e9, -1e30...1e30]) { cos($0) },
    Measured(.tan, within: 1.1, [-10...10, -1e5...1e5, -1e30...1e30]) { tan($0) },
    Measured(.sinh, within: 2, [-3...3, -89...89, -710...710]) { sinh($0) },
    Measured(.cosh, within: 2, [-3...3, -89...89, -710...710]) { cosh($0) },
    Measured(.tanh, within: 2, [-2...2, -20...20, -1e-3...1e-3]) { tanh($0) },
    Measured(.asin, within: 2.5, [-1...1, -1e-3...1e-3]) { asin($0) },
    Measured(.acos, within: 2.5, [-1...1, 0.999...1]) { acos($0) },
    Measured(.atan, within: 2, [-3...3, -1e5...1e5, -1e-3...1e-3]) { atan($0) },
    Measured(.erf, within: 1.1, [-1.5...1.5, -6...6, -1e-3...1e-3]) { erf($0) },
    Measured(.cube, within: 2, [-3...3, -1e12...1e12, -1e-13...1e-13]) { $0 * $0 * $0 },
    Measured(.inverseSquare, within: 2, [-3...3, -1e18...1e18, -1e-18...1e-18]) { 1 / ($0 * $0) },
    Measured(.powerHalf, within: 1, [0...3, 0...1e30, 0...1e-40]) { $0.squareRoot() },
    Measured(.powerMinusHalf, within: 2, [0...3, 0...1e30, 0...1e-40]) { 1 / $0.squareRoot() },
    Measured(.sigmoid, within: 2.5, [-80...40]) { 1 / (1 + exp(-$0)) },
    Measured(.softplus, within: 2, [-80...40]) { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) },
  ]
}

/// Even steps through a range, with values of all low bits.
private func samples<Real: TestedReal>(_ range: ClosedRange<Double>, count: Int, of type: Real.Type) -> [Real]
{
  (0..<count).map {
    Real(range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1))
  }
}

/// The distance from a value to the true one, in units of the last place that the type has there.
private func ulps<Real: TestedReal>(_ value: Real, _ truth: Reference) -> Double {
  if truth.magnitude > Reference(Real.greatestFiniteMagnitude) { return value.isInfinite ? 0 : .infinity }
  let exponent = truth == 0 ? Reference.Exponent.min : truth.exponent
  let smallest = Reference.Exponent(Real.leastNormalMagnitude.exponent)
  let ulp = Reference(
    sign: .plus, exponent: max(exponent, smallest) - Reference.Exponent(Real.significandBitCount),
    significand: 1)
  return Double((Reference(value) - truth).magnitude / ulp)
}

/// What the portable table, which rounds products, and a reference in float64 may add.
private func allowance<Real: TestedReal>(_ type: Real.Type) -> Double {
  (KernelTable.fusesMultiplyAdd ? 0.05 : 0.5) + (Real.self == Reference.self ? 1 : 0)
}

private func expectBounds<Real: TestedReal & BitwiseComparable>(_ type: Real.Type) {
  let count = 2_001
  inEveryTable { place in
    Measured.all.flatMap { function in
      function.ranges.map { range in
        let x = samples(range, count: count, of: type)
        let output = Buffer(byteCount: count * type.elementType.byteCount)
        Elementwise.unary(
          function.operation, Region(of: x), into: output, count: count, type: type.elementType)
        let values = output.array(of: type, count: count)
        let errors = zip(x, values).map { ulps($1, function.reference(Reference($0))) }
        let (index, worst) = errors.enumerated().max { $0.1 < $1.1 }!
        #expect(
          worst <= function.bound + allowance(type),
          "\(function.operation)(\(x[index])) is \(values[index]) in \(place): \(worst) ulp")
        return values
      }
    }
  }
}

private func expectBoundsOfTwo<Real: TestedReal & BitwiseComparable>(_ type: Real.Type) {
  let count = 3_001
  let exponents: ClosedRange<Double> = type == Float.self ? -85...85 : -700...700
  // Powers over the whole range of results, from bases near 1, small and large.
  let bases = samples(-1...1, count: count, of: Double.self).map {
    Real(exp($0 * $0 * $0 * exponents.upperBound))
  }
  let powers = zip(bases, 0...).map { base, index in
    Real(Double(index * 7_919 % count) / Double(count) * 2 - 1) * Real(exponents.upperBound)
      / max(abs(Real(log(Double(base)))), 0.001)
  }
  let sides = samples(-3...3, count: count, of: type)
  let heights = (0..<count).map { sides[$0 * 7_919 % count] * Real(exp(Double($0 % 60 - 30))) }
  inEveryTable { place in
    [
      expectTwo(.power, bases, powers, within: 2, place) { pow($0, $1) },
      expectTwo(.power, sides.map(abs), samples(-20...20, count: count, of: type), within: 2, place) {
        pow($0, $1)
      },
      expectTwo(.atan2, heights, sides, within: 2.5, place) { atan2($0, $1) },
    ]
  }
}

private func expectTwo<Real: TestedReal>(
  _ operation: BinaryOperation, _ x: [Real], _ y: [Real], within bound: Double, _ place: KernelPlace,
  _ reference: (Reference, Reference) -> Reference
) -> [Real] {
  let output = Buffer(byteCount: x.count * Real.elementType.byteCount)
  Elementwise.binary(
    operation, Region(of: x), Region(of: y), into: output, count: x.count, type: Real.elementType)
  let values = output.array(of: Real.self, count: x.count)
  let errors = zip(zip(x, y), values).map { ulps($1, reference(Reference($0.0), Reference($0.1))) }
  let (index, worst) = errors.enumerated().max { $0.1 < $1.1 }!
  #expect(
    worst <= bound + allowance(Real.self),
    "\(operation)(\(x[index]), \(y[index])) is \(values[index]) in \(place): \(worst) ulp")
  return values
}

private let limits: [Double] = [
  0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 2.5, -2.5, 1e30, -1e30, 1e-40, -1e-40, 0x1p-1030, -0x1p-1030,
  .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1e300,
  .infinity,
  -.infinity, .nan, 9_007_199_254_740_991, -9_007_199_254_740_991, 1e-20, -1e-20, 800, -800,
]

/// Equal with the sign of zeros, both NaN, or within 3 ulp.
private func agree<Real: TestedReal>(_ value: Real, _ truth: Double) -> Bool {
  if value.isNaN || truth.isNaN { return value.isNaN && truth.isNaN }
  if Real(truth) == value { return value != 0 || (value.sign == truth.sign) }
  return ulps(value, Reference(truth)) <= 3
}

private func expectLimits<Real: TestedReal & BitwiseComparable>(_ type: Real.Type) {
  let functions: [(UnaryOperation, (Double) -> Double)] = [
    (.exp, exp), (.expm1, expm1), (.log, log), (.log1p, log1p), (.sin, sin), (.cos, cos), (.tan, tan),
    (.sinh, sinh), (.cosh, cosh), (.tanh, tanh), (.asin, asin), (.acos, acos), (.atan, atan), (.erf, erf),
    (.cube, { pow($0, 3) }), (.inverseSquare, { pow($0, -2) }), (.powerHalf, { pow($0, 0.5) }),
    (.powerMinusHalf, { pow($0, -0.5) }),
  ]
  let x = limits.map { Real($0) }
  inEveryTable { place in
    functions.map { operation, reference in
      let output = Buffer(byteCount: x.count * type.elementType.byteCount)
      Elementwise.unary(operation, Region(of: x), into: output, count: x.count, type: type.elementType)
      let values = output.array(of: type, count: x.count)
      for (x, value) in zip(x, values) {
        #expect(agree(value, reference(Double(x))), "\(operation)(\(x)) is \(value) in \(place)")
      }
      return values
    }
  }
}

private func expectLimitsOfTwo<Real: TestedReal & BitwiseComparable>(_ type: Real.Type) {
  let functions: [(BinaryOperation, (Double, Double) -> Double)] = [(.power, pow), (.atan2, atan2)]
  let x = limits.flatMap { first in limits.map { _ in Real(first) } }
  let y = limits.flatMap { _ in limits.map { Real($0) } }
  inEveryTable { place in
    functions.map { operation, reference in
      let output = Buffer(byteCount: x.count * type.elementType.byteCount)
      Elementwise.binary(
        operation, Region(of: x), Region(of: y), into: output, count: x.count, type: type.elementType)
      let values = output.array(of: type, count: x.count)
      for (index, value) in values.enumerated() {
        let truth = reference(Double(x[index]), Double(y[index]))
        #expect(agree(value, truth), "\(operation)(\(x[index]), \(y[index])) is \(value) in \(place)")
      }
      return values
    }
  }
}
