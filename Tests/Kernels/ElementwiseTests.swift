import AdjointKernels
import Foundation
import Testing

@Suite struct ElementwiseTests {
  @Test func operationsOfOneRealHaveTheirValues() async {
    await #expect(processExitsWith: .success) {
      expectUnaryValues(Float.self, tolerance: 1e-6)
      expectUnaryValues(Double.self, tolerance: 1e-14)
    }
  }

  @Test func gradientsAreThoseOfTheirOperations() async {
    await #expect(processExitsWith: .success) { expectGradients() }
  }

  @Test func kinksTakeTheirConventions() {
    let kinks: [(BinaryOperation, [Double], [Double], (Double, Double))] = [
      (.reluGradient, [0, -0.0, .nan], [0, 0, 0], (0, 0)),
      (.relu6Gradient, [0, 6], [0, 0], (0, 0)),
      (.leakyReluGradient, [0], [0.2], (0.1, 0)),
      (.eluGradient, [0], [6], (3, 0)),
      (.hardSwishGradient, [-3, 3], [0, 2], (0, 0)),
      (.hardSigmoidGradient, [-3, 3], [0, 0], (0, 0)),
      (.hardTanhGradient, [-1, 1], [0, 0], (-1, 1)),
      (.clampGradient, [-1, 1], [2, 2], (-1, 1)),
      (.absoluteGradient, [0, -0.0], [0, 0], (0, 0)),
      (.sqrtGradient, [0, 4, .infinity], [.infinity, 0.25, 0], (0, 0)),
      (.huberGradient, [1.5, -1.5, .infinity], [3, -3, 3], (1.5, 0)),
    ]
    for (operation, x, expected, parameters) in kinks {
      let cotangent = Region(of: x.map { _ in 2.0 })
      let output = Buffer(byteCount: x.count * 8)
      Elementwise.binary(
        operation, Region(of: x), cotangent, into: output, count: x.count, type: .float64,
        parameters: parameters)
      let values = output.array(of: Double.self, count: x.count)
      #expect(
        zip(values, expected).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-15 }, "\(operation): \(values)")
    }
  }

  @Test func slopesFarBelowZeroVanish() {
    let gradients: [BinaryOperation] = [
      .eluGradient, .seluGradient, .geluGradient, .geluTanhGradient, .siluGradient, .mishGradient,
      .softplusGradient, .hardSwishGradient,
    ]
    let x = [-1e4, -1e20, -1e308]
    for operation in gradients {
      let output = Buffer(byteCount: x.count * 8)
      Elementwise.binary(
        operation, Region(of: x), Region(of: x.map { _ in 1.0 }), into: output, count: x.count,
        type: .float64, parameters: (1, 0))
      #expect(output.array(of: Double.self, count: x.count).allSatisfy { $0 == 0 }, "\(operation)")
    }
  }

  @Test func noCotangentPassesNothing() {
    let gradients = (BinaryOperation.multiplyGradient.rawValue...BinaryOperation.clampGradient.rawValue)
      .map { BinaryOperation(rawValue: $0)! }
    for operation in gradients {
      let x = [Double.nan, .infinity, -.infinity, 0, 1e308, -1e308]
      let output = Buffer(byteCount: x.count * 8)
      Elementwise.binary(
        operation, Region(of: x), Region(of: x.map { _ in 0.0 }), into: output, count: x.count,
        type: .float64, parameters: (1, 2))
      #expect(output.array(of: Double.self, count: x.count).allSatisfy { $0 == 0 }, "\(operation)")
    }
  }

  @Test func notANumberIsNotLost() {
    for operation in UnaryOperation.allCases where operation != .not {
      let output = Buffer(byteCount: 8)
      Elementwise.unary(
        operation, Region(of: [Double.nan]), into: output, count: 1, type: .float64, parameters: (1, 2))
      #expect(output.array(of: Double.self, count: 1)[0].isNaN, "\(operation)")
    }
    for operation in [BinaryOperation.maximum, .minimum] {
      for (x, y) in [(Double.nan, 1), (1, .nan)] {
        let output = Buffer(byteCount: 8)
        Elementwise.binary(
          operation, Region(of: [x]), Region(of: [y]), into: output, count: 1, type: .float64)
        #expect(output.array(of: Double.self, count: 1)[0].isNaN, "\(operation)(\(x), \(y))")
      }
    }
  }

  @Test func slopesCountAtAndBelowZero() {
    let x = [-2, -0.5, 0, 3, .infinity, -.infinity, .nan]
    let output = Buffer(byteCount: x.count * 8)
    Elementwise.binary(
      .prelu, Region(of: x), Region(of: [0.5, -1, 7, 9, -2, 2, 1]), into: output, count: x.count,
      type: .float64)
    let values = output.array(of: Double.self, count: x.count)
    #expect(values.dropLast() == [-1, 0.5, 0, 3, .infinity, -.infinity] && values[6].isNaN)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 33, 70_001])
  func everyElementIsComputedAndNoOther(count: Int) {
    let x = (0..<count).map { Float($0) }
    let output = Buffer(byteCount: (count + 1) * 4)
    Copy.fill(Region(output), count: count + 1, type: .float32, value: -7)
    Elementwise.unary(.square, Region(of: x), into: output, count: count, type: .float32)
    #expect(output.array(of: Float.self, count: count + 1) == x.map { $0 * $0 } + [-7])
    Elementwise.binary(.subtract, Region(output), 2, into: output, count: count, type: .float32)
    #expect(output.array(of: Float.self, count: count + 1) == x.map { $0 * $0 - 2 } + [-7])
    Elementwise.binary(.subtract, 2, Region(of: x), into: output, count: count, type: .float32)
    #expect(output.array(of: Float.self, count: count + 1) == x.map { 2 - $0 } + [-7])
  }

  @Test func integersWrapAndDivideTowardZero() {
    let x: [Int32] = [7, -7, 7, -7, .max, .min, .min, 5]
    let y: [Int32] = [2, 2, -2, -2, 1, 1, -1, 0]
    func values(_ operation: BinaryOperation) -> [Int32] {
      let output = Buffer(byteCount: x.count * 4)
      Elementwise.binary(operation, Region(of: x), Region(of: y), into: output, count: x.count, type: .int32)
      return output.array(of: Int32.self, count: x.count)
    }
    #expect(values(.divide) == [3, -3, -3, 3, .max, .min, .min, 0])
    #expect(values(.add) == zip(x, y).map { $0 &+ $1 })
    #expect(values(.subtract) == zip(x, y).map { $0 &- $1 })
    #expect(values(.multiply) == zip(x, y).map { $0 &* $1 })
    #expect(values(.maximum) == zip(x, y).map { max($0, $1) })
    #expect(values(.minimum) == zip(x, y).map { min($0, $1) })
    let bytes: [UInt8] = [200, 3, 255, 0]
    let output = Buffer(byteCount: 4)
    Elementwise.binary(.add, Region(of: bytes), 100, into: output, count: 4, type: .uint8)
    #expect(output.array(of: UInt8.self, count: 4) == [44, 103, 99, 100])
    Elementwise.binary(.divide, Region(of: bytes), 255, into: output, count: 4, type: .uint8)
    #expect(output.array(of: UInt8.self, count: 4) == [0, 0, 1, 0])
  }

  @Test func integersHaveSigns() {
    let x: [Int64] = [5, -5, 0, .min, .max]
    func values(_ operation: UnaryOperation) -> [Int64] {
      let output = Buffer(byteCount: x.count * 8)
      Elementwise.unary(operation, Region(of: x), into: output, count: x.count, type: .int64)
      return output.array(of: Int64.self, count: x.count)
    }
    #expect(values(.negate) == [-5, 5, 0, .min, -.max])
    #expect(values(.absolute) == [5, 5, 0, .min, .max])
    #expect(values(.sign) == [1, -1, 0, -1, 1])
    #expect(values(.square) == x.map { $0 &* $0 })
  }

  @Test func boolsFollowTheirTruthTables() {
    let (x, y): ([UInt8], [UInt8]) = ([0, 0, 1, 1], [0, 1, 0, 1])
    for (operation, expected) in [
      (BinaryOperation.and, [0, 0, 0, 1]), (.or, [0, 1, 1, 1]),
    ] as [(BinaryOperation, [UInt8])] {
      let output = Buffer(byteCount: 4)
      Elementwise.binary(operation, Region(of: x), Region(of: y), into: output, count: 4, type: .bool)
      #expect(output.array(of: UInt8.self, count: 4) == expected)
    }
    let output = Buffer(byteCount: 4)
    Elementwise.unary(.not, Region(of: x), into: output, count: 4, type: .bool)
    #expect(output.array(of: UInt8.self, count: 4) == [1, 1, 0, 0])
  }

  @Test func testsTellFiniteNumbersFromOthers() {
    let x: [Float] = [0, 1, -.infinity, .nan, .greatestFiniteMagnitude, .infinity]
    let output = Buffer(byteCount: x.count)
    Elementwise.isFinite(Region(of: x), into: output, count: x.count, type: .float32)
    #expect(output.array(of: UInt8.self, count: x.count) == [1, 1, 0, 0, 1, 0])
  }
}

/// An operation of one real and its value in float64.
private struct Defined: Sendable {
  let operation: UnaryOperation
  let parameters: (Double, Double)
  let value: @Sendable (Double) -> Double

  init(
    _ operation: UnaryOperation, _ parameters: (Double, Double) = (0, 0),
    _ value: @escaping @Sendable (Double) -> Double
  ) {
    (self.operation, self.parameters, self.value) = (operation, parameters, value)
  }

  static let all = [
    Defined(.negate) { -$0 }, Defined(.absolute) { abs($0) },
    Defined(.sign) { $0 == 0 ? 0 : $0 > 0 ? 1 : -1 },
    Defined(.square) { $0 * $0 }, Defined(.reciprocal) { 1 / $0 }, Defined(.sqrt) { $0.squareRoot() },
    Defined(.rsqrt) { 1 / $0.squareRoot() }, Defined(.floor) { $0.rounded(.down) },
    Defined(.ceil) { $0.rounded(.up) }, Defined(.round) { $0.rounded(.toNearestOrEven) },
    Defined(.powerScalar, (2, 0)) { $0 * $0 }, Defined(.powerScalar, (-1, 0)) { 1 / $0 },
    Defined(.powerScalar, (0.3, 0)) { pow($0, 0.3) }, Defined(.powerScalar, (3, 0)) { $0 * $0 * $0 },
    Defined(.powerScalar, (-2, 0)) { 1 / ($0 * $0) }, Defined(.powerScalar, (0.5, 0)) { pow($0, 0.5) },
    Defined(.powerScalar, (-0.5, 0)) { pow($0, -0.5) },
    Defined(.clamp, (-0.5, 2)) { min(max($0, -0.5), 2) }, Defined(.sigmoid) { 1 / (1 + exp(-$0)) },
    Defined(.logSigmoid) { $0 < 0 ? $0 - log1p(exp($0)) : -log1p(exp(-$0)) },
    Defined(.softplus) { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) }, Defined(.relu) { max($0, 0) },
    Defined(.relu6) { min(max($0, 0), 6) }, Defined(.leakyRelu, (0.1, 0)) { $0 > 0 ? $0 : 0.1 * $0 },
    Defined(.elu, (1.5, 0)) { $0 > 0 ? $0 : 1.5 * expm1($0) },
    Defined(.selu) {
      1.0507009873554804934193349852946 * ($0 > 0 ? $0 : 1.6732632423543772848170429916717 * expm1($0))
    },
    Defined(.gelu) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 },
    Defined(.geluTanh) { $0 / (1 + exp(-2 * (2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) },
    Defined(.silu) { $0 / (1 + exp(-$0)) },
    Defined(.mish) { $0 * tanh($0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0))) },
    Defined(.hardSwish) { $0 * min(max($0 / 6 + 0.5, 0), 1) },
    Defined(.hardSigmoid) { min(max($0 / 6 + 0.5, 0), 1) },
    Defined(.hardTanh, (-1, 1)) { min(max($0, -1), 1) },
    Defined(.softsign) { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0)) },
    Defined(.huber, (1.5, 0)) { abs($0) <= 1.5 ? $0 * $0 / 2 : 1.5 * (abs($0) - 0.75) },
  ]
}

private func expectUnaryValues<Real: TestedReal & BitwiseComparable>(_ type: Real.Type, tolerance: Double) {
  let x = (-200..<203).map { Real($0) * Real(0.0625) } + [30, -30, 90, -90, 1_000, -1_000, .infinity]
  inEveryTable { place in
    Defined.all.map { defined in
      let output = Buffer(byteCount: x.count * type.elementType.byteCount)
      Elementwise.unary(
        defined.operation, Region(of: x), into: output, count: x.count, type: type.elementType,
        parameters: defined.parameters)
      let values = output.array(of: type, count: x.count)
      for (x, value) in zip(x, values) {
        let expected = defined.value(Double(x))
        let isClose = abs(Double(value) - expected) <= tolerance * max(1, abs(expected))
        #expect(
          isClose || Double(value) == expected || (value.isNaN && expected.isNaN),
          "\(defined.operation)(\(x)) is \(value), not \(expected), in \(place)")
      }
      return values
    }
  }
}

/// Gradients against central differences of the operations' own values.
private func expectGradients() {
  let gradients: [(BinaryOperation, UnaryOperation, (Double, Double))] = [
    (.reluGradient, .relu, (0, 0)), (.relu6Gradient, .relu6, (0, 0)),
    (.leakyReluGradient, .leakyRelu, (0.1, 0)),
    (.eluGradient, .elu, (1.5, 0)), (.seluGradient, .selu, (0, 0)), (.geluGradient, .gelu, (0, 0)),
    (.geluTanhGradient, .geluTanh, (0, 0)), (.siluGradient, .silu, (0, 0)), (.mishGradient, .mish, (0, 0)),
    (.softplusGradient, .softplus, (0, 0)), (.logSigmoidGradient, .logSigmoid, (0, 0)),
    (.hardSwishGradient, .hardSwish, (0, 0)), (.hardSigmoidGradient, .hardSigmoid, (0, 0)),
    (.hardTanhGradient, .hardTanh, (-1, 1)), (.softsignGradient, .softsign, (0, 0)),
    (.sigmoidGradient, .sigmoid, (0, 0)), (.tanhGradient, .tanh, (0, 0)), (.clampGradient, .clamp, (-1, 1)),
    (.absoluteGradient, .absolute, (0, 0)), (.squareGradient, .square, (0, 0)),
    (.huberGradient, .huber, (1.5, 0)),
  ]
  let x = (-100..<100).map { Double($0) * 0.1 + 0.05 } + [-60, 60, -1_000, 1_000]
  let cotangent = x.indices.map { 1 + Double($0 % 7) / 4 }
  let step = 1e-5
  func value(_ operation: UnaryOperation, _ parameters: (Double, Double), at x: [Double]) -> [Double] {
    let output = Buffer(byteCount: x.count * 8)
    Elementwise.unary(
      operation, Region(of: x), into: output, count: x.count, type: .float64, parameters: parameters)
    return output.array(of: Double.self, count: x.count)
  }
  inEveryTable { place in
    gradients.map { gradient, operation, parameters in
      let above = value(operation, parameters, at: x.map { $0 + step })
      let below = value(operation, parameters, at: x.map { $0 - step })
      let takesOutput = gradient == .sigmoidGradient || gradient == .tanhGradient
      let input = takesOutput ? value(operation, parameters, at: x) : x
      let output = Buffer(byteCount: x.count * 8)
      Elementwise.binary(
        gradient, Region(of: input), Region(of: cotangent), into: output, count: x.count, type: .float64,
        parameters: parameters)
      let values = output.array(of: Double.self, count: x.count)
      for index in x.indices {
        let expected = cotangent[index] * (above[index] - below[index]) / (2 * step)
        #expect(
          abs(values[index] - expected) < 1e-8 * max(1, abs(x[index])),
          "\(gradient) at \(x[index]) in \(place)")
      }
      return values
    }
  }
}
