import AdjointAutodiff
import AdjointLayers
import Testing

@Suite struct ModuleTensorsTests {
  private func network(seed: UInt64, units: Int = 4, dataType: DataType = .float32) -> Sequential {
    let model = Sequential {
      Dense(inputSize: 3, outputSize: units, dataType: dataType)
      BatchNorm(channels: units, dataType: dataType)
    }
    model.initialize(seed: seed)
    return model
  }

  private static let paths = [
    "layers.0.bias", "layers.0.weight", "layers.1.offset", "layers.1.runningMean", "layers.1.runningVariance",
    "layers.1.scale",
  ]

  @Test func whatIsSavedOfOneModelIsLoadedIntoAnother() throws {
    let (model, other) = (network(seed: 1), network(seed: 2))
    let inputs = Tensor.uniform([5, 3], from: RandomStream(seed: 3))
    _ = model(inputs)
    #expect(model.tensors.keys.sorted() == Self.paths)
    #expect(model.tensors.values.allSatisfy { !$0.isRecorded })
    try other.load(model.tensors)
    for path in Self.paths {
      let (saved, loaded) = (try #require(model.tensors[path]), try #require(other.tensors[path]))
      #expect(loaded.isClose(to: saved, relativeTolerance: 0, absoluteTolerance: 0), "\(path)")
    }
    let outputs = [model, other].map { model in model.inferring { model(inputs) } }
    #expect(outputs[0].isClose(to: outputs[1], relativeTolerance: 0, absoluteTolerance: 0))
  }

  @Test func aPartIsSavedUnderItsOwnPaths() throws {
    let (model, other) = (network(seed: 1), network(seed: 2))
    let (norm, otherNorm) = (model.layers[1], other.layers[1])
    _ = (model.parameters, model(.uniform([5, 3], from: RandomStream(seed: 3))))
    #expect(norm.tensors.keys.sorted() == ["offset", "runningMean", "runningVariance", "scale"])
    try otherNorm.load(norm.tensors)
    #expect(other.tensors[Self.paths[3]]?.scalars() == model.tensors[Self.paths[3]]?.scalars(as: Float.self))
  }

  @Test func whatDoesNotFitIsNamedAndNothingIsLoaded() throws {
    let model = network(seed: 1)
    let before = try #require(model.tensors["layers.0.bias"]).scalars(as: Float.self)
    var tensors = model.tensors
    tensors["layers.0.bias"] = Tensor.ones([4])
    tensors["layers.0.weight"] = nil
    tensors["layers.1.scale"] = Tensor.ones([5])
    tensors["layers.1.runningMean"] = Tensor.ones([4], dataType: .float64)
    for name in ["epoch", "a"] { tensors[name] = Tensor(1) }
    let failure = try #require(throws: Failure.self) { try model.load(tensors) }
    #expect(
      failure.description
        == "load: the tensors are not those of the model; given missing: layers.0.weight; left over: a, epoch;"
        + " different: layers.1.scale float32 [5] for float32 [4],"
        + " layers.1.runningMean float64 [4] for float32 [4]; expected one of the same shape and type for each"
        + " of the 6 parameters and states. Hint: cast(to:) converts types.")
    #expect(try #require(model.tensors["layers.0.bias"]).scalars(as: Float.self) == before)
  }

  @Test func longListsAreCutShort() throws {
    let tensors = Dictionary(uniqueKeysWithValues: (0..<8).map { ("x\($0)", Tensor(1)) })
    let failure = try #require(throws: Failure.self) { try Flatten().load(tensors) }
    #expect(failure.given == "left over: x0, x1, x2, x3, x4, x5, and 2 more")
  }
}
