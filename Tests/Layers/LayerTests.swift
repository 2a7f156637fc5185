import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

@Suite struct LayerTests {
  @Test func shapesThroughASmallNetwork() {
    let model = Sequential {
      Conv2D(inputChannels: 3, outputChannels: 6, kernelSize: [3, 5], strides: [1, 2], padding: .same)
      Activation.relu
      MaxPool(kernelSize: 2)
      AveragePool(kernelSize: 2, strides: 1)
      for _ in 0..<2 { BatchNorm(channels: 6) }
      Flatten()
      Dense(inputSize: 3 * 1 * 6, outputSize: 4)
      Activation.softmax
    }
    let output = model(.ones([2, 8, 9, 3]))
    #expect(output.shape == [2, 4])
    #expect(output.sum(axes: [1]).isClose(to: .ones([2])))
    #expect(model.parameterCount == 3 * 5 * 3 * 6 + 6 + 2 * 12 + 18 * 4 + 4)
  }

  @Test func batchNormKeepsRunningStatistics() {
    let norm = BatchNorm(channels: 2, momentum: 0.25, dataType: .float64)
    let batch = Tensor([[1, 10], [2, 20], [6, 60]], dataType: .float64)
    let output = norm(batch)
    #expect(output.mean(axes: [0]).isClose(to: .zeros([2], dataType: .float64), absoluteTolerance: 1e-12))
    #expect(norm.runningMean.value.isClose(to: Tensor([0.75, 7.5], dataType: .float64)))
    // The unbiased variances are 7 and 700.
    #expect(norm.runningVariance.value.isClose(to: Tensor([0.75 + 1.75, 0.75 + 175], dataType: .float64)))
    norm.mode = .inference
    let expected = (batch - norm.runningMean.value) / (norm.runningVariance.value + 1e-5).squareRoot()
    #expect(norm(batch).isClose(to: expected))
  }

  @Test func dropoutKeepsTheMeanAndRestsInInference() {
    let dropout = Dropout(probability: 0.25, from: RandomStream(seed: 3))
    let ones = Tensor.ones([100, 101])
    let output = dropout(ones)
    let kept = (output .!= 0).cast(to: .float32).mean().scalar(as: Double.self)
    #expect(abs(kept - 0.75) < 0.02)
    #expect(abs(output.mean().scalar(as: Double.self) - 1) < 0.02)
    #expect(dropout(ones).isClose(to: output) == false)
    dropout.mode = .inference
    #expect(dropout(ones).isClose(to: ones))
  }

  static let initializers: [(Initializer, Double)] = [
    (Initializer.heNormal, 2.0 / 90), (.heUniform, 2.0 / 90), (.glorotNormal, 2.0 / (90 + 180)),
    (.glorotUniform, 2.0 / (90 + 180)), (.lecunNormal, 1.0 / 90), (.lecunUniform, 1.0 / 90),
  ]

  @Test(arguments: initializers)
  func initializersHaveTheirVariance(_ initializer: Initializer, _ variance: Double) {
    let filter = initializer([3, 3, 10, 20], dataType: .float64, from: RandomStream(seed: 5))
    let found = filter.variance().scalar(as: Double.self)
    #expect(abs(found / variance - 1) < 0.1)
    #expect(abs(filter.mean().scalar(as: Double.self)) < 4 * (variance / 1800).squareRoot())
  }

  /// The fan-in is the number of inputs that one output sees.
  @Test(arguments: [1, 4]) func transposedFiltersHaveTheVarianceOfConvolutions(groups: Int) {
    let stream = RandomStream(seed: 6)
    let layer = Conv2DTranspose(
      inputChannels: 16, outputChannels: 24, kernelSize: 5, groups: groups, dataType: .float64, from: stream)
    let expected = 2 / Double(16 / groups * 25)
    for _ in 0..<2 {
      #expect(layer.filter.shape.sizes == [5, 5, 24 / groups, 16])
      #expect(abs(layer.filter.value.variance().scalar(as: Double.self) / expected - 1) < 0.1)
      layer.initialize { RandomStream(seed: 7, name: $0) }
    }
  }

  @Test func layersHaveCheckedGradients() {
    let images = sample([2, 5, 6, 3])
    let model = Sequential {
      Conv2D(inputChannels: 3, outputChannels: 4, kernelSize: 3, padding: .same, dataType: .float64)
      BatchNorm(channels: 4, dataType: .float64)
      Activation.tanh
      MaxPool(kernelSize: 2)
      Flatten()
      Dense(inputSize: 2 * 3 * 4, outputSize: 3, dataType: .float64)
    }
    model.initialize(seed: 4)
    let report = checkGradients(of: model) { model(images).crossEntropy(labels: Tensor([2, 0])) }
    #expect(report.passed, "\(report)")
    #expect(report.coordinates.contains { $0.input == "layers.0.filter" })
    #expect(report.coordinates.count == model.parameterCount)
  }

  @Test func wholeModelsAreCheckedAlongDirectionsWithDropoutFrozen() {
    let model = Sequential {
      Conv2D(inputChannels: 2, outputChannels: 5, kernelSize: 3, dataType: .float64)
      BatchNorm(channels: 5, dataType: .float64)
      Activation.gelu()
      Dropout(probability: 0.4)
      Flatten()
      Dense(inputSize: 3 * 4 * 5, outputSize: 3, dataType: .float64)
    }
    model.initialize(seed: 6)
    let images = sample([4, 5, 6, 2])
    let loss = { model(images).crossEntropy(labels: Tensor([2, 0, 1, 1])) }
    for order in 1...2 {
      let report = checkGradients(of: model, order: order, directions: 4, function: loss)
      #expect(report.passed, "\(report)")
    }
    #expect(model.namedStates[0].state.value.isClose(to: .zeros([5], dataType: .float64)))
  }

  @Test func checkpointsInModelsAreChecked() {
    let model = Sequential { Dense(inputSize: 3, outputSize: 4, dataType: .float64) }
    model.initialize(seed: 3)
    let inputs = sample([2, 3])
    for order in 1...2 {
      let report = checkGradients(of: model, order: order) { checkpoint { model(inputs).tanh() }.squared() }
      #expect(report.passed, "\(report)")
      #expect(report.coordinates.allSatisfy { $0.reverse != 0 })
    }
  }

  @Test func aWrongInputSizeIsNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dense(inputSize: 3, outputSize: 4)(.ones([2, 5]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      message.contains("Dense: input sizes differ; given input [2, 5], weight [3, 4]; expected input […, 3]"))
  }
}
