import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ElementaryTests {
  static let unary: [OperatorCase] = [
    OperatorCase("tan", sample([3, 5], in: -1..<1)) { $0.tan() },
    OperatorCase("sinh", sample([3, 5])) { $0.sinh() },
    OperatorCase("cosh", sample([5, 1, 3])) { $0.cosh() },
    OperatorCase("asin", sample([3, 5], in: -0.8..<0.8)) { $0.asin() },
    OperatorCase("acos", sample([3, 5], in: -0.8..<0.8)) { $0.acos() },
    OperatorCase("atan", sample([3, 5])) { $0.atan() },
    OperatorCase("erf", sample([17])) { $0.erf() },
  ]

  @Test(arguments: unary) func operatorsHaveBothDerivatives(_ operation: OperatorCase) { operation.check() }

  static let shapes: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([3, 2, 4], [4]), ([3, 1, 4], [2, 1]), ([], [2, 3]), ([1], [1]),
  ]

  @Test(arguments: shapes)
  func operatorsOfTwoHaveBothDerivatives(_ xShape: Shape, _ yShape: Shape) {
    let (x, y) = (sample(xShape, in: 0.3..<2), sample(yShape, seed: 2))
    OperatorCase("raised", x, y) { $0.raised(to: $1) }.check()
    OperatorCase("atan2", y, x) { Tensor.atan2($0, $1) }.check()
    OperatorCase("atan2, other quadrants", y, x) { Tensor.atan2($0, -$1) }.check()
  }

  @Test func roundingPassesNoGradient() {
    let x = Tensor([-1.5, -0.2, 0.5, 1.5, 2], dataType: .float64).withGradient()
    #expect(x.floor().scalars(as: Double.self) == [-2, -1, 0, 1, 2])
    #expect(x.ceiling().scalars(as: Double.self) == [-1, 0, 1, 2, 2])
    #expect(x.rounded().scalars(as: Double.self) == [-2, 0, 0, 2, 2])
    #expect(!x.floor().isRecorded && !x.ceiling().isRecorded && !x.rounded().isRecorded)
  }

  @Test func onlyNumbersAreFinite() {
    let x = Tensor([1, .infinity, -.infinity, .nan, -0.0, .greatestFiniteMagnitude], dataType: .float64)
    #expect(x.isFinite().scalars(as: Bool.self) == [true, false, false, false, true, true])
    #expect(Tensor([3, -4]).isFinite().scalars(as: Bool.self) == [true, true])
    #expect(Tensor.zeros([0, 2]).isFinite().shape == [0, 2])
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

  @Test func wholePowersOfNegativeNumbersHaveGradients() {
    let base = Tensor([-2, -0.5], dataType: .float64).withGradient()
    base.raised(to: Tensor([3, -1], dataType: .float64)).sum().backward()
    #expect(base.gradient!.isClose(to: Tensor([12, -4], dataType: .float64)))
  }

  @Test func anglesHaveGradientsAtEveryScale() {
    for scale in [1e-30, 1, 1e30] {
      let x = Tensor([3 * scale, 0]).withGradient()
      let y = Tensor([4 * scale, 0]).withGradient()
      Tensor.atan2(y, x).sum().backward()
      #expect((y.gradient! * scale).isClose(to: Tensor([0.12, 0.0])))
      #expect((x.gradient! * scale).isClose(to: Tensor([-0.16, 0.0])))
    }
  }

  /// Operators with a place where the slope is infinite or not a number.
  static let singular: [(name: String, place: Double, function: @Sendable (Tensor) -> Tensor)] = [
    ("exp", 1e4, { $0.exp() }), ("expMinusOne", 1e4, { $0.expMinusOne() }), ("log", 0, { $0.log() }),
    ("logOnePlus", -1, { $0.logOnePlus() }), ("squareRoot", 0, { $0.squareRoot() }),
    ("squareRoot", -1, { $0.squareRoot() }), ("reciprocal", 0, { $0.reciprocal() }),
    ("reciprocalSquareRoot", 0, { $0.reciprocalSquareRoot() }), ("raised", 0, { $0.raised(to: 0.5) }),
    ("raised", -1, { $0.raised(to: Tensor([1.5, 1.5], dataType: .float64)) }), ("asin", 1, { $0.asin() }),
    ("acos", -1, { $0.acos() }), ("sinh", 1e4, { $0.sinh() }), ("cosh", 1e4, { $0.cosh() }),
  ]

  @Test(arguments: singular.indices) func theSideNotTakenLeaksNoNaN(_ index: Int) {
    let (name, place, function) = Self.singular[index]
    let x = Tensor([place, 0.25], dataType: .float64).withGradient()
    let isSingular = Tensor([true, false])
    let value = function(x).replacing(with: Tensor.zeros([2], dataType: .float64), where: isSingular)
    let first = gradients(of: value.sum(), withRespectTo: [x], createGraph: true)[0]
    let second = gradients(of: first.sum(), withRespectTo: [x])[0]
    for gradient in [first, second] {
      let scalars = gradient.scalars(as: Double.self)
      #expect(scalars[0] == 0 && scalars[1].isFinite && scalars[1] != 0, "\(name): \(scalars)")
    }
  }
}
