import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

/// What is wrong with a layer's settings ends the program as the layer is made.
@Suite struct MisuseTests {
  static let mistakes: [Mistake] = convolutions + images + norms + dropouts

  private static let convolutions: [Mistake] = [
    Mistake(
      "Conv2D: the kernel size is not one number for each axis; given [1, 2, 3]; expected one number, or 2"
    ) {
      Conv2D(inputChannels: 1, outputChannels: 1, kernelSize: [1, 2, 3])
    },
    Mistake("Conv2D: a stride is too small; given [0]; expected 1 or more") {
      Conv2D(inputChannels: 1, outputChannels: 1, kernelSize: 3, strides: 0)
    },
    Mistake("Conv3D: a stride is too small; given [2, -1, 1]") {
      Conv3D(inputChannels: 1, outputChannels: 1, kernelSize: 3, strides: [2, -1, 1])
    },
    Mistake("Conv1D: a stride is not one number for each axis; given [1, 2]") {
      Conv1D(inputChannels: 1, outputChannels: 1, kernelSize: 3, strides: [1, 2])
    },
    Mistake("Conv2D: a dilation is too small; given [0]") {
      Conv2D(inputChannels: 1, outputChannels: 1, kernelSize: 3, dilations: 0)
    },
    Mistake(
      "Conv2D: the padding does not fit the spatial axes; given [[-1, -1]]; expected one pair of widths of 0"
    ) {
      Conv2D(inputChannels: 1, outputChannels: 1, kernelSize: 3, padding: .symmetric(-1))
    },
    Mistake("Conv1D: the padding does not fit the spatial axes; given [[0, 1], [2, 3]]") {
      Conv1D(
        inputChannels: 1, outputChannels: 1, kernelSize: 3,
        padding: .explicit([PaddingWidths(before: 0, after: 1), PaddingWidths(before: 2, after: 3)]))
    },
    Mistake("Conv2DTranspose: a stride is too small; given [-1]") {
      Conv2DTranspose(inputChannels: 1, outputChannels: 1, kernelSize: 3, strides: -1)
    },
    Mistake("Conv2DTranspose: an output padding is too small; given [0, -1]; expected 0 or more") {
      Conv2DTranspose(inputChannels: 1, outputChannels: 1, kernelSize: 3, outputPadding: [0, -1])
    },
  ]

  private static let images: [Mistake] = [
    Mistake("MaxPool: the kernel size is too small; given [0]; expected 1 or more") {
      MaxPool(kernelSize: 0)
    },
    Mistake("MaxPool: a stride is too small; given [0]") { MaxPool(kernelSize: 2, strides: 0) },
    Mistake("MaxPool: a dilation is too small; given [1, 0]") { MaxPool(kernelSize: 2, dilations: [1, 0]) },
    Mistake(
      "AveragePool: the kernel size is not one number for each axis; given []; expected one number, or 1"
    ) {
      AveragePool(kernelSize: [])
    },
    Mistake(
      "AveragePool: a stride is not one number for each axis; given [1, 2, 3, 4]; expected one number, or 3"
    ) {
      AveragePool(kernelSize: 2, strides: [1, 2, 3, 4])
    },
    Mistake("AveragePool: the padding does not fit the spatial axes; given [[-1, -1]]") {
      AveragePool(kernelSize: 2, padding: .symmetric(-1))
    },
    Mistake("AdaptiveAveragePool: the size is too small; given [0]") { AdaptiveAveragePool(size: 0) },
    Mistake("AdaptiveMaxPool: the size is too small; given [2, -3]") { AdaptiveMaxPool(size: [2, -3]) },
    Mistake("Upsample: a factor is too small; given [0]") { Upsample(by: 0) },
    Mistake("PixelShuffle: the factor is too small; given [-2]") { PixelShuffle(factor: -2) },
  ]

  private static let dropouts: [Mistake] = [
    Mistake("Dropout: the probability is out of range; given 1.0; expected 0 or more, and less than 1.") {
      Dropout(probability: 1)
    },
    Mistake("SpatialDropout: the probability is out of range; given -0.1") {
      SpatialDropout(probability: -0.1)
    },
    Mistake("StochasticDepth: the probability is out of range; given nan") {
      StochasticDepth(probability: .nan)
    },
  ]

  private static let norms: [Mistake] = [
    Mistake("batchNormalized: scale is not one number a channel; given scale [3], input [1, 5]") {
      BatchNorm(channels: 3)(.ones([1, 5]))
    },
    Mistake("batchNormalized: scale is not one number a channel; given scale [3], input [1, 2]") {
      BatchNorm(channels: 3)(.ones([1, 2]))
    },
    Mistake("BatchNorm: one value a channel has no variance; given input [1, 3]") {
      BatchNorm(channels: 3)(.ones([1, 3]))
    },
  ]

  @Test(arguments: mistakes.indices) func endsWithItsMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      MisuseTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
