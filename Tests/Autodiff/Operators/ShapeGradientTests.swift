import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ShapeGradientTests {
  static let views: [OperatorCase] = {
    let x = sample([2, 3, 4])
    return [
      OperatorCase("reshaped", x) { $0.reshaped(to: [4, -1]).squared() },
      OperatorCase("flattened", x) { $0.flattened().squared() },
      OperatorCase("transposed", x) { $0.transposed([2, 0, 1]).squared() },
      OperatorCase("broadcast", sample([3, 1])) { $0.broadcast(to: [2, 3, 4]).squared() },
      OperatorCase("sliced", x) { $0[1, (-2)..., TensorIndex.every(2, in: 0..<3)].squared() },
      OperatorCase("sliced, not squared", x) { $0[1, (-2)..., TensorIndex.every(2, in: 0..<3)] },
      OperatorCase("expandedDimensions", x) { $0.expandedDimensions(at: 1).squared() },
      OperatorCase("squeezed", sample([3, 1, 2])) { $0.squeezed(axis: 1).squared() },
      OperatorCase("replaced", x, sample([2, 1, 2], seed: 2)) { x, y in
        var result = x
        result[TensorIndex.all, 1...1, TensorIndex.every(2, in: 1..<4)] = y
        return result.squared()
      },
    ]
  }()

  static let reductions: [OperatorCase] = {
    let x = sample([2, 3, 4])
    let axes: [[Int]?] = [nil, [1], [0, 2], [-1, 0], []]
    return axes.flatMap { axes in
      [
        OperatorCase("sum", x) { $0.sum(axes: axes).squared() },
        OperatorCase("mean", x) { $0.mean(axes: axes, keepsAxes: true).squared() },
        OperatorCase("max", x) { $0.max(axes: axes).squared() },
        OperatorCase("min", x) { $0.min(axes: axes, keepsAxes: true).squared() },
        OperatorCase("variance", x) { $0.variance(axes: axes).squared() },
      ]
    }
  }()

  static let products: [OperatorCase] = [
    ([3, 4], [4, 2]), ([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [4, 5]), ([3, 1, 2, 4], [2, 4, 5]), ([4], [4, 3]),
    ([3, 4], [4]), ([5], [5]), ([1, 1], [1, 1]),
  ].map { (xShape: Shape, yShape: Shape) in
    OperatorCase("matrixProduct", sample(xShape), sample(yShape, seed: 2)) { $0.matrixProduct($1) }
  }

  @Test(arguments: views) func viewsHaveBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test(arguments: reductions) func reductionsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  @Test(arguments: products) func productsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  @Test func aProductOverNothingIsZero() {
    let shapes: [(Shape, Shape, Shape)] = [
      ([2, 0], [0, 3], [2, 3]), ([2, 4, 0], [0, 3], [2, 4, 3]), ([2, 4, 0], [2, 0, 3], [2, 4, 3]),
      ([2, 4, 0], [0], [2, 4]), ([0], [0], []),
    ]
    for (left, right, product) in shapes {
      let x = Tensor.ones(left).withGradient(), y = Tensor.ones(right).withGradient()
      let output = x.matrixProduct(y)
      #expect(output.shape == product && output.scalars().allSatisfy { $0 == 0 })
      output.sum().backward()
      #expect(x.gradient?.shape == left && y.gradient?.shape == right)
    }
  }

  @Test func aBiasIsAddedToEveryRow() {
    OperatorCase("with bias", [sample([2, 3, 4]), sample([4, 5], seed: 2), sample([5], seed: 3)]) {
      $0[0].matrixProduct($0[1], bias: $0[2]).squared()
    }.check()
  }

  @Test func tiesShareTheGradientOfAnExtreme() {
    let x = Tensor([[3, 1, 3], [2, 2, 2]], dataType: .float64).withGradient()
    let shares = Tensor([[3.0, 0, 3], [2, 2, 2]], dataType: .float64) / 6
    for createsGraph in [false, true] {
      let largest = gradients(of: x.max(axes: [1]).sum(), withRespectTo: [x], createGraph: createsGraph)[0]
      #expect(largest.isClose(to: shares))
      let smallest = gradients(of: (-x).min(axes: [1]).sum(), withRespectTo: [x], createGraph: createsGraph)[
        0]
      #expect(smallest.isClose(to: -shares))
    }
  }
}
