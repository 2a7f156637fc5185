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

  /// What is infinite or NaN for a first element that a mask then takes out, and that element.
  static let masked: [(name: String, place: Double, function: @Sendable (Tensor) -> Tensor)] = [
    ("entropy", 0, { $0 * $0.log() }), ("product", 1e4, { $0 * $0.exp() }),
    ("sine", 0, { $0.reciprocal().sin() }), ("cosine", 0, { $0.reciprocal().cos() }),
    ("squares", .infinity, { $0.squared() }), ("erf", .nan, { $0.erf() }), ("atan", .nan, { $0.atan() }),
    ("atan2", .infinity, { .atan2($0, .ones(like: $0)) }),
    ("silu", -.infinity, { $0.silu() }), ("gelu", .infinity, { $0.gelu() }),
    ("gelu", 1e300, { $0.gelu(isApproximate: true) }), ("mish", -.infinity, { $0.mish() }),
    ("sigmoid", .nan, { $0.sigmoid() }), ("tanh", .nan, { $0.tanh() }), ("softsign", .nan, { $0.softsign() }),
    ("squared error", 1, { $0.meanSquaredError(targets: missing, reduction: .none) }),
    ("Huber loss", 1, { $0.huberLoss(targets: missing, reduction: .none) }),
    ("cross-entropy", 0.4, { $0.binaryCrossEntropy(targets: missing, reduction: .none) }),
    (
      "of no probability", .nan,
      { $0.binaryCrossEntropy(targets: Tensor([1, 0.5], dataType: .float64), reduction: .none) }
    ),
    ("of logits", 1, { $0.binaryCrossEntropyWithLogits(targets: missing, reduction: .none) }),
    ("focal loss", 1, { $0.focalLoss(targets: missing, reduction: .none) }),
    ("reciprocals", 1e-200, { $0.reciprocal() }), ("powers", 1, { $0.raised(to: missing) }),
    ("divergence", 1, { $0.klDivergence(targets: missing, reduction: .none).squared() }),
  ]
  private static let missing = Tensor([.nan, 0.5], dataType: .float64)

  @Test(arguments: masked.indices) func theElementTakenOutLeaksNoNaN(_ index: Int) {
    let (name, place, function) = Self.masked[index]
    expectNoLeak(
      name, at: Tensor([place, 0.25], dataType: .float64), takenOut: Tensor([true, false]), function)
  }

  @Test(arguments: [Double.nan, .infinity]) func theRowTakenOutLeaksNoNaN(_ bad: Double) {
    let rows: [(name: String, function: (Tensor) -> Tensor)] = [
      ("softmax", { $0.softmax().squared().sum(axes: [1]) }), ("logSoftmax", { $0.logSoftmax()[0..., 1] }),
      ("crossEntropy", { $0.crossEntropy(labels: Tensor([1, 2]), reduction: .none) }),
      ("logSumExp", { $0.logSumExp(axes: [1]) }), ("l1Norm", { $0.l1Norm(axes: [1]).squared() }),
      ("l2Norm", { $0.l2Norm(axes: [1]) }), ("product", { $0.product(axes: [1]) }),
      ("max", { $0.max(axes: [1]).squared() }), ("variance", { $0.variance(axes: [1]) }),
      ("layerNormalized", { $0.layerNormalized().exp().sum(axes: [1]) }),
      (
        "with scale and offset",
        { x in
          let parameters = x.detached()[1]
          return x.layerNormalized(scale: parameters, offset: parameters).squared().sum(axes: [1])
        }
      ),
      ("rmsNormalized", { $0.rmsNormalized().exp().sum(axes: [1]) }),
      ("groupNormalized", { $0.groupNormalized(groups: 1).exp().sum(axes: [1]) }),
      ("instanceNormalized", { $0.expandedDimensions(at: 2).instanceNormalized().exp().sum(axes: [1, 2]) }),
      ("localResponseNormalized", { $0.localResponseNormalized(size: 3).squared().sum(axes: [1]) }),
    ]
    let x = Tensor([bad, bad, bad, 0.3, 0.2, -0.1], shape: [2, 3], dataType: .float64)
    for (name, function) in rows { expectNoLeak(name, at: x, takenOut: Tensor([true, false]), function) }
  }

  /// Expects that no gradient, recorded or not and of either order, comes back to what a mask takes out, and that
  /// some of the rest has one.
  private func expectNoLeak(
    _ name: String, at place: Tensor, takenOut mask: Tensor, _ function: (Tensor) -> Tensor
  ) {
    let x = place.withGradient()
    func value() -> Tensor {
      function(x).replacing(with: Tensor.zeros([2], dataType: .float64), where: mask).sum()
    }
    let plain = gradients(of: value(), withRespectTo: [x])[0]
    let first = gradients(of: value(), withRespectTo: [x], createGraph: true)[0]
    let second = gradients(of: first.squared().sum(), withRespectTo: [x])[0]
    for gradient in [plain, first, second] {
      let scalars = gradient.scalars(as: Double.self)
      let (out, rest) = (scalars[..<(scalars.count / 2)], scalars[(scalars.count / 2)...])
      #expect(
        out.allSatisfy { $0 == 0 } && rest.allSatisfy(\.isFinite) && rest.contains { $0 != 0 },
        "\(name): \(scalars)")
    }
  }
}
