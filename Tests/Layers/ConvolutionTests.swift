import AdjointAutodiff
import AdjointLayers
import Testing

@Suite struct ConvolutionTests {
  @Test func convolutionsHaveTheirAxes() {
    let line = Conv1D(inputChannels: 3, outputChannels: 4, kernelSize: 3, strides: 2, padding: .symmetric(1))
    #expect(line.filter.shape == [3, 3, 4])
    #expect(line(.ones([2, 7, 3])).shape == [2, 4, 4])
    let plane = Conv2D(inputChannels: 4, outputChannels: 8, kernelSize: [3, 5], groups: 4, usesBias: false)
    #expect(plane.filter.shape == [3, 5, 1, 8])
    #expect(plane.parameters.count == 1)
    #expect(plane(.ones([1, 5, 6, 4])).shape == [1, 3, 2, 8])
    let space = Conv3D(inputChannels: 1, outputChannels: 2, kernelSize: 2, dilations: [1, 1, 2])
    #expect(space(.ones([1, 3, 4, 5, 1])).shape == [1, 2, 3, 3, 2])
  }

  @Test func transposedConvolutionsEnlarge() {
    let line = Conv1DTranspose(inputChannels: 2, outputChannels: 3, kernelSize: 4, strides: 3)
    #expect(line(.ones([2, 5, 2])).shape == [2, 16, 3])
    let plane = Conv2DTranspose(
      inputChannels: 6, outputChannels: 4, kernelSize: 3, strides: 2, padding: .symmetric(1),
      outputPadding: [0, 1], groups: 2)
    #expect(plane.filter.shape == [3, 3, 2, 6])
    #expect(plane(.ones([1, 3, 4, 6])).shape == [1, 5, 8, 4])
    let space = Conv3DTranspose(
      inputChannels: 1, outputChannels: 2, kernelSize: 2, strides: 2, padding: .same)
    #expect(space(.ones([1, 1, 2, 3, 1])).shape == [1, 2, 4, 6, 2])
  }

  @Test func layersObeyTheirMethod() {
    let images = (Tensor.uniform([2, 8, 8, 16], in: -4..<4, from: RandomStream(seed: 1))).rounded()
    for method in [ConvolutionMethod.automatic, .direct] {
      let layer = Conv2D(inputChannels: 16, outputChannels: 16, kernelSize: 3, padding: .same, method: method)
      let transposed = Conv2DTranspose(
        inputChannels: 16, outputChannels: 16, kernelSize: 3, padding: .same, method: method)
      for layer in [layer, transposed] {
        layer.filter.value = (layer.filter.value * 8).rounded()
        // The direct method adds whole numbers without rounding.
        let output = layer(images)
        #expect(output.isClose(to: output.rounded(), relativeTolerance: 0) == (method == .direct))
      }
    }
  }

  @Test func initializationCountsInputsAndIsRepeatable() {
    let layer = Conv2DTranspose(
      inputChannels: 50, outputChannels: 2, kernelSize: 5, initializer: .lecunNormal, dataType: .float64)
    layer.initialize(seed: 3)
    let filter = layer.filter.value
    #expect(abs(filter.variance().scalar(as: Double.self) * 50 * 25 - 1) < 0.1)
    layer.initialize(seed: 4)
    #expect(!layer.filter.value.isClose(to: filter))
    layer.initialize(seed: 3)
    #expect(layer.filter.value.isClose(to: filter))
    #expect(layer.namedParameters.map(\.path) == ["filter", "bias"])
  }

  @Test func misuseNamesTheLayer() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1DTranspose(inputChannels: 3, outputChannels: 4, kernelSize: 2, groups: 2)
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("Conv1DTranspose: channels do not divide into groups; given 3 and 4 channels"))
  }

  @Test func aConvolutionWithoutAxesIsNone() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Convolution(inputChannels: 3, outputChannels: 4, kernelSize: 2)
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("Convolution: the number of spatial axes is open; given Convolution"))
  }
}
