import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

@Suite struct ImageLayerTests {
  @Test func gradientsOfADecoder() {
    let images = sample([2, 5, 4, 3])
    let model = Sequential {
      Conv2D(inputChannels: 3, outputChannels: 4, kernelSize: 3, padding: .same, dataType: .float64)
      Activation.tanh
      AdaptiveMaxPool(size: [2, 3])
      Conv2DTranspose(
        inputChannels: 4, outputChannels: 8, kernelSize: 3, strides: 2, padding: .same, dataType: .float64)
      PixelShuffle(factor: 2)
      Upsample(by: [1, 2], .linear())
      AdaptiveAveragePool(size: 3)
      GlobalAveragePool()
    }
    let report = checkGradients(of: model) { model(images).squared().sum() }
    #expect(report.passed, "\(report)")
    #expect(model(images).shape == [2, 2])
  }

  @Test func embeddingsAreRowsOfATable() {
    let embedding = Embedding(count: 5, size: 3, dataType: .float64)
    let indices = Tensor([[4, 0], [4, 4]])
    let vectors = embedding(indices)
    #expect(vectors.shape == [2, 2, 3])
    #expect(vectors[1, 0].isClose(to: embedding.table.value[4]))
    let report = checkGradients(of: embedding) { embedding(indices).squared().sum() }
    #expect(report.passed, "\(report)")
  }

  @Test func poolingPassesItsSettingsOn() {
    let images = sample([2, 8, 10, 5])
    let largest = MaxPool(
      kernelSize: [2, 3], strides: [3, 2], dilations: [3, 2], keepsPartialWindows: true)
    #expect(
      largest(images).isClose(
        to: images.maxPooled(
          kernelSize: [2, 3], strides: [3, 2], dilations: [3, 2], keepsPartialWindows: true),
        relativeTolerance: 0, absoluteTolerance: 0))
    #expect(largest(images).shape == [2, 3, 4, 5])
  }

  @Test func globalPoolingIgnoresTheSize() {
    for size in [1, 3] {
      #expect(GlobalMaxPool()(.ones([2, size, size + 1, 4])).isClose(to: .ones([2, 4])))
    }
  }
}
