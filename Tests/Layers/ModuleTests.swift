import AdjointAutodiff
import AdjointLayers
import Testing

private final class Block: Layer {
  let dense = Dense(inputSize: 3, outputSize: 4)
  let activation: @Sendable (Tensor) -> Tensor = { $0.relu() }
  func callAsFunction(_ input: Tensor) -> Tensor { activation(dense(input)) }
}

private class Trunk: Module {
  let first = Block()
}

private final class Everything: Trunk {
  var features: [any Layer] = [Block(), MaxPool(kernelSize: 2), BatchNorm(channels: 5)]
  var heads = [
    "b": Dense(inputSize: 2, outputSize: 1), "a": Dense(inputSize: 1, outputSize: 1, usesBias: false),
  ]
  var extra: Dense?
  let scale = Parameter(.ones([2]))
  let count = StateTensor(.zeros([]))
  let padding = Padding.same
  let stream = RandomStream(seed: 1)
  lazy var late = Dense(inputSize: 1, outputSize: 2, usesBias: false)

  override init() {
    super.init()
    _ = late
  }
}

private final class Tied: Module {
  let one: Dense
  let two: Dense
  init() {
    one = Dense(inputSize: 2, outputSize: 3)
    two = one
  }
}

@Suite struct ModuleTests {
  @Test func parametersAreNamedByTheirPaths() {
    let model = Everything()
    model.extra = Dense(inputSize: 1, outputSize: 1)
    #expect(
      model.namedParameters.map(\.path) == [
        "first.dense.weight", "first.dense.bias", "features.0.dense.weight", "features.0.dense.bias",
        "features.2.scale", "features.2.offset", "heads.a.weight", "heads.b.weight", "heads.b.bias",
        "extra.weight", "extra.bias", "scale", "late.weight",
      ])
    #expect(
      model.namedStates.map(\.path) == ["features.2.runningMean", "features.2.runningVariance", "count"])
    #expect(model.namedStreams.map(\.path) == ["stream"] && model.namedStreams[0].stream === model.stream)
    #expect(model.parameters.allSatisfy { $0.name != "parameter" })
  }

  @Test func partsDoNotShortenTheNamesThatTheWholeGave() {
    let model = Everything()
    let block = model.first
    #expect(block.namedParameters.map(\.path) == ["dense.weight", "dense.bias"])
    #expect(block.dense.weight.name == "dense.weight")
    _ = model.parameters
    #expect(block.dense.weight.name == "first.dense.weight")
    #expect(block.dense.namedParameters.map(\.path) == ["weight", "bias"])
    for parameter in block.parameters { parameter.isTrainable = false }
    #expect(block.dense.parameters.map(\.name) == ["first.dense.weight", "first.dense.bias"])
    #expect(model.namedParameters.prefix(2).map(\.path) == ["first.dense.weight", "first.dense.bias"])
  }

  @Test func whatTwoModelsShareIsNamedByTheLastOneAsked() {
    let shared = Block()
    let (one, other) = (Everything(), Everything())
    one.features = [shared]
    other.features = [MaxPool(kernelSize: 2), shared]
    for (model, name) in [(one, "features.0.dense.bias"), (other, "features.1.dense.bias")] {
      #expect(model.namedParameters.map(\.path).contains(name))
      #expect(model.parameters.contains { $0 === shared.dense.bias && $0.name == name })
    }
  }

  @Test func whatIsSharedCountsOnce() {
    #expect(Tied().namedParameters.map(\.path) == ["one.weight", "one.bias"])
    #expect(Tied().parameterCount == 9)
  }

  @Test func frozenParametersDoNotCount() {
    let dense = Dense(inputSize: 2, outputSize: 3)
    dense.weight.isTrainable = false
    #expect(dense.parameterCount == 3)
    #expect(dense.weight.value.isRecorded == false)
  }

  @Test func modesReachEveryModuleAndComeBack() {
    let inner = BatchNorm(channels: 2)
    let dropout = Dropout(probability: 0.5)
    let model = Sequential {
      inner
      Sequential { dropout }
    }
    dropout.mode = .inference
    model.inferring {
      #expect(inner.mode == .inference)
      #expect(model(.ones([2, 2])).isRecorded == false)
    }
    #expect(inner.mode == .training)
    #expect(dropout.mode == .inference)
    model.setMode(.training)
    #expect(dropout.mode == .training)
  }

  @Test func initializationDependsOnSeedAndPathAlone() {
    func dense(within layers: [any Layer], seed: UInt64) -> [Float] {
      let last = Dense(inputSize: 3, outputSize: 2)
      let model = Everything()
      model.features = layers
      model.extra = last
      model.initialize(seed: seed)
      return last.weight.value.scalars()
    }
    let alone = dense(within: [], seed: 7)
    #expect(dense(within: [Conv2D(inputChannels: 1, outputChannels: 2, kernelSize: 3)], seed: 7) == alone)
    #expect(dense(within: [], seed: 8) != alone)
  }

  /// The gradient of one output with respect to the image, of the network as it is used.
  @Test func inferenceMayRecordOnItsWay() {
    let norm = BatchNorm(channels: 3)
    let image = Tensor.uniform([1, 3]).withGradient()
    let slope = norm.inferring {
      withRecording { gradients(of: norm(image)[0, 1], withRespectTo: [image])[0] }
    }
    #expect(slope.isClose(to: Tensor([[0, 1 / (1 + 1e-5).squareRoot(), 0]]), relativeTolerance: 1e-6))
    #expect(norm.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test func initializationSetsAWholeModelBack() {
    let model = Sequential {
      Dense(inputSize: 3, outputSize: 4)
      BatchNorm(channels: 4)
    }
    model.initialize(seed: 3)
    let fresh = model.namedParameters.map { $0.parameter.value.scalars(as: Float.self) }
    model(.uniform([5, 3])).sum().backward()
    for parameter in model.parameters { parameter.update { $0 = $0 + 1 } }
    model.initialize(seed: 3)
    #expect(model.namedParameters.map { $0.parameter.value.scalars(as: Float.self) } == fresh)
    #expect(model.parameters.allSatisfy { $0.gradient == nil })
    #expect(
      model.namedStates.map { $0.state.value.scalars(as: Float.self) } == [[0, 0, 0, 0], [1, 1, 1, 1]])
  }
}
