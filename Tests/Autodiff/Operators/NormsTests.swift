import AdjointAutodiff
import Foundation
import TestSupport
import Testing

@Suite struct NormsTests {
  static let cases: [OperatorCase] = {
    let x = sample([2, 3, 4])
    let axes: [[Int]?] = [nil, [1], [0, 2], [-1, 0], []]
    return axes.flatMap { axes in
      [
        OperatorCase("l1Norm", x) { $0.l1Norm(axes: axes, keepsAxes: true).squared() },
        OperatorCase("l2Norm", x) { $0.l2Norm(axes: axes) },
        OperatorCase("l2Norm, cubed", x) { $0.l2Norm(axes: axes, keepsAxes: true).raised(to: 3) },
        OperatorCase("logSumExp", x) { $0.logSumExp(axes: axes).squared() },
        OperatorCase("logSumExp, kept", x) { $0.logSumExp(axes: axes, keepsAxes: true) },
      ]
    }
      + [[Int]?.none, [1], [0, 2]].flatMap { axes in
        [false, true].map { isUnbiased in
          OperatorCase("standardDeviation", x) {
            $0.standardDeviation(axes: axes, isUnbiased: isUnbiased, keepsAxes: isUnbiased)
          }
        }
      }
  }()

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  static let x = Tensor([[3, -4, 0], [0, 0, 0]], dataType: .float64)

  @Test func measuresLengths() {
    #expect(Self.x.l1Norm(axes: [1]).isClose(to: Tensor([7, 0], dataType: .float64)))
    #expect(Self.x.l2Norm(axes: [1]).isClose(to: Tensor([5, 0], dataType: .float64)))
    #expect(Self.x.l2Norm(axes: [1], keepsAxes: true).shape == [2, 1])
    #expect(Tensor.zeros([0, 2]).l2Norm(axes: [0]).isClose(to: .zeros([2])))
  }

  static let withoutSlopeAtZero: [@Sendable (Tensor) -> Tensor] = [
    { $0.l1Norm(axes: [1]) }, { $0.l2Norm(axes: [1]) }, { $0.standardDeviation(axes: [1]) },
  ]

  /// First and second derivatives at vectors of zeros are 0.
  @Test(arguments: withoutSlopeAtZero.indices) func normsOfZerosHaveNoSlope(_ index: Int) {
    let function = Self.withoutSlopeAtZero[index]
    let x = Self.x.withGradient()
    let gradient = gradients(of: function(x).sum(), withRespectTo: [x], createGraph: true)[0]
    #expect(gradient[1].isClose(to: .zeros([3], dataType: .float64)))
    #expect(gradient[0].isFiniteEverywhere)
    let total = (gradient * sample([2, 3])).sum()
    let second = gradients(of: total, withRespectTo: [x], unconnected: .zeros)[0]
    #expect(second[1].isClose(to: .zeros([3], dataType: .float64)))
    #expect(second[0].isFiniteEverywhere)
  }

  /// Nor is there NaN on the way, which those who look for anomalies would see.
  @Test(arguments: withoutSlopeAtZero.indices) func normsOfZerosAreNoAnomaly(_ index: Int) {
    let x = Self.x.withGradient()
    let anomaly = detectingAnomalies { Self.withoutSlopeAtZero[index](x).sum().backward() }.anomaly
    #expect(anomaly == nil)
  }

  @Test func spreadOfOneNumber() {
    let x = Tensor([[2], [3]], dataType: .float64)
    #expect(x.standardDeviation(axes: [1]).isClose(to: .zeros([2], dataType: .float64)))
    #expect(x.standardDeviation(axes: [1], isUnbiased: true).isNaN().all().scalar())
    #expect(x.variance(axes: [1], isUnbiased: true).isNaN().all().scalar())
    for isUnbiased in [false, true] {
      #expect(Tensor.zeros([0]).variance(isUnbiased: isUnbiased).isNaN().all().scalar())
    }
  }

  /// Far from 0, what float32 holds of the spread is not lost.
  @Test func varianceFarFromZeroKeepsItsDigits() {
    let scalars = (0..<1000).map { Float(1e6 + Double($0 % 37) * 0.25) }
    let mean = scalars.reduce(0) { $0 + Double($1) } / 1000
    let expected = scalars.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 1000
    let x = Tensor(scalars, shape: [1000])
    #expect(abs(x.variance().scalar(as: Double.self) / expected - 1) < 3e-7)
    let deviation = expected.squareRoot()
    #expect(abs(x.standardDeviation().scalar(as: Double.self) / deviation - 1) < 3e-7)
  }

  @Test func logSumExpIsExactForLargeNumbers() {
    let infinity = Double.infinity
    let x = Tensor(
      [[1e4, 1e4, -1e4], [-infinity, -infinity, -infinity], [-infinity, 2, -infinity], [infinity, 0, 1]],
      dataType: .float64
    ).withGradient()
    let y = x.logSumExp(axes: [1])
    #expect(y.isClose(to: Tensor([1e4 + log(2), -infinity, 2, infinity], dataType: .float64)))
    y[0..<3].sum().backward()
    let expected = Tensor([[0.5, 0.5, 0], [0, 0, 0], [0, 1, 0]], dataType: .float64)
    #expect(x.gradient![0..<3].isClose(to: expected))
  }

  @Test func logSumExpOfNothing() {
    let y = Tensor.zeros([2, 0]).logSumExp(axes: [1])
    #expect(y.isClose(to: Tensor([-Double.infinity, -Double.infinity])))
    #expect(Tensor.zeros([0, 3]).logSumExp(axes: [1]).shape == [0])
  }
}

extension Tensor {
  fileprivate var isFiniteEverywhere: Bool { (absolute() .< .infinity).all().scalar() }
}
