import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

@Suite struct ObservationTests {
  private func model() -> Sequential {
    Sequential {
      Dense(inputSize: 3, outputSize: 4)
      BatchNorm(channels: 4)
      Activation.relu
      Dropout(probability: 0.5)
      Dense(inputSize: 4, outputSize: 2)
    }
  }

  @Test func oneLineCapturesEveryActivation() {
    let model = model()
    let (output, activations) = model.capturingActivations { model(.ones([5, 3])) }
    #expect(activations.map(\.path) == (0..<5).map { "layers.\($0)" })
    #expect(activations.map(\.output.shape) == [[5, 4], [5, 4], [5, 4], [5, 4], [5, 2]])
    #expect(activations.last!.output.isClose(to: output))
  }

  @Test func layersRunAgainByACheckpointAreCapturedOnce() {
    let model = model()
    let (_, activations) = model.capturingActivations {
      checkpoint { model(.ones([5, 3])) }.sum().backward()
    }
    #expect(activations.map(\.path) == (0..<5).map { "layers.\($0)" })
  }

  /// What a checkpoint computes again is what its handlers made of it, in whatever block the pass back comes.
  @Test func handlersStayWithACheckpoint() {
    func gradients(isCheckpointed: Bool, isWithin: Bool) -> [[Float]] {
      let model = model()
      model.initialize(seed: 1)
      let x = sample([5, 3]).cast(to: .float32)
      var repeated = 0
      model.observingLayers({ call in
        if call.isRepeated { repeated += 1 }
        return call.path == "layers.2" ? call.output * 3 : nil
      }) {
        let output = isCheckpointed ? checkpoint { model(x) } : model(x)
        if isWithin { output.squared().sum().backward() }
        return isWithin ? nil : output
      }.map { output in
        // Whoever observes now did not observe then.
        let other = model.observingLayers({ .zeros(like: $0.output) }) { output.squared().sum() }
        model.observingLayers({ .zeros(like: $0.output) }) { other.backward() }
      }
      #expect(repeated == (isCheckpointed ? 5 : 0))
      return model.parameters.map { $0.gradient!.scalars(as: Float.self) }
    }
    let expected = gradients(isCheckpointed: false, isWithin: true)
    for isWithin in [true, false] {
      #expect(gradients(isCheckpointed: true, isWithin: isWithin) == expected)
    }
  }

  /// A segment that looks inside sees the same when it is computed again; so does a function that is checked.
  @Test func activationsAreThereEachTimeTheyAreComputed() {
    let model = Sequential {
      Dense(inputSize: 3, outputSize: 4, dataType: .float64)
      Activation.tanh
    }
    func ofTheFirst(_ x: Tensor) -> Tensor {
      let activations = model.capturingActivations { model(x) }.activations
      return activations[0].output.squared()
    }
    let x = sample([5, 3])
    #expect(checkGradients(at: [x]) { ofTheFirst($0[0]) }.passed)
    #expect(checkGradients(at: [x]) { inputs in checkpoint { ofTheFirst(inputs[0]) } }.passed)
    let nested = checkGradients(at: [x]) { inputs in
      checkpoint { checkpoint { ofTheFirst(inputs[0]) }.exp() }
    }
    #expect(nested.passed, "\(nested)")
  }

  @Test func everyKindOfLayerIsSeen() {
    let model = Sequential {
      Conv2D(inputChannels: 4, outputChannels: 4, kernelSize: 3, padding: .same)
      Conv2DTranspose(inputChannels: 4, outputChannels: 4, kernelSize: 2, strides: 2)
      PixelShuffle(factor: 2)
      Upsample(by: 2)
      LayerNorm(shape: [1])
      AveragePool(kernelSize: 2)
      AdaptiveMaxPool(size: 4)
      SpatialDropout(probability: 0.5)
      PReLU(channels: 1)
      AdaptiveAveragePool(size: 2)
      GlobalAveragePool()
    }
    let activations = model.capturingActivations { model(.ones([1, 4, 4, 4])) }.activations
    #expect(activations.count == model.layers.count)
    let embedding = Embedding(count: 5, size: 2)
    #expect(embedding.capturingActivations { embedding(Tensor([1, 3])) }.activations.count == 1)
  }

  @Test func aHandlerMayReplaceAnOutputWithinItsScopeOnly() {
    let model = model()
    model.setMode(.inference)
    let plain = model(.ones([1, 3]))
    let replaced = model.observingLayers({ $0.path == "layers.2" ? .zeros(like: $0.output) : nil }) {
      model(.ones([1, 3]))
    }
    #expect(replaced.isClose(to: .zeros([1, 2])))
    #expect(model(.ones([1, 3])).isClose(to: plain))
  }

  @Test func observersNest() {
    let model = model()
    var outer: [String] = []
    model.observingLayers({ call in
      outer.append(call.path)
      return nil
    }) {
      let inner = model.capturingActivations { model(.ones([5, 3])) }.activations
      #expect(inner.count == 5)
    }
    #expect(outer == (0..<5).map { "layers.\($0)" })
  }

  @Test func anomaliesNameTheirLayer() {
    let model = model()
    (model.layers[4] as! Dense).bias!.value = Tensor([Float.nan, 0])
    let (_, anomaly) = model.detectingAnomalies { model(.ones([5, 3])).sum().backward() }
    #expect(anomaly?.layerPath == "layers.4")
    #expect(anomaly?.operation == "matrixProduct")
  }

  @Test func whatLayersRecordBearsTheirPaths() {
    let model = Sequential {
      Conv2D(inputChannels: 1, outputChannels: 2, kernelSize: 2)
      Activation.relu
    }
    let output = model.observingLayers { model(.ones([1, 3, 4, 1])) }
    let operations = (output * 2).recordedGraph.operations
    #expect(operations.compactMap(\.parameterName) == ["layers.0.filter", "layers.0.bias"])
    #expect(operations.filter { !$0.isLeaf }.map(\.layerPath) == ["layers.0", "layers.1", nil])
  }

  @Test func replayedCheckpointsLeaveRunningStatisticsAlone() {
    let (plain, saved) = (BatchNorm(channels: 3), BatchNorm(channels: 3))
    let x = sample([4, 3]).cast(to: .float32).withGradient()
    plain(x).squared().sum().backward()
    checkpoint { saved(x) }.squared().sum().backward()
    #expect(
      saved.runningMean.value.scalars(as: Float.self) == plain.runningMean.value.scalars(as: Float.self))
    #expect(saved.scale.gradient!.scalars(as: Float.self) == plain.scale.gradient!.scalars(as: Float.self))
  }
}
