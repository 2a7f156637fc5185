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
    tensors["optimizer.Adam.steps"] = Tensor(-1)
    tensors["optimizer.dense.bias.mean"] = .zeros([3])
    #expect(
      try refusal(tensors, file.metadata)
        == "the tensors are not those of the optimizer; optimizer: missing: conv1.filter.steps; "
        + "left over: elsewhere.velocity; different: Adam.steps, dense.bias.mean")
    tensors = file.tensors
    tensors["model.conv1.filter"] = nil
    #expect(
      try refusal(tensors, file.metadata)
        == "the tensors are not those of the model; model: missing: conv1.filter")
    tensors = file.tensors
    tensors["other.filter"] = .ones([1])
    #expect(
      try refusal(tensors, file.metadata)
        == "a tensor is of no part; other.filter")
    tensors = file.tensors
    tensors["model"] = .ones([1])
    #expect(try refusal(tensors, file.metadata) == "a tensor is of no part; model")
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

  @Test func anotherRulesMemoryIsRefused() throws {
    let parameter = Parameter(.ones([2]), name: "x")
    let descent = SGD([parameter], learningRate: 0.1, momentum: 0.9)
    parameter.value.sum().backward()
    descent.step()
    let failure = #expect(throws: Failure.self) { try Adam([parameter]).load(descent.tensors) }
    #expect(failure?.given == "missing: Adam.steps; left over: SGD.steps")
    let other = SGD([parameter], learningRate: 0.1, momentum: 0.9)
    try other.load(descent.tensors)
    #expect(other.stepCount == 1 && other.progress.states[0].stepCount == 1)
    #expect(other.progress.states[0].tensors["velocity"]!.scalars(as: Float.self) == [1, 1])
  }

  @Test func longHistoriesAreCut() throws {
    let parameter = Parameter(Tensor([3.0, 2], dataType: .float64), name: "x")
    let optimizer = LBFGS([parameter], iterations: 6, evaluations: 40)
    optimizer.step { (parameter.value.squared().squared() * Tensor([1.0, 3], dataType: .float64)).sum() }
    #expect(optimizer.history.changes.count > 2)
    let short = LBFGS([parameter], historySize: 2)
    try short.load(optimizer.tensors)
    #expect(short.history.changes.count == 2)
    #expect(
      short.history.changes[1].values[0].scalars(as: Double.self)
        == optimizer.history.changes.last!.values[0].scalars(as: Double.self))
  }

  @Test func theStandardStreamGoesOnToo() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let model = Dense(inputSize: 1, outputSize: 1)
      let run: TrainingRun = ["model": model], other: TrainingRun = ["other": model]
      try run.save(to: folder.path("run.safetensors"))
      let drawn = Tensor.uniform([4]).scalars(as: Float.self)
      #expect(throws: DataError.self) {
        try other.restore(from: folder.path("run.safetensors"))
      }
      #expect(Tensor.uniform([4]).scalars(as: Float.self) != drawn)
      try run.restore(from: folder.path("run.safetensors"))
      #expect(Tensor.uniform([4]).scalars(as: Float.self) == drawn)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("TrainingRun: the parts have no names of their own; given [\"a.b\"]") {
      let run: TrainingRun = ["a.b": Dense(inputSize: 1, outputSize: 1)]
      return run
    },
    Mistake("TrainingRun: the note's name is that of a stream; given stream.model") {
      let run: TrainingRun = ["model": Dense(inputSize: 1, outputSize: 1)]
      return Result { try run.save(to: "never", notes: ["stream.model": "1"]) }
    },
    Mistake("Adam: two parameters have one name; given parameter") {
      let run: TrainingRun = ["optimizer": Adam([Parameter(.ones([1])), Parameter(.ones([2]))])]
      return run
    },
    Mistake("Adam: what is remembered cannot be saved by its name; given steps") {
      let optimizer = Adam([Parameter(.ones([1]))])
      optimizer.progress.states[0].tensors["steps"] = .ones([1])
      return optimizer.tensors
    },
  ]

  @Test(arguments: mistakes.indices) func mistakesEndWithTheirMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      ResumingTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
