import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ImageGradientTests {
  static let convolutions: [OperatorCase] = {
    let bias = sample([4], seed: 3)
    return [
      OperatorCase("conv1D", [sample([2, 7, 3]), sample([3, 3, 4], seed: 2), bias]) {
        $0[0].convolved(with: $0[1], bias: $0[2], strides: 2, padding: .symmetric(1)).squared()
      },
      OperatorCase("conv2D", [sample([2, 5, 6, 3]), sample([3, 2, 3, 4], seed: 2), bias]) {
        $0[0].convolved(with: $0[1], bias: $0[2]).squared()
      },
      OperatorCase("conv2D, all options", sample([2, 7, 6, 4]), sample([2, 3, 2, 6], seed: 2)) {
        $0.convolved(
          with: $1, strides: [2, 1],
          padding: .explicit([PaddingWidths(before: 2, after: 0), PaddingWidths(before: 1, after: 3)]),
          dilations: [1, 2], groups: 2
        ).squared()
      },
      OperatorCase("conv2D, depthwise", sample([1, 4, 5, 3]), sample([3, 2, 1, 6], seed: 2)) {
        $0.convolved(with: $1, padding: .same, groups: 3).squared()
      },
      OperatorCase("conv2D, few outputs", sample([1, 2, 8, 9]), sample([2, 3, 9, 2], seed: 2)) {
        $0.convolved(with: $1, padding: .same).squared()
      },
      OperatorCase("conv2D, groups of four", sample([1, 3, 4, 8]), sample([2, 3, 4, 8], seed: 2)) {
        $0.convolved(with: $1, padding: .symmetric(1), groups: 2).squared()
      },
      OperatorCase("conv2D, same, stride 3", sample([1, 7, 5, 2]), sample([4, 2, 2, 3], seed: 2)) {
        $0.convolved(with: $1, strides: 3, padding: .same).squared()
      },
      OperatorCase("conv3D", sample([1, 3, 4, 5, 2]), sample([2, 3, 2, 2, 3], seed: 2)) {
        $0.convolved(with: $1, strides: [1, 2, 1], padding: .symmetric(1), dilations: [2, 1, 1]).squared()
      },
    ]
  }()

  static let poolings: [OperatorCase] = {
    let x = sample([2, 7, 5, 3])
    return [
      OperatorCase("maxPooled", x) { $0.maxPooled(kernelSize: [2, 3], strides: [2, 1]).squared() },
      OperatorCase("maxPooled, padded", x) {
        $0.maxPooled(kernelSize: 3, strides: 2, padding: .symmetric(1), dilations: [1, 2]).squared()
      },
      OperatorCase("maxPooled, partial", x) {
        $0.maxPooled(kernelSize: 2, keepsPartialWindows: true).squared()
      },
      OperatorCase("maxPooled 1D", sample([2, 9, 3])) { $0.maxPooled(kernelSize: 3, strides: 2).squared() },
      OperatorCase("maxPooled 3D", sample([1, 3, 4, 5, 2])) {
        $0.maxPooled(kernelSize: 2, strides: 1).squared()
      },
      OperatorCase("maxPooled, not squared", x) { $0.maxPooled(kernelSize: [2, 3], strides: [2, 1]) },
      OperatorCase("averagePooled, not squared", x) {
        $0.averagePooled(kernelSize: [3, 2], strides: [1, 2])
      },
      OperatorCase("averagePooled", x) { $0.averagePooled(kernelSize: [3, 2], strides: [1, 2]).squared() },
      OperatorCase("averagePooled, padding counts", x) {
        $0.averagePooled(kernelSize: 3, strides: 2, padding: .symmetric(1)).squared()
      },
      OperatorCase("averagePooled, padding does not count", x) {
        $0.averagePooled(
          kernelSize: 3, strides: 2, padding: .symmetric(1), countsPadding: false, keepsPartialWindows: true
        ).squared()
      },
    ]
  }()

  @Test(arguments: convolutions) func convolutionsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  @Test(arguments: poolings) func poolingsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  /// Every window sees one element here, of any number of images and channels; the mean of padding is 0.
  @Test func windowsMayHardlySeeTheImage() {
    func maxima(_ images: Tensor) -> Tensor {
      images.maxPooled(kernelSize: 2, strides: 1, padding: .symmetric(2), dilations: 4)
    }
    let image = Tensor([-1, -2, -3, -4], shape: [1, 4, 1], dataType: .float32)
    #expect(maxima(image).scalars(as: Float.self) == [-3, -4, -1, -2])
    #expect(maxima(.ones([0, 4, 3])).shape == [0, 4, 3])
    #expect(maxima(.ones([2, 4, 0])).shape == [2, 4, 0])
    let padding = Tensor.ones([2, 0, 3]).averagePooled(kernelSize: 2, padding: .symmetric(1))
    #expect(padding.isClose(to: .zeros([2, 1, 3])))
  }

  /// Means take no note of places, of which there may be more than 32 bits count.
  @Test func largeImagesAreAveraged() {
    let none = Tensor.ones([0, 50_000, 50_000, 1])
    #expect(none.averagePooled(kernelSize: 2).shape == [0, 25_000, 25_000, 1])
    #expect(none.adaptiveAveragePooled(to: [3, 2]).shape == [0, 3, 2, 1])
  }

  /// The elements chosen from a gradient are themselves differentiated only at the third order.
  @Test func maximumPoolingHasAThirdDerivative() {
    let x = Tensor([1, 2, 5, 3], shape: [1, 4, 1], dataType: .float64).withGradient()
    let cubes = x.maxPooled(kernelSize: 2).raised(to: 3)
    // 3x², then the slopes of 9x⁴ summed.
    let first = gradients(of: cubes.sum(), withRespectTo: [x], createGraph: true)[0]
    let second = gradients(of: first.squared().sum(), withRespectTo: [x], createGraph: true)[0]
    let third = gradients(of: second.sum(), withRespectTo: [x])[0]
    #expect(first.scalars(as: Double.self) == [0, 12, 75, 0])
    #expect(second.scalars(as: Double.self) == [0, 288, 4500, 0])
    #expect(third.scalars(as: Double.self) == [0, 432, 2700, 0])
  }

  @Test func batchNormalizationHasBothDerivatives() {
    let inputs = [sample([2, 3, 2, 4]), sample([4], in: 0.5..<1.5, seed: 2), sample([4], seed: 3)]
    OperatorCase("batchNormalized", inputs) {
      $0[0].batchNormalized(scale: $0[1], offset: $0[2]).output.squared()
    }.check()
    OperatorCase("batchNormalized with statistics", inputs) {
      $0[0].batchNormalized(
        mean: sample([4], seed: 4).cast(to: $0[0].dataType),
        variance: sample([4], in: 0.3..<2, seed: 5).cast(to: $0[0].dataType), scale: $0[1], offset: $0[2])
    }.check()
  }

  @Test func dropoutHasBothDerivativesUnderOneMask() {
    OperatorCase("dropout", sample([3, 4, 5])) {
      $0.dropout(probability: 0.4, from: RandomStream(seed: 5)).squared()
    }.check()
  }

  @Test func softmaxFamilyHasBothDerivatives() {
    let logits = sample([3, 5, 2], in: -3..<3)
    for axis in [0, 1, -1] {
      OperatorCase("softmax", logits) { $0.softmax(axis: axis) }.check()
      OperatorCase("logSoftmax", logits) { $0.logSoftmax(axis: axis) }.check()
    }
  }

  @Test(arguments: [LossReduction.mean, .sum, .none])
  func lossesHaveBothDerivatives(_ reduction: LossReduction) {
    let labels = Tensor([4, 0, 2])
    OperatorCase("crossEntropy", sample([3, 5])) {
      $0.crossEntropy(labels: labels, reduction: reduction).squared()
    }.check()
    OperatorCase("meanSquaredError", sample([3, 5]), sample([3, 5], seed: 2)) {
      $0.meanSquaredError(targets: $1, reduction: reduction)
    }.check()
  }

  @Test func crossEntropyIsExactForLargeLogits() {
    let logits = Tensor([[1e4, -1e4, 0], [0, 0, 0]]).withGradient()
    let losses = logits.crossEntropy(labels: Tensor([0, 1]), reduction: .none)
    #expect(losses.isClose(to: Tensor([0, 1.098_612_3])))
    losses.sum().backward()
    #expect(logits.gradient!.isClose(to: Tensor([[0, 0, 0], [1 / 3.0, -2 / 3.0, 1 / 3.0]])))
  }
}
