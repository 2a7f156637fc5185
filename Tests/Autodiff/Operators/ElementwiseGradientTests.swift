import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ElementwiseGradientTests {
  static let unary: [OperatorCase] = {
    let any = sample([3, 5])
    let positive = sample([4, 3], in: 0.3..<3)
    return [
      OperatorCase("exp", any) { $0.exp() },
      OperatorCase("expMinusOne", any) { $0.expMinusOne() },
      OperatorCase("log", positive) { $0.log() },
      OperatorCase("logOnePlus", sample([2, 7], in: -0.5..<3)) { $0.logOnePlus() },
      OperatorCase("squared", any) { $0.squared() },
      OperatorCase("squareRoot", positive) { $0.squareRoot() },
      OperatorCase("reciprocalSquareRoot", positive) { $0.reciprocalSquareRoot() },
      OperatorCase("reciprocal", positive) { $0.reciprocal() },
      OperatorCase("absolute", any) { $0.absolute() },
      OperatorCase("sin", any) { $0.sin() },
      OperatorCase("cos", any) { $0.cos() },
      OperatorCase("raised to 3", any) { $0.raised(to: 3) },
      OperatorCase("raised to -1.5", positive) { $0.raised(to: -1.5) },
      OperatorCase("clamped", any) { $0.clamped(to: -0.7...0.9) },
      OperatorCase("negate", any) { -$0 },
      OperatorCase("relu", any) { $0.relu() },
      OperatorCase("leakyRelu", any) { $0.leakyRelu(negativeSlope: 0.2) },
      OperatorCase("sigmoid", any) { $0.sigmoid() },
      OperatorCase("tanh", any) { $0.tanh() },
      OperatorCase("cast", any) { x in
        // The value is that of x, whose slopes rounding would hide; the gradient comes through the casts.
        let y = x.cast(to: x.dataType == .float32 ? .float64 : .float32).cast(to: x.dataType)
        return y + (x - y).detached()
      },
      OperatorCase("with numbers", any) { (1 - $0 * 3 + 2) / 4 + 5 / ($0 + 9) - $0 },
    ]
  }()

  static let binary: [OperatorCase] = [
    ([3, 4], [3, 4]), ([3, 2, 4], [4]), ([3, 1, 4], [2, 1]), ([], [2, 3]),
  ]
  .flatMap { (xShape: Shape, yShape: Shape) in
    let (x, y) = (sample(xShape), sample(yShape, in: 0.3..<2, seed: 2))
    return [
      OperatorCase("add", x, y, +), OperatorCase("subtract", x, y, -), OperatorCase("multiply", x, y, *),
      OperatorCase("divide", x, y, /), OperatorCase("maximum", x, y, Tensor.maximum),
      OperatorCase("minimum", x, y, Tensor.minimum),
    ]
  }

  @Test(arguments: unary) func unaryOperatorsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
    for shape: Shape in [[2, 1], [0, 3]] { operation.at(shape).check() }
  }

  @Test(arguments: binary) func binaryOperatorsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  @Test func numbersTakeThePlaceOfElements() {
    let x = Tensor([1.0, .nan, 3], dataType: .float64).withGradient()
    let value = x.replacing(with: 0.5, where: x.detached() .!= x.detached())
    #expect(value.scalars(as: Double.self) == [1, 0.5, 3])
    value.squared().sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [2, 0, 6])
    let integers = Tensor([1, 2]).replacing(with: 7, where: Tensor([false, true]))
    #expect(integers.scalars(as: Int.self) == [1, 7])
    #expect(!"\(Tensor([-Double.nan, 1]))".contains("-"))
  }

  @Test func replacingPassesToTheSideTaken() {
    let mask = Tensor([[true, false, true], [false, false, true]])
    OperatorCase("replacing", sample([2, 3]), sample([3], seed: 2)) { $0.replacing(with: $1, where: mask) }
      .check()
  }

  @Test func theSideNotTakenLeaksNoNaN() {
    let x = Tensor([-1.0, 4.0], dataType: .float64).withGradient()
    let zeros = Tensor.zeros([2], dataType: .float64)
    for isRecorded in [false, true] {
      let root = x.squareRoot().replacing(with: zeros, where: x.detached() .< 0)
      let slopes = gradients(of: root.sum(), withRespectTo: [x], createGraph: isRecorded)[0]
      #expect(slopes.scalars(as: Double.self) == [0, 0.25])
    }
  }

  @Test func divisionsNotTakenLeakNoNaN() {
    let x = Tensor([3.0, 0], dataType: .float64).withGradient()
    let y = Tensor([2.0, 0], dataType: .float64).withGradient()
    let isZero = y.detached() .== 0
    let zeros = Tensor.zeros([2], dataType: .float64)
    func guarded(_ quotient: Tensor) -> Tensor { quotient.replacing(with: zeros, where: isZero).sum() }
    let both = gradients(of: guarded(x / y), withRespectTo: [x, y], createGraph: true)
    #expect(both.map { $0.scalars(as: Double.self) } == [[0.5, 0], [-0.75, 0]])
    let second = gradients(of: both[1].sum(), withRespectTo: [x, y])
    #expect(second.map { $0.scalars(as: Double.self) } == [[-0.25, 0], [0.75, 0]])
    #expect(gradients(of: guarded(6 / y), withRespectTo: [y])[0].scalars(as: Double.self) == [-1.5, 0])
  }

  /// Their reciprocals are infinite.
  @Test func smallDivisorsHaveGradients() {
    let (x, y) = (Tensor([1e-10, 1]).withGradient(), Tensor([2e-39, .nan]))
    let small = Tensor([1e-30]).withGradient(), smallest = Tensor([2e-39]).withGradient()
    for isRecorded in [false, true] {
      func slopes(_ value: Tensor, _ leaf: Tensor, _ cotangent: [Double]) -> Tensor {
        gradients(
          of: value, withRespectTo: [leaf], cotangent: Tensor(cotangent), retainGraph: true,
          createGraph: isRecorded)[0]
      }
      #expect(slopes(x / y, x, [1e-3, 0]).isClose(to: Tensor([5e35, 0]), relativeTolerance: 1e-5))
      #expect(
        slopes(1e-20 / small, small, [1e-10]).isClose(to: Tensor([-1e30]), relativeTolerance: 1e-5))
      #expect(
        slopes(small.reciprocal(), small, [1e-30]).isClose(to: Tensor([-1e30]), relativeTolerance: 1e-5))
      #expect(
        slopes(Tensor([1e-20]) / small, small, [1e-10])
          .isClose(to: Tensor([-1e30]), relativeTolerance: 1e-5))
      #expect(slopes(smallest.log(), smallest, [1e-3]).isClose(to: Tensor([5e35]), relativeTolerance: 1e-5))
    }
  }

  /// The root's slope at 0 is infinite.
  @Test func flatPiecesTakeNothingFromAnInfinity() {
    let zero = Tensor(0.0, dataType: .float64)
    let flat: [(Double, (Tensor) -> Tensor)] = [
      (-1, { $0.relu() }), (-1, { $0.relu6() }), (-1, { $0.clamped(to: 0...1) }), (-4, { $0.hardSigmoid() }),
      (-1, { $0.hardTanh(bounds: 0...1) }), (-1, { Tensor.maximum($0, zero) }),
      (-1, { Tensor.maximum(zero, $0) }), (1, { Tensor.minimum($0, zero) }),
    ]
    for (index, (place, piece)) in flat.enumerated() {
      let x = Tensor(place, dataType: .float64).withGradient()
      for isRecorded in [false, true] {
        let slope = gradients(of: piece(x).squareRoot(), withRespectTo: [x], createGraph: isRecorded)[0]
        #expect(slope.scalar(as: Double.self) == 0, "piece \(index), recorded: \(isRecorded)")
      }
    }
  }

  @Test func kinksAndTiesFollowTheirConventions() {
    func slope(_ x: Double, _ function: (Tensor) -> Tensor) -> Double {
      let leaf = Tensor(x, dataType: .float64).withGradient()
      let slope: Double = gradients(of: function(leaf), withRespectTo: [leaf])[0].scalar()
      let recorded = gradients(of: function(leaf), withRespectTo: [leaf], createGraph: true)[0]
      #expect(recorded.scalar() == slope)
      return slope
    }
    #expect(slope(0) { $0.relu() } == 0)
    #expect(slope(0) { $0.absolute() } == 0)
    #expect(slope(0) { $0.leakyRelu(negativeSlope: 0.25) } == 0.25)
    #expect(slope(1) { $0.clamped(to: -1...1) } == 1)
    #expect(slope(-1) { $0.clamped(to: -1...1) } == 1)
    #expect(slope(3) { Tensor.maximum($0, Tensor(3.0, dataType: .float64)) } == 0.5)
    #expect(slope(2) { $0.raised(to: 0) + $0 } == 1)
    #expect(slope(0) { $0.raised(to: 0) + $0 } == 1)
  }
}
