import AdjointAutodiff
import TestSupport
import Testing

@Suite struct PowersTests {
  static let shapes: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([3, 2, 4], [4]), ([3, 1, 4], [2, 1]), ([], [2, 3]), ([1], [1]),
  ]

  @Test(arguments: shapes)
  func powersOfTensorsHaveBothDerivatives(_ baseShape: Shape, _ exponentShape: Shape) {
    OperatorCase("raised", sample(baseShape, in: 0.3..<2), sample(exponentShape, seed: 2)) {
      $0.raised(to: $1)
    }.check()
  }

  @Test func powersOfZeroHaveFiniteGradients() {
    let base = Tensor([0, 0, 0, 2], dataType: .float64).withGradient()
    let exponent = Tensor([0, 1, 2.5, 0], dataType: .float64).withGradient()
    let power = base.raised(to: exponent)
    #expect(power.scalars(as: Double.self) == [1, 0, 0, 1])
    power.sum().backward()
    #expect(base.gradient!.scalars(as: Double.self) == [0, 1, 0, 0])
    #expect(
      exponent.gradient!.isClose(to: Tensor([0, 0, 0, 0.693_147_180_559_945_3], dataType: .float64)))
  }

  @Test func powersOfZeroAreConstantAnywhere() {
    let small = Float.leastNormalMagnitude / 128
    let base = Tensor([small, -small, .nan, .infinity, 3]).withGradient()
    let slopes = gradients(
      of: base.raised(to: Tensor.zeros([5])).sum(), withRespectTo: [base], createGraph: true)[0]
    #expect(slopes.scalars(as: Float.self) == [0, 0, 0, 0, 0])
  }

  @Test func smallExponentsMeetLargeCotangentsFirst() {
    let base = Tensor([1e-30, 1e-30]).withGradient()
    let exponents = Tensor([0, 1e-10])
    for isRecorded in [false, true] {
      func slopes(_ power: Tensor) -> Tensor {
        gradients(
          of: power, withRespectTo: [base], cotangent: Tensor([1e9, 1e9]), createGraph: isRecorded)[0]
      }
      #expect(slopes(base.raised(to: exponents)).isClose(to: Tensor([0, 1e29]), relativeTolerance: 1e-5))
      #expect(slopes(base.raised(to: 1e-10)).isClose(to: Tensor([1e29, 1e29]), relativeTolerance: 1e-5))
    }
  }

  /// The slope along the base changes with the exponent even where it is 0.
  @Test func powersOfZeroHaveMixedDerivatives() {
    OperatorCase("raised to 0", sample([3], in: 0.3..<2), .zeros([3], dataType: .float64)) {
      $0.raised(to: $1)
    }.check()
  }

  @Test func wholePowersOfNegativeNumbersHaveGradients() {
    let base = Tensor([-2, -0.5], dataType: .float64).withGradient()
    base.raised(to: Tensor([3, -1], dataType: .float64)).sum().backward()
    #expect(base.gradient!.isClose(to: Tensor([12, -4], dataType: .float64)))
  }

  @Test func constantPowersTakeNothingFromAnInfinity() {
    let x = Tensor(2.0).withGradient()
    for isRecorded in [false, true] {
      let slope = gradients(
        of: x.raised(to: 0) + x, withRespectTo: [x], cotangent: Tensor(Double.infinity),
        createGraph: isRecorded)
      #expect(slope[0].scalar(as: Double.self) == .infinity)
    }
  }

  @Test func largeExponentsMeetLargeCotangentsLast() {
    let base = Tensor([1e-3]).withGradient()
    for isRecorded in [false, true] {
      let slope = gradients(
        of: base.raised(to: 10), withRespectTo: [base], cotangent: Tensor([1e38]), createGraph: isRecorded)
      #expect(slope[0].isClose(to: Tensor([1e12]), relativeTolerance: 1e-4))
    }
  }

  /// Where the gradient that arrives is 0, what is made of it still has a slope.
  @Test func whatMeetsZeroHasBothDerivatives() {
    let zeros = Tensor.zeros([5], dataType: .float64)
    OperatorCase("squareRoot times zero", sample([5], in: 0.3..<2), zeros) { $0.squareRoot() * $1 }.check()
    OperatorCase("quotient times zero", [sample([5]), sample([5], in: -2..<(-0.3), seed: 2), zeros]) {
      $0[0] / $0[1] * $0[2]
    }.check()
  }

  /// The slopes at 0 are infinite, and nothing of them comes back along the factor either.
  @Test func whatMeetsZeroAtASingularityHasNoMixedDerivative() {
    let functions: [(Tensor) -> Tensor] = [{ $0.squareRoot() }, { $0 / $0.detached() }, { $0.log() }]
    for function in functions {
      let x = Tensor([0.0]).withGradient(), weight = Tensor([0.0]).withGradient()
      let slope = gradients(
        of: weight * function(x), withRespectTo: [x], cotangent: Tensor([1.0]), createGraph: true)
      let mixed = gradients(of: slope[0].sum(), withRespectTo: [weight])[0]
      #expect(slope[0].scalars(as: Double.self) == [0] && mixed.scalars(as: Double.self) == [0])
    }
  }

  @Test func exponentsOfPowersNotTakenHaveNoGradient() {
    let exponent = Tensor([1.5, 2], dataType: .float64).withGradient()
    let power = Tensor([-1, 1], dataType: .float64).raised(to: exponent)
    power.replacing(with: Tensor.zeros([2], dataType: .float64), where: Tensor([true, false])).sum()
      .backward()
    #expect(exponent.gradient!.scalars(as: Double.self) == [0, 0])
  }

  @Test func aMaskedRootOfZeroIsNoAnomaly() {
    let x = Tensor([0, 4], dataType: .float64).withGradient()
    let found = detectingAnomalies {
      x.squareRoot().replacing(with: Tensor.zeros([2], dataType: .float64), where: x.detached() .== 0).sum()
        .backward()
    }
    #expect(found.anomaly == nil)
    #expect(x.gradient!.scalars(as: Double.self) == [0, 0.25])
  }
}
