import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ElementaryTests {
  @Test func theErrorFunctionHasBothDerivatives() {
    let erf = OperatorCase("erf", sample([17])) { $0.erf() }
    erf.check()
    for shape: Shape in [[2, 3], [2, 1], [0, 3]] { erf.at(shape).check() }
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
