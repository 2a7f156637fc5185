import AdjointAutodiff
import TestSupport
import Testing

@Suite struct TrigonometricTests {
  static let unary: [OperatorCase] = [
    OperatorCase("tan", sample([3, 5], in: -1..<1)) { $0.tan() },
    OperatorCase("sinh", sample([3, 5])) { $0.sinh() },
    OperatorCase("cosh", sample([5, 1, 3])) { $0.cosh() },
    OperatorCase("asin", sample([3, 5], in: -0.8..<0.8)) { $0.asin() },
    OperatorCase("acos", sample([3, 5], in: -0.8..<0.8)) { $0.acos() },
    OperatorCase("atan", sample([3, 5])) { $0.atan() },
  ]

  @Test(arguments: unary) func operatorsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
    for shape: Shape in [[2, 1], [0, 3]] { operation.at(shape).check() }
  }

  static let shapes: [(Shape, Shape)] = [
    ([3, 4], [3, 4]), ([3, 2, 4], [4]), ([3, 1, 4], [2, 1]), ([], [2, 3]), ([1], [1]),
  ]

  @Test(arguments: shapes) func anglesHaveBothDerivatives(_ yShape: Shape, _ xShape: Shape) {
    let (y, x) = (sample(yShape, in: 0.3..<2), sample(xShape, seed: 2))
    OperatorCase("atan2, above", y, x) { Tensor.atan2($0, $1) }.check()
    OperatorCase("atan2, below", y, x) { Tensor.atan2(-$0, $1) }.check()
  }

  @Test func slopesOfArcsinesHaveBothDerivatives() {
    for order in 1...2 {
      let report = checkGradients(at: [sample([3, 5], in: -0.8..<0.8)], order: order) { x in
        gradients(of: x[0].asin().sum(), withRespectTo: x, createGraph: true)[0]
      }
      #expect(report.passed, "\(report)")
    }
  }

  @Test func secondDerivativesOfArcsinesAreExact() {
    let x = Tensor([1e-10, -1e-4, 0.5, 1, -1]).withGradient()
    let exact = Tensor([1e-10, -1.000_000_015e-4, 0.769_800_36, .infinity, -.infinity])
    for (sign, function) in [(1, { $0.asin() }), (-1, { $0.acos() })] as [(Double, (Tensor) -> Tensor)] {
      let slope = gradients(of: function(x).sum(), withRespectTo: [x], createGraph: true)[0]
      let second = gradients(of: slope.sum(), withRespectTo: [x])[0]
      #expect(second.isClose(to: exact * sign, relativeTolerance: 3e-7, absoluteTolerance: 0))
    }
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

  @Test func anglesDoNotChangeInfinitelyFarOut() {
    let y = Tensor([Double.infinity, 1, -.infinity, .infinity], dataType: .float64).withGradient()
    let x = Tensor([1, -Double.infinity, .infinity, -.infinity], dataType: .float64).withGradient()
    let first = gradients(of: Tensor.atan2(y, x).sum(), withRespectTo: [y, x], createGraph: true)
    let second = gradients(of: (first[0] + first[1]).sum(), withRespectTo: [y, x])
    for slopes in first + second { #expect(slopes.scalars(as: Double.self) == [0, 0, 0, 0]) }
    let unknown = Tensor([Double.nan]).withGradient()
    #expect(
      gradients(of: .atan2(unknown, Tensor([1.0])), withRespectTo: [unknown])[0].scalar(as: Double.self).isNaN
    )
  }
}
