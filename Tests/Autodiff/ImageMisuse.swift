import AdjointAutodiff
import TestSupport

extension MisuseTests {
  /// Mistakes in transposed convolutions, pooling to a size, and resizing.
  static let imageSizes: [Mistake] = [
    Mistake("transposedConv2D: ranks do not fit; given input [4, 6, 2], filter [3, 3, 5, 2]") {
      Tensor.ones([4, 6, 2]).transposeConvolved(with: .ones([3, 3, 5, 2]))
    },
    Mistake("transposedConv2D: input channels differ; given input [1, 4, 6, 2], filter [3, 3, 2, 5]") {
      Tensor.ones([1, 4, 6, 2]).transposeConvolved(with: .ones([3, 3, 2, 5]))
    },
    Mistake("transposedConv1D: channels do not divide into groups; given 2 groups, input [1, 4, 3]") {
      Tensor.ones([1, 4, 3]).transposeConvolved(with: .ones([3, 2, 3]), groups: 2)
    },
    Mistake("transposedConv1D: the bias is not one number an output channel; given bias [2]") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([3, 2, 2]), bias: .ones([2]), groups: 2)
    },
    Mistake("transposedConv1D: the types differ; given float32 and float64") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([3, 2, 2], dataType: .float64))
    },
    Mistake("conv1D: the window has no places; given window [0]") {
      Tensor.ones([1, 5, 2]).convolved(with: .ones([0, 2, 3]))
    },
    Mistake("transposedConv1D: the image is too large; given input [0, \(1 << 40), 2], filter [3, 5, 2]") {
      Tensor.ones([0, 1 << 40, 2]).transposeConvolved(with: .ones([3, 5, 2]), strides: Extents(1 << 30))
    },
    Mistake("transposedConv1D: the window has no places; given window [0]") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([0, 3, 2]))
    },
    Mistake("transposedConv1D: a stride is too small; given [0]") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([3, 2, 2]), strides: 0)
    },
    Mistake("transposedConv1D: the output padding is too large; given output padding [2], strides [2]") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([3, 2, 2]), strides: 2, outputPadding: 2)
    },
    Mistake("transposedConv1D: the output's size is settled; given output padding [1] with padding .same") {
      Tensor.ones([1, 4, 2])
        .transposeConvolved(with: .ones([3, 2, 2]), strides: 2, padding: .same, outputPadding: 1)
    },
    Mistake("transposedConv1D: nothing is left of the output; given padding [[2, 2]], output sizes [0]") {
      Tensor.ones([1, 2, 2]).transposeConvolved(with: .ones([3, 2, 2]), padding: .symmetric(2))
    },
    Mistake("transposedConv1D: the image is empty; given input [1, 0, 2]") {
      Tensor.ones([1, 0, 2]).transposeConvolved(with: .ones([3, 2, 2]))
    },
    Mistake("conv1D: what is added differs from the output in shape; given addend [1, 4, 2]") {
      Tensor.ones([1, 4, 2]).convolved(with: .ones([3, 2, 2]), adding: .ones([1, 4, 2]))
    },
    Mistake("conv1D: the types differ; given float32 and float64") {
      Tensor.ones([1, 4, 2])
        .convolved(with: .ones([1, 2, 2]), adding: .ones([1, 4, 2], dataType: .float64))
    },
    Mistake("batchNormalized: what is added differs from the input in shape; given addend [2], input [4, 2]")
    {
      Tensor.ones([4, 2]).batchNormalized(scale: .ones([2]), offset: .ones([2]), adding: .ones([2])).output
    },
    Mistake("matrixProduct: the type is not a floating-point one; given int32") {
      Tensor([[1, 2]] as [[Int32]]).matrixProduct(Tensor([[1], [2]] as [[Int32]]), activation: .relu)
    },
    Mistake("adaptiveAveragePooled: not a batch of images; given shape [4, 4]") {
      Tensor.ones([4, 4]).adaptiveAveragePooled(to: 2)
    },
    Mistake("adaptiveMaxPooled: the size is too small; given [0]") {
      Tensor.ones([1, 4, 4, 1]).adaptiveMaxPooled(to: 0)
    },
    Mistake("adaptiveMaxPooled: the image is empty; given shape [1, 0, 1]") {
      Tensor.ones([1, 0, 1]).adaptiveMaxPooled(to: 1)
    },
    Mistake(
      "maxPooled: a window sees nothing of the image; given kernel size [2, 2], dilations [4, 4], image "
        + "[2, 9], padding [[2, 2], [2, 2]]; expected a place of the image in each window. Hint: "
    ) {
      Tensor.ones([1, 2, 9, 1])
        .maxPooled(kernelSize: 2, strides: 1, padding: .symmetric(2), dilations: 4)
    },
    Mistake("maxPooled: a window sees nothing of the image; given kernel size [2], dilations [4], image [1]")
    {
      Tensor.ones([1, 1, 1]).maxPooled(kernelSize: 2, strides: 1, padding: .same, dilations: 4)
    },
    Mistake("maxPooled: a window sees nothing of the image; given kernel size [2], dilations [1], image [0]")
    {
      Tensor.ones([1, 0, 1]).maxPooled(kernelSize: 2, padding: .symmetric(1))
    },
    Mistake(
      "averagePooled: a window sees nothing of the image; given kernel size [2], dilations [1], image [0]"
    ) {
      Tensor.ones([1, 0, 1]).averagePooled(kernelSize: 2, padding: .symmetric(1), countsPadding: false)
    },
    Mistake(
      "maxPooled: the image is too large; given shape [1, 50000, 50000, 1]; expected at most 2147483647 places"
    ) {
      Tensor.ones([1]).broadcast(to: [1, 50_000, 50_000, 1]).maxPooled(kernelSize: 50_000)
    },
    Mistake("adaptiveMaxPooled: the image is too large; given shape [1, 2048, 1024, 1024, 1]") {
      Tensor.ones([1]).broadcast(to: [1, 2_048, 1_024, 1_024, 1]).adaptiveMaxPooled(to: 1)
    },
    Mistake(
      "averagePooled: the image is too large; given shape [1, 2147483648, 1]; expected at most 2147483647 places "
        + "along each axis"
    ) {
      Tensor.ones([1]).broadcast(to: [1, 1 << 31, 1]).averagePooled(kernelSize: 1_000_000)
    },
    Mistake("globalAveragePooled: not a batch of images; given shape [2, 3]") {
      Tensor.ones([2, 3]).globalAveragePooled()
    },
    Mistake("globalMaxPooled: the image is empty; given shape [1, 0, 2]") {
      Tensor.ones([1, 0, 2]).globalMaxPooled()
    },
    Mistake("globalMaxPooled: the type is not a floating-point one; given int64") {
      Tensor([[[1]]]).globalMaxPooled()
    },
    Mistake("resized: the size is not one number for each axis; given [2, 3]") {
      Tensor.ones([1, 4, 2]).resized(to: [2, 3], .nearest)
    },
    Mistake("resized: the image is empty; given shape [1, 0, 2]") {
      Tensor.ones([1, 0, 2]).resized(to: 2, .linear())
    },
    Mistake("upsampled: the image is too large; given shape [0, \(1 << 40), 2], factors [1073741824]") {
      Tensor.ones([0, 1 << 40, 2]).upsampled(by: Extents(1 << 30))
    },
    Mistake("upsampled: the image is empty; given shape [1, 0, 2]") {
      Tensor.ones([1, 0, 2]).upsampled(by: 2)
    },
    Mistake("upsampled: a factor is too small; given [0]") { Tensor.ones([1, 4, 2]).upsampled(by: 0) },
    Mistake("pixelShuffled: channels do not divide; given shape [1, 2, 2, 6], factor 2") {
      Tensor.ones([1, 2, 2, 6]).pixelShuffled(factor: 2)
    },
    Mistake("pixelShuffled: not a batch of images; given shape [2, 2, 4]") {
      Tensor.ones([2, 2, 4]).pixelShuffled(factor: 2)
    },
    Mistake("pixelShuffled: the factor is too small; given 0") {
      Tensor.ones([1, 2, 2, 4]).pixelShuffled(factor: 0)
    },
    Mistake("pixelShuffled: the factor is too large; given \(Int.max)") {
      Tensor.ones([1, 2, 2, 4]).pixelShuffled(factor: .max)
    },
    Mistake("conv1D: a stride is too large; given [\(Int.max)]") {
      Tensor.ones([1, 4, 2]).convolved(with: .ones([3, 2, 2]), strides: Extents(.max), padding: .same)
    },
    Mistake("conv2D: a dilation is too large; given [1, \(Int.max)]") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([3, 3, 2, 5]), dilations: [1, .max])
    },
    Mistake("conv1D: the padding is too large; given [[0, \(Int.max)]]") {
      Tensor.ones([1, 4, 2])
        .convolved(with: .ones([3, 2, 2]), padding: .explicit([PaddingWidths(before: 0, after: .max)]))
    },
    Mistake("transposedConv1D: a stride is too large; given [\(Int.max)]") {
      Tensor.ones([1, 4, 2]).transposeConvolved(with: .ones([3, 2, 2]), strides: Extents(.max))
    },
    Mistake("maxPooled: a stride is too large; given [\(Int.max)]") {
      Tensor.ones([1, 4, 2]).maxPooled(kernelSize: 3, strides: Extents(.max), keepsPartialWindows: true)
    },
    Mistake("upsampled: a factor is too large; given [\(Int.max)]") {
      Tensor.ones([1, 4, 2]).upsampled(by: Extents(.max))
    },
    Mistake("pixelUnshuffled: the size does not divide; given shape [1, 4, 3, 2], factor 2") {
      Tensor.ones([1, 4, 3, 2]).pixelUnshuffled(factor: 2)
    },
  ]
}
