import AdjointAutodiff
import TestSupport
import Testing

/// Operators that add and rectify while they write their output.
@Suite struct OutputActivationTests {
  /// A square would hide a lost mask: its own gradient is 0 wherever the rectified output is.
  static let cases: [OperatorCase] = {
    let (images, filter, bias) = (sample([2, 5, 4, 3]), sample([3, 2, 3, 4], seed: 2), sample([4], seed: 3))
    let (scale, addend) = (sample([4], in: 0.5..<1.5, seed: 4), sample([2, 3, 1, 4], seed: 5))
    let x = sample([2, 3, 1, 4], seed: 6)
    return [
      OperatorCase("conv2D, relu", [images, filter, bias]) {
        $0[0].convolved(with: $0[1], bias: $0[2], activation: .relu).sin()
      },
      OperatorCase("conv2D, sum, relu", [images, filter, bias, sample([2, 3, 3, 4], seed: 5)]) {
        $0[0].convolved(with: $0[1], bias: $0[2], adding: $0[3], activation: .relu).sin()
      },
      OperatorCase(
        "conv2D, groups, sum", [images, sample([2, 2, 1, 6], seed: 2), sample([2, 4, 3, 6], seed: 3)]
      ) {
        $0[0].convolved(with: $0[1], groups: 3, adding: $0[2]).squared()
      },
      OperatorCase("matrixProduct, relu", [sample([3, 5]), sample([5, 4], seed: 2), bias]) {
        $0[0].matrixProduct($0[1], bias: $0[2], activation: .relu).sin()
      },
      OperatorCase("matrixProduct of a batch, relu", sample([2, 3, 5]), sample([2, 5, 1], seed: 2)) {
        $0.matrixProduct($1, activation: .relu).sin()
      },
      OperatorCase("matrixProduct under a batch, relu", [sample([2, 3, 5]), sample([5, 4], seed: 2), bias]) {
        $0[0].matrixProduct($0[1], bias: $0[2], activation: .relu).sin()
      },
      OperatorCase("batchNormalized, relu", [x, scale, bias]) {
        $0[0].batchNormalized(scale: $0[1], offset: $0[2], activation: .relu).output.sin()
      },
      OperatorCase("batchNormalized, sum", [x, scale, bias, addend]) {
        $0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[3]).output.squared()
      },
      OperatorCase("batchNormalized, sum, relu", [x, scale, bias, addend]) {
        $0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[3], activation: .relu).output.sin()
      },
      OperatorCase("batchNormalized and itself, relu", [x, scale, bias]) {
        $0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[0], activation: .relu).output.sin()
      },
      OperatorCase("batchNormalized with statistics, sum, relu", [x, scale, bias, addend]) {
        $0[0].batchNormalized(
          mean: sample([4], seed: 7).cast(to: $0[0].dataType),
          variance: sample([4], in: 0.3..<2, seed: 8).cast(to: $0[0].dataType), scale: $0[1], offset: $0[2],
          adding: $0[3], activation: .relu
        ).sin()
      },
    ]
  }()

  @Test(arguments: cases) func fusedOperatorsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  /// The channels take each of the ways that the kernels know, with tails.
  @Test(arguments: [3, 20, 64, 70]) func fusedNormalizationHasTheBitsOfItsParts(channels: Int) {
    let inputs = [[5, 7, channels], [channels], [channels], [5, 7, channels]].enumerated().map {
      sample($1, seed: UInt64($0)).cast(to: .float32)
    }
    expectSameBits(inputs) {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2], activation: .relu).output
    } asOf: {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2]).output.relu()
    }
    expectSameBits(inputs) {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2], adding: $0[3], activation: .relu).output
    } asOf: {
      ($0[0].batchNormalized(scale: $0[1], offset: $0[2]).output + $0[3]).relu()
    }
    expectSameBits(inputs) {
      $0[0].batchNormalized(
        mean: $0[1], variance: $0[2].absolute(), scale: $0[1], offset: $0[2], adding: $0[3]
      )
      .relu()
    } asOf: {
      ($0[0].batchNormalized(mean: $0[1], variance: $0[2].absolute(), scale: $0[1], offset: $0[2]) + $0[3])
        .relu()
    }
  }

  @Test func fusedProductsHaveTheBitsOfTheirParts() {
    let images = [[2, 6, 5, 3], [3, 2, 3, 33], [33], [2, 4, 4, 33]].enumerated().map {
      sample($1, seed: UInt64($0)).cast(to: .float32)
    }
    expectSameBits(images) {
      $0[0].convolved(with: $0[1], bias: $0[2], adding: $0[3], activation: .relu)
    } asOf: {
      ($0[0].convolved(with: $0[1], bias: $0[2]) + $0[3]).relu()
    }
    let matrices = [[7, 300], [300, 33], [33]].enumerated().map {
      sample($1, seed: UInt64($0)).cast(to: .float32)
    }
    expectSameBits(matrices) {
      $0[0].matrixProduct($0[1], bias: $0[2], activation: .relu)
    } asOf: {
      $0[0].matrixProduct($0[1], bias: $0[2]).relu()
    }
  }

  /// The sum of three gradients depends on which arrive first.
  @Test func anAddendGetsItsGradientWhenASumWouldGiveIt() {
    let inputs = [[2, 6, 5, 3], [3, 3, 3, 3], [3]].enumerated().map {
      sample($1, seed: UInt64($0)).cast(to: .float32)
    }
    expectSameBits(inputs) {
      $0[0] * $0[0].convolved(with: $0[1], padding: .same, adding: $0[0], activation: .relu)
    } asOf: {
      $0[0] * ($0[0].convolved(with: $0[1], padding: .same) + $0[0]).relu()
    }
    expectSameBits(inputs) {
      $0[0] * $0[0].batchNormalized(scale: $0[2], offset: $0[2], adding: $0[0], activation: .relu).output
    } asOf: {
      $0[0] * ($0[0].batchNormalized(scale: $0[2], offset: $0[2]).output + $0[0]).relu()
    }
    expectSameBits(inputs) {
      let (mean, variance) = ($0[2].detached(), $0[2].detached().absolute())
      return $0[0]
        * $0[0].batchNormalized(mean: mean, variance: variance, scale: $0[2], offset: $0[2], adding: $0[0])
    } asOf: {
      let (mean, variance) = ($0[2].detached(), $0[2].detached().absolute())
      return $0[0]
        * ($0[0].batchNormalized(mean: mean, variance: variance, scale: $0[2], offset: $0[2]) + $0[0])
    }
  }

  private func expectSameBits(
    _ inputs: [Tensor], of fused: ([Tensor]) -> Tensor, asOf parts: ([Tensor]) -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    func bits(_ function: ([Tensor]) -> Tensor) -> [[UInt32]] {
      let leaves = inputs.map { $0.withGradient() }
      let output = function(leaves)
      let slopes = gradients(
        of: (output * sample(output.shape, seed: 9).cast(to: .float32)).sum(), withRespectTo: leaves,
        unconnected: .zeros)
      return ([output] + slopes).map { $0.scalars(as: Float.self).map(\.bitPattern) }
    }
    #expect(bits(fused) == bits(parts), sourceLocation: sourceLocation)
  }

  @Test func nanStaysAndNothingGivesNothing() {
    let x = Tensor([[Float.nan, -1], [0, 2]])
    let (ones, zeros) = (Tensor.ones([2]), Tensor.zeros([2]))
    let output = x.batchNormalized(
      mean: zeros, variance: ones, scale: ones, offset: zeros, epsilon: 1e-30, activation: .relu)
    #expect(output.isNaN().scalars(as: Bool.self) == [true, false, false, false])
    #expect(output.scalars(as: Float.self).dropFirst() == [0, 0, 2])
    let product = x.matrixProduct(Tensor([[1, 0], [0, 1]] as [[Float]]), activation: .relu)
    #expect(product.isNaN().scalars(as: Bool.self) == [true, true, false, false])
    let nothing = Tensor.zeros([0, 2]).withGradient()
    nothing.batchNormalized(mean: zeros, variance: ones, scale: ones, offset: zeros, activation: .relu).sum()
      .backward()
    #expect(nothing.gradient!.shape == [0, 2])
    #expect(
      Tensor.zeros([0, 3, 3, 2]).convolved(with: .ones([1, 1, 2, 4]), activation: .relu).shape == [
        0, 3, 3, 4,
      ])
  }

  @Test func anAnomalyIsThatOfThePartThatGaveIt() {
    let x = Tensor([[1, 2], [3, 5]] as [[Float]]).withGradient()
    let (ones, zeros) = (Tensor.ones([2]), Tensor.zeros([2]))
    let infinite = Tensor([[0, -Float.infinity], [0, 0]])
    let sum = detectingAnomalies {
      x.batchNormalized(scale: ones, offset: zeros, adding: infinite, activation: .relu).output
    }
    #expect(sum.anomaly?.operation == "add")
    #expect(sum.result.scalars(as: Float.self)[1] == 0)
    let scaled = detectingAnomalies {
      x.batchNormalized(mean: zeros, variance: ones, scale: ones, offset: zeros, adding: infinite)
    }
    #expect(scaled.anomaly?.operation == "add")
    let (image, addend) = (x.reshaped(to: [1, 2, 2]), infinite.reshaped(to: [1, 2, 2]))
    let convolved = detectingAnomalies {
      image.convolved(with: .ones([1, 2, 2]), adding: addend, activation: .relu)
    }
    #expect(convolved.anomaly?.operation == "add")
    #expect(convolved.result.scalars(as: Float.self) == [3, 0, 8, 8])
    let product = detectingAnomalies { x.matrixProduct(infinite, activation: .relu) }
    #expect(product.anomaly?.operation == "matrixProduct")
  }

  @Test func graphsShowTheActivation() {
    let x = sample([3, 2]).withGradient()
    let graph = x.matrixProduct(sample([2, 4]), activation: .relu).recordedGraph
    #expect(graph.operations.filter { !$0.isLeaf }.map(\.name) == ["matrixProduct", "relu"])
  }
}
