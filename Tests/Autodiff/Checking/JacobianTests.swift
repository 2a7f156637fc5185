import AdjointAutodiff
import TestSupport
import Testing

@Suite struct JacobianTests {
  private let x = sample([2, 3]).withGradient()
  private let w = sample([3, 4], seed: 2).withGradient()
  private var value: Tensor { x.matrixProduct(w).tanh() }

  @Test func jacobiansHoldEveryPartialDerivative() {
    let found = jacobians(of: value, withRespectTo: [x, w])
    #expect(found.map(\.shape) == [[2, 4, 2, 3], [2, 4, 3, 4]])
    // d tanh(x·w)[i, j] / d x[k, l] = [i = k] (1 − tanh²) w[l, j]
    let slope = (1 - value.squared()).detached()
    for (i, j, k, l) in [(0, 1, 0, 2), (1, 3, 1, 0), (0, 0, 1, 1)] {
      let expected = i == k ? slope[i, j].scalar(as: Double.self) * w[l, j].scalar(as: Double.self) : 0
      #expect(abs(found[0][i, j, k, l].scalar(as: Double.self) - expected) < 1e-14)
    }
  }

  @Test func productsAgreeWithTheJacobian() {
    let jacobian = jacobians(of: value, withRespectTo: [x])[0].reshaped(to: [8, 6])
    let direction = sample([2, 3], seed: 3)
    let cotangent = sample([2, 4], seed: 4)
    let forward = jacobianVectorProduct(of: value, withRespectTo: [x], direction: [direction])
    #expect(forward.flattened(from: 0).isClose(to: jacobian.matrixProduct(direction.flattened(from: 0))))
    let backward = gradients(of: value, withRespectTo: [x], cotangent: cotangent)[0]
    #expect(backward.flattened(from: 0).isClose(to: cotangent.flattened(from: 0).matrixProduct(jacobian)))
    let inner = (forward * cotangent).sum() - (backward * direction).sum()
    #expect(abs(inner.scalar(as: Double.self)) < 1e-12)
  }

  /// A cotangent of 0, or one that a normalization makes 0, would hide the infinite slopes.
  @Test func productsAreInfiniteWhereSlopesAre() {
    let x = Tensor([0.0, 4, 0], dataType: .float64).withGradient()
    let direction = [Tensor([3.0, 2, 0], dataType: .float64)]
    func product(_ value: Tensor) -> [Double] {
      jacobianVectorProduct(of: value, withRespectTo: [x], direction: direction).scalars()
    }
    #expect(product(x.squareRoot()) == [.infinity, 0.5, 0])
    #expect(product(x.log()) == [.infinity, 0.5, 0])
    #expect(product(x.raised(to: 0.5)) == [.infinity, 0.5, 0])
    let root = x.squareRoot()
    #expect(product(root - root.mean())[1] == -.infinity)
  }

  @Test func recordedProductsHaveDerivatives() {
    let direction = sample([3, 4], seed: 3)
    let jacobian = jacobians(of: value, withRespectTo: [w], createGraph: true)[0]
    let alongRows = (jacobian * direction).sum(axes: [2, 3])
    let forward = jacobianVectorProduct(
      of: value, withRespectTo: [w], direction: [direction], createGraph: true)
    #expect(forward.isClose(to: alongRows))
    // ∂ tanh(x·w) along the direction = (1 − tanh²) · (x·direction)
    let exact = gradients(
      of: ((1 - value.squared()) * x.detached().matrixProduct(direction)).sum(), withRespectTo: [w])[0]
    for product in [alongRows, forward] {
      #expect(gradients(of: product.sum(), withRespectTo: [w])[0].isClose(to: exact))
    }
  }

  @Test func hessianIsSymmetricAndAgreesWithItsProducts() {
    var loss: Tensor { value.squared().sum() }
    let matrix = hessian(of: loss, withRespectTo: w).reshaped(to: [12, 12])
    #expect(matrix.isClose(to: matrix.transposed(), relativeTolerance: 1e-12, absoluteTolerance: 1e-12))
    let direction = sample([3, 4], seed: 5)
    let product = hessianVectorProduct(of: loss, withRespectTo: [w], direction: [direction])[0]
    #expect(product.flattened(from: 0).isClose(to: matrix.matrixProduct(direction.flattened(from: 0))))
    #expect(hessian(of: (x * 3).sum(), withRespectTo: x).absolute().max().scalar(as: Double.self) == 0)
  }

  /// Of Σ x³ the Hessian is 6x along its diagonal, and the gradient of its sum 6.
  @Test func recordedHessiansHaveDerivatives() {
    let cube = (x * x * x).sum()
    let direction = sample([2, 3], seed: 3)
    func slopes(_ value: Tensor) -> Tensor { gradients(of: value.sum(), withRespectTo: [x])[0] }
    #expect(slopes(hessian(of: cube, withRespectTo: x, createGraph: true)).isClose(to: x * 0 + 6))
    let product = hessianVectorProduct(
      of: cube, withRespectTo: [x], direction: [direction], createGraph: true)[0]
    #expect(product.isClose(to: 6 * x * direction))
    #expect(slopes(product).isClose(to: 6 * direction))
    let ofRows = perSampleGradients(
      of: (x * x * x).sum(axes: [1]), withRespectTo: [x], createGraph: true)[0]
    #expect(slopes(ofRows).isClose(to: 6 * x))
  }

  @Test func whatTheValueDoesNotDependOnHasZeros() {
    let other = sample([5], seed: 6).withGradient()
    let loss = value.squared().sum(axes: [1]), along = [sample([3, 4], seed: 5), sample([5], seed: 7)]
    let found = perSampleGradients(of: loss, withRespectTo: [w, other], unconnected: .zeros)
    #expect(
      found.map(\.shape) == [[2, 3, 4], [2, 5]] && found[1].scalars(as: Double.self).allSatisfy { $0 == 0 })
    let products = hessianVectorProduct(
      of: loss.sum(), withRespectTo: [w, other], direction: along, unconnected: .zeros)
    let alone = hessianVectorProduct(of: loss.sum(), withRespectTo: [w], direction: [along[0]])
    #expect(products[0].isClose(to: alone[0]) && products[1].scalars(as: Double.self) == [0, 0, 0, 0, 0])
    let moved = jacobianVectorProduct(
      of: value, withRespectTo: [w, other], direction: along, unconnected: .zeros)
    #expect(
      moved.isClose(to: jacobianVectorProduct(of: value, withRespectTo: [w], direction: [along[0]])))
  }

  @Test func productsOfTensorsOfTwoTypes() {
    let a = Tensor([1.5]).withGradient(), b = Tensor([2.0, 3], dataType: .float64).withGradient()
    let value = (a.cast(to: .float64).squared() * b).sum()
    let found = hessianVectorProduct(
      of: value, withRespectTo: [a, b], direction: [.ones(like: a), Tensor([1.0, -2], dataType: .float64)])
    // 2 Σb · 1 + 2a · (1 − 2), and 2a · 1 for both.
    #expect(found[0].dataType == .float32 && found[0].scalars(as: Double.self) == [7])
    #expect(found[1].scalars(as: Double.self) == [3, 3])
  }

  @Test func samplesHaveGradientsOfTheirOwn() {
    let losses = value.squared().sum(axes: [1])
    let found = perSampleGradients(of: losses, withRespectTo: [w])[0]
    #expect(found.shape == [2, 3, 4])
    for sample in 0..<2 {
      let alone = x[sample...sample].matrixProduct(w).tanh().squared().sum()
      #expect(found[sample].isClose(to: gradients(of: alone, withRespectTo: [w])[0]))
    }
    let together = gradients(of: value.squared().sum(), withRespectTo: [w])[0]
    #expect(found.sum(axes: [0]).isClose(to: together))
  }
}
