import Adjoint
import TestSupport
import Testing

/// A run that is saved to a file and taken up from it goes on as if it had never ended.
@Suite struct ResumingTests {
  /// The lines of `Documentation/Networks.md` are the bodies of `save` and `restore`.
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

    func save(epochs: Int, to path: String) throws {
      var tensors: [String: Tensor] = [:]
      for (path, parameter) in model.namedParameters { tensors[path] = parameter.value }
      for (path, state) in model.namedStates { tensors[path] = state.value }
      let progress = optimizer.progress
      for ((path, _), state) in zip(model.namedParameters, progress.states) {
        for (name, tensor) in state.tensors { tensors["optimizer.\(path).\(name)"] = tensor }
      }
      tensors["steps"] = Tensor([progress.stepCount] + progress.states.map(\.stepCount))
      let stream = model.dropout.stream.state
      let words = ["epochs": "\(epochs)", "key": "\(stream.key)", "position": "\(stream.position)"]
      try SafetensorsFile(tensors: tensors, metadata: words).write(to: path)
    }

    func restore(from path: String) throws -> Int {
      let file = try SafetensorsFile(contentsOf: path)
      for (path, parameter) in model.namedParameters { parameter.value = file.tensors[path]! }
      for (path, state) in model.namedStates { state.value = file.tensors[path]! }
      let steps = file.tensors["steps"]!.scalars(as: Int.self)
      optimizer.progress.stepCount = steps[0]
      for (index, (path, _)) in model.namedParameters.enumerated() {
        optimizer.progress.states[index].stepCount = steps[index + 1]
        let prefix = "optimizer.\(path)."
        for (key, tensor) in file.tensors where key.hasPrefix(prefix) {
          optimizer.progress.states[index].tensors[String(key.dropFirst(prefix.count))] = tensor
        }
      }
      let words = file.metadata.mapValues { UInt64($0)! }
      model.dropout.stream.state = .init(key: words["key"]!, position: words["position"]!)
      return Int(words["epochs"]!)
    }
  }

  @Test func aSavedRunGoesOnWithTheSameBits() throws {
    let folder = try TemporaryFolder()
    let whole = Run()
    whole.model.initialize(seed: 5)
    _ = whole.train(epochs: 0..<2)
    try whole.save(epochs: 2, to: folder.path("run.safetensors"))
    let rest = whole.train(epochs: 2..<4)

    let resumed = Run()
    let epochs = try resumed.restore(from: folder.path("run.safetensors"))
    #expect(epochs == 2)
    #expect(resumed.train(epochs: epochs..<4) == rest)
    for (one, other) in zip(whole.model.parameters, resumed.model.parameters) {
      #expect(one.value.scalars(as: Float.self) == other.value.scalars(as: Float.self), "\(one.name)")
    }
  }
}
