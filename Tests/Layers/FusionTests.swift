import AdjointAutodiff
import AdjointLayers
import AdjointModels
import TestSupport
import Testing

@Suite struct FusionTests {
  /// Every pair of neighbours that runs in one pass.
  private func model() -> Sequential {
    let model = Sequential {
      Conv2D(inputChannels: 3, outputChannels: 5, kernelSize: 3, padding: .same)
      BatchNorm(channels: 5)
      Activation.relu
      Conv2D(inputChannels: 5, outputChannels: 4, kernelSize: 2, usesBias: false)
      BatchNorm(channels: 4)
      Conv2DTranspose(inputChannels: 4, outputChannels: 2, kernelSize: 2, strides: 2)
      BatchNorm(channels: 2)
      Activation.relu
      Conv2D(inputChannels: 2, outputChannels: 3, kernelSize: 1)
      Activation.relu
      Activation.sigmoid
      BatchNorm(channels: 3)
      Activation.relu
      Flatten()
      Dense(inputSize: 8 * 6 * 3, outputSize: 4)
      Activation.relu
      Dense(inputSize: 4, outputSize: 3)
    }
    model.initialize(seed: 3)
    return model
  }

  private let images = sample([2, 5, 4, 3]).cast(to: .float32)

  private func operators(of output: Tensor) -> [String] { output.recordedGraph.operations.map(\.name) }

  private func run(_ model: some Layer, _ forward: (Tensor) -> Tensor) -> [[UInt32]] {
    let output = forward(images)
    output.squared().sum().backward()
    let tensors = [output] + model.parameters.map { $0.gradient! } + model.namedStates.map(\.state.value)
    return tensors.map { $0.scalars(as: Float.self).map(\.bitPattern) }
  }

  @Test func trainingHasTheBitsOfLayersOneByOne() {
    let (fused, plain) = (model(), model())
    #expect(run(fused) { fused($0) } == run(plain) { plain.layers.reduce($0) { $1($0) } })
    #expect(operators(of: fused(images)).filter { $0 == "batchNormalized relu" }.count == 3)
    #expect(operators(of: plain.layers.reduce(images) { $1($0) }).contains("batchNormalized relu") == false)
  }

  @Test func inferenceFoldsNormalizationIntoConvolutions() {
    let model = model()
    // A bias is scaled before it is added to what is scaled, which rounds otherwise.
    for case let layer as Conv2D in model.layers {
      layer.bias?.update { $0 = sample($0.shape, seed: 4).cast(to: .float32) }
    }
    for _ in 0..<3 { _ = model(images) }
    model.setMode(.inference)
    let plain = model.layers.reduce(images) { $1($0) }
    let bits = { (output: Tensor) in output.scalars(as: Float.self).map(\.bitPattern) }
    #expect(bits(model(images)) == bits(plain), "what is recorded is not folded")
    let folded = withoutRecording { model(images) }
    #expect(bits(folded) != bits(plain), "it was not folded")
    #expect(folded.isClose(to: plain, relativeTolerance: 1e-5, absoluteTolerance: 1e-6))
    #expect(bits(model.capturingActivations { model.inferring { model(images) } }.result) == bits(plain))
  }

  @Test func observersSeeEveryLayer() {
    let model = model()
    let (output, activations) = model.capturingActivations { model(images) }
    #expect(activations.map(\.path) == model.layers.indices.map { "layers.\($0)" })
    #expect(activations[1].output.min().scalar(as: Float.self) < 0)
    #expect(activations.last!.output.isClose(to: output))
  }

  @Test func callsThatSayWhatFollowsAreTheirParts() {
    let (conv, norm) = (
      Conv2D(inputChannels: 3, outputChannels: 5, kernelSize: 3, padding: .same), BatchNorm(channels: 5)
    )
    let shortcut = sample([2, 5, 4, 5], seed: 2).cast(to: .float32)
    let bits = { (output: Tensor) in output.scalars(as: Float.self).map(\.bitPattern) }
    let parts = bits((norm(conv(images)) + shortcut).relu())
    let fused = conv(images, normalizedBy: norm, adding: shortcut, activation: .relu)
    #expect(bits(fused) == parts)
    #expect(operators(of: fused).contains("batchNormalized sum relu"))
    #expect(bits(norm(conv(images), adding: shortcut, activation: .relu)) == parts)
    #expect(bits(conv(images, adding: shortcut, activation: .relu)) == bits((conv(images) + shortcut).relu()))
    let observed = conv.capturingActivations {
      conv(images, normalizedBy: norm, adding: shortcut, activation: .relu)
    }
    #expect(bits(observed.result) == parts && observed.activations.count == 1)
    norm.mode = .inference
    let plain = (norm(conv(images)) + shortcut).relu()
    let folded = withoutRecording {
      conv(images, normalizedBy: norm, adding: shortcut, activation: .relu)
    }
    #expect(folded.isClose(to: plain, relativeTolerance: 1e-5, absoluteTolerance: 1e-6))
    let dense = Dense(inputSize: 3, outputSize: 4)
    #expect(bits(dense(.ones([3]), activation: .relu)) == bits(dense(.ones([3])).relu()))
  }

  static let mistakes: [Mistake] = [
    Mistake("batchNormalized: mean is not one number a channel; given mean [5], input [1, 2, 2, 1]") {
      inference(Conv2D(inputChannels: 3, outputChannels: 1, kernelSize: 1), BatchNorm(channels: 5))
    },
    Mistake("batchNormalized: the types differ; given float32 and float64") {
      inference(
        Conv2D(inputChannels: 3, outputChannels: 2, kernelSize: 1), BatchNorm(channels: 2, dataType: .float64)
      )
    },
  ]

  private static func inference(_ conv: Conv2D, _ norm: BatchNorm) -> Tensor {
    norm.mode = .inference
    return withoutRecording { conv(.ones([1, 2, 2, 3]), normalizedBy: norm) }
  }

  @Test(arguments: mistakes.indices) func foldingWhatDoesNotFitEndsWithItsMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      FusionTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }

  @Test func residualBlocksAreSeen() {
    let model = ResNet.eighteenForSmallImages()
    let paths = model.capturingActivations { model.inferring { model(.ones([1, 4, 4, 3])) } }.activations
      .map(\.path)
    #expect(
      paths.filter { $0.hasPrefix("blocks.2") } == [
        "blocks.2.conv1", "blocks.2.norm1", "blocks.2.shortcut.layers.0", "blocks.2.shortcut.layers.1",
        "blocks.2.conv2", "blocks.2.norm2", "blocks.2",
      ])
  }
}
