import AdjointAutodiff
import TestSupport
import Testing

/// Operators that mind the shape, where an axis has the size 1 or nothing in it.
@Suite struct ExtentsTests {
  typealias Function = @Sendable (Tensor) -> Tensor

  static let ofOne: [(name: String, function: Function)] = [
    ("reshaped", { $0.reshaped(to: [3, -1, 2]).squared() }), ("transposed", { $0.transposed([2, 0, 1]) }),
    ("expandedDimensions", { $0.expandedDimensions(at: 1).squared() }),
    ("sliced", { $0[1..<2, TensorIndex.all, 1...] }), ("flipped", { $0.flipped(axes: [1, 2]).squared() }),
    ("broadcast", { $0.broadcast(to: Shape([2] + $0.shape.sizes)).squared() }),
    ("concatenate", { Tensor.concatenate([$0, $0.exp()], axis: 1) }),
    ("cumulativeSum", { $0.cumulativeSum(axis: 1).squared() }),
    ("sorted", { $0.sorted(axis: 1).values.squared() }),
    ("topK", { $0.topK(2, axis: 2).values.squared() }),
    ("taken", { $0.taken(at: Tensor([1, 1]), axis: 0).squared() }),
    ("sum", { $0.sum(axes: [1]).squared() }), ("product", { $0.product(axes: [1]).squared() }),
    ("l1Norm", { $0.l1Norm(axes: [1]).squared() }), ("l2Norm", { $0.l2Norm(axes: [1]).squared() }),
    ("max", { $0.max(axes: [2]).squared() }), ("min", { $0.min(axes: [2]).squared() }),
    ("logSumExp", { $0.logSumExp(axes: [2]).squared() }), ("softmax", { $0.softmax(axis: 1).squared() }),
    ("softmax of the last", { $0.softmax() }), ("logSoftmax", { $0.logSoftmax(axis: 1).squared() }),
    ("layerNormalized", { $0.layerNormalized().squared() }),
    ("dropout", { $0.dropout(probability: 0.4, from: RandomStream(seed: 5)).squared() }),
    ("matrixProduct", { $0.matrixProduct($0.transposed([0, 2, 1])) }),
    ("maximum", { Tensor.maximum($0, $0.sum(axes: [2], keepsAxes: true)).squared() }),
    ("minimum", { Tensor.minimum($0, $0.sum(axes: [2], keepsAxes: true)).squared() }),
    ("atan2", { Tensor.atan2($0 + 3, $0.sum(axes: [2], keepsAxes: true)) }),
    ("prelu", { $0.prelu(slopes: $0.sum(axes: [0, 1])) }),
    ("heldLogarithm", { $0.sigmoid().binaryCrossEntropy(targets: $0.squared() / 5, reduction: .none) }),
    ("checkpoint", { x in checkpoint { x.tanh().squared() } }),
    ("onGradient", { $0.onGradient { _ in nil } }),
    (
      "replaced",
      {
        var result = $0
        result[TensorIndex.all, TensorIndex.all, 1..<2] = $0[TensorIndex.all, TensorIndex.all, ..<1]
        return result.squared()
      }
    ),
  ]

  @Test(arguments: ofOne.indices) func oneOfAKind(_ index: Int) {
    OperatorCase(Self.ofOne[index].name, sample([2, 1, 3]), Self.ofOne[index].function).check()
  }

  @Test(arguments: ofOne.indices) func nothing(_ index: Int) {
    OperatorCase(Self.ofOne[index].name, sample([1]), Self.ofOne[index].function).at([2, 0, 3]).check()
  }

  /// Batches of nothing, and images of one pixel.
  static let batches: [OperatorCase] = [0, 1].flatMap { count in
    [
      OperatorCase("conv1D", sample([count, 4, 2]), sample([1, 2, 3])) { $0.convolved(with: $1) },
      OperatorCase("conv2D", sample([count, 1, 1, 2]), sample([1, 1, 2, 3])) { $0.convolved(with: $1) },
      OperatorCase("conv3D", sample([count, 1, 3, 1, 2]), sample([1, 1, 1, 2, 3])) { $0.convolved(with: $1) },
      OperatorCase("maxPooled", sample([count, 1, 3, 2])) { $0.maxPooled(kernelSize: [1, 2]).squared() },
      OperatorCase("averagePooled", sample([count, 1, 3, 2])) {
        $0.averagePooled(kernelSize: [1, 2]).squared()
      },
      OperatorCase("averagePooled, not squared", sample([count, 1, 3, 2])) {
        $0.averagePooled(kernelSize: [1, 2])
      },
      OperatorCase("maxPooled, not squared", sample([count, 1, 3, 2])) {
        $0.maxPooled(kernelSize: [1, 2])
      },
      OperatorCase("transposedConv1D", sample([count, 4, 2]), sample([1, 3, 2])) {
        $0.transposeConvolved(with: $1, strides: 2)
      },
      OperatorCase("transposedConv2D", sample([count, 1, 3, 2]), sample([1, 1, 3, 2])) {
        $0.transposeConvolved(with: $1)
      },
      OperatorCase("transposedConv3D", sample([count, 1, 3, 1, 2]), sample([1, 2, 1, 3, 2])) {
        $0.transposeConvolved(with: $1)
      },
      OperatorCase(
        "batchNormalized with statistics", [sample([count, 1, 3]), sample([3]), sample([3], seed: 2)]
      ) {
        let statistics = Tensor([0.5, 1, 2], dataType: $0[0].dataType)
        return $0[0].batchNormalized(
          mean: statistics, variance: statistics, scale: $0[1], offset: $0[2], activation: .relu)
      },
      OperatorCase("resized", sample([count, 3, 1, 2])) { $0.resized(to: [2, 3], .linear()).squared() },
      OperatorCase("resized, nearest", sample([count, 3, 1, 2])) { $0.resized(to: [2, 3], .nearest) },
      OperatorCase("crossEntropy", sample([count, 3])) {
        $0.crossEntropy(labels: .zeros([count], dataType: .int64), reduction: .none)
      },
      OperatorCase("matrixProduct", sample([count, 3]), sample([3, 2])) { $0.matrixProduct($1).squared() },
      OperatorCase("gathered", sample([2, 3])) {
        $0.gathered(at: .zeros([2, count], dataType: .int64), axis: 1).squared()
      },
      OperatorCase("gathered from few", sample([count, 3])) {
        $0.gathered(at: .zeros([count, 2], dataType: .int64), axis: 1).squared()
      },
      OperatorCase("taken from few", sample([count, 3])) { $0.taken(at: Tensor([2, 0]), axis: 1) },
      OperatorCase("adding", sample([count, 3]), sample([count, 2], seed: 2)) {
        $0.adding($1, at: .zeros([count, 2], dataType: .int64), axis: 1)
      },
      OperatorCase("groupNormalized", [sample([count, 3, 4]), sample([4]), sample([4], seed: 2)]) {
        $0[0].groupNormalized(groups: 2, scale: $0[1], offset: $0[2]).squared()
      },
      OperatorCase("instanceNormalized", [sample([count, 3, 2]), sample([2]), sample([2], seed: 2)]) {
        $0[0].instanceNormalized(scale: $0[1], offset: $0[2]).squared()
      },
    ] + LossesTests.differences(.sum).map { $0.at([count, 3]) }
  }

  @Test(arguments: batches) func fewOrNone(_ operation: OperatorCase) { operation.check() }

  /// An empty batch has no statistics, and traps; one number has a variance of 0.
  @Test func batchesOfOneNumber() {
    OperatorCase("batchNormalized", [sample([4, 1, 3]), sample([3], in: 0.5..<1.5), sample([3])]) {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2]).output.squared()
    }.check()
    let one = [sample([1, 1]), sample([1], in: 0.5..<1.5), sample([1])]
    OperatorCase("batchNormalized", one) {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2]).output.squared()
    }.check()
  }
}
