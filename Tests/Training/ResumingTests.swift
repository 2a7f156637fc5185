import Adjoint
import TestSupport
import Testing

/// A run that is saved to a file and taken up from it goes on as if it had never ended.
@Suite struct ResumingTests {
  private final class Run {
    let model = SmallNetwork()
    let optimizer: Adam
    let data = CrossesAndNoughts(count: 20, size: 14, seed: 3)
    let schedule = CosineSchedule(from: 5e-3, steps: 20)

    init() { optimizer = Adam(model.parameters) }

    func train(epochs: Range<Int>) -> [UInt32] {
      epochs.flatMap { epoch in
        data.batches(size: 8, shuffledBy: 1, epoch: epoch).map { batch in
          optimizer.learningRate = schedule.learningRate(at: optimizer.stepCount)
          return trainingStep(model, optimizer, batch).bitPattern
        }
      }
    }

    var saved: TrainingRun { ["model": model, "optimizer": optimizer] }
  }

  @Test func aSavedRunGoesOnWithTheSameBits() throws {
    let folder = try TemporaryFolder()
    let whole = Run()
    whole.model.initialize(seed: 5)
    _ = whole.train(epochs: 0..<2)
    try whole.saved.save(to: folder.path("run.safetensors"), notes: ["epochs": "2"])
    let rest = whole.train(epochs: 2..<4)

    let resumed = Run()
    let notes = try resumed.saved.restore(from: folder.path("run.safetensors"))
    #expect(notes == ["epochs": "2"])
    #expect(resumed.train(epochs: 2..<4) == rest)
    for (one, other) in zip(whole.model.parameters, resumed.model.parameters) {
      #expect(one.value.scalars(as: Float.self) == other.value.scalars(as: Float.self), "\(one.name)")
    }
  }

  @Test func newtonStepsGoOnWithTheSameBits() throws {
    let folder = try TemporaryFolder()
    let inputs = sample([20, 3], seed: 2), targets = sample([20, 2], seed: 3)
    func made() -> (model: Sequential, optimizer: LBFGS, run: TrainingRun) {
      let model = Sequential {
        Dense(inputSize: 3, outputSize: 4, dataType: .float64)
        Activation.tanh
        Dense(inputSize: 4, outputSize: 2, dataType: .float64)
      }
      let optimizer = LBFGS(model.parameters, iterations: 3, historySize: 4)
      return (model, optimizer, ["model": model, "optimizer": optimizer])
    }
    func train(_ model: Sequential, _ optimizer: LBFGS) -> [Double] {
      (0..<3).map { _ in optimizer.step { model(inputs).meanSquaredError(targets: targets) } }
    }
    let whole = made()
    whole.model.initialize(seed: 5)
    _ = train(whole.model, whole.optimizer)
    #expect(whole.optimizer.history.changes.count == 4 && whole.optimizer.history.last != nil)
    try whole.run.save(to: folder.path("run.safetensors"))
    let rest = train(whole.model, whole.optimizer)

    let resumed = made()
    try resumed.run.restore(from: folder.path("run.safetensors"))
    #expect(train(resumed.model, resumed.optimizer) == rest)
  }

  /// Also those of the parts that fitted before the one that did not.
  @Test func whatDoesNotFitLeavesAllPartsAsTheyWere() throws {
    let folder = try TemporaryFolder()
    let (path, changed) = (folder.path("run.safetensors"), folder.path("changed.safetensors"))
    let trained = Run(), fresh = Run()
    _ = trained.train(epochs: 0..<1)
    try trained.saved.save(to: path)
    let file = try SafetensorsFile(contentsOf: path)
    let before = fresh.model.tensors, stream = fresh.model.dropout.stream.state

    func refusal(_ tensors: [String: Tensor], _ words: [String: String]) throws -> String {
      try SafetensorsFile(tensors: tensors, metadata: words).write(to: changed)
      let error = #expect(throws: DataError.self) { try fresh.saved.restore(from: changed) }
      for (name, tensor) in fresh.model.tensors {
        #expect(tensor.scalars(as: Float.self) == before[name]!.scalars(as: Float.self), "\(name)")
      }
      #expect(fresh.optimizer.stepCount == 0 && fresh.model.dropout.stream.state == stream)
      #expect(error?.operation == "restore" && error?.file == changed)
      return "\(try #require(error).problem); \(try #require(error).given)"
    }

    var tensors = file.tensors
    tensors["optimizer.conv1.filter.steps"] = nil
    tensors["optimizer.elsewhere.velocity"] = .ones([1])
    tensors["optimizer.steps"] = Tensor(-1)
    #expect(
      try refusal(tensors, file.metadata)
        == "the tensors are not those of the optimizer; optimizer: missing: conv1.filter.steps; "
        + "left over: elsewhere.velocity; different: steps")
    tensors = file.tensors
    tensors["model.conv1.filter"] = nil
    #expect(
      try refusal(tensors, file.metadata)
        == "the tensors are not those of the model; model: missing: conv1.filter")
    tensors = file.tensors
    tensors["other.filter"] = .ones([1])
    #expect(
      try refusal(tensors, file.metadata)
        == "the file has other parts; [\"model\", \"optimizer\", \"other\"]")
    var words = file.metadata
    words["stream.model.dropout.stream"] = "12"
    #expect(
      try refusal(file.tensors, words) == "a stream has no state; stream.model.dropout.stream: 12")
    words["stream.model.dropout.stream"] = nil
    #expect(
      try refusal(file.tensors, words) == "the streams are not those of the parts; [\"stream\"]")
  }

  @Test func historiesThatDoNotFitAreRefused() throws {
    let parameter = Parameter(Tensor([1.0, 2], dataType: .float64), name: "x")
    let optimizer = LBFGS([parameter], iterations: 2, evaluations: 20)
    optimizer.step { (parameter.value.squared() * Tensor([1.0, 3], dataType: .float64)).sum() }
    #expect(
      Set(optimizer.tensors.keys) == [
        "directions", "changes", "changes.0.values.x", "changes.0.gradients.x", "last.gradients.x",
        "last.change.x",
      ])
    var tensors = optimizer.tensors
    tensors["changes.0.values.x"] = .zeros([3], dataType: .float64)
    tensors["last.change.x"] = nil
    tensors["changes.1.values.x"] = .zeros([2], dataType: .float64)
    let fresh = LBFGS([parameter])
    let failure = #expect(throws: Failure.self) { try fresh.load(tensors) }
    #expect(
      failure?.given
        == "missing: last.change.x; left over: changes.1.values.x; different: changes.0.values.x")
    tensors = optimizer.tensors
    tensors["changes"] = Tensor(Int64.max)
    #expect(throws: Failure.self) { try fresh.load(tensors) }
    #expect(fresh.history.changes.isEmpty && fresh.history.last == nil)
  }

  @Test func namesAreTheirOwn() async {
    await #expect(processExitsWith: .failure) {
      let run: TrainingRun = ["a.b": Dense(inputSize: 1, outputSize: 1)]
      _ = run
    }
    await #expect(processExitsWith: .failure) {
      let run: TrainingRun = ["model": Dense(inputSize: 1, outputSize: 1)]
      try run.save(to: "never", notes: ["stream.model": "1"])
    }
    await #expect(processExitsWith: .failure) {
      _ = Adam([Parameter(.ones([1])), Parameter(.ones([2]))]).tensors
    }
  }
}
