import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

@Suite struct SubstitutionTests {
  private let model = Sequential {
    Dense(inputSize: 3, outputSize: 4, dataType: .float64)
    Activation.tanh
    Dense(inputSize: 4, outputSize: 2, dataType: .float64)
  }
  private let inputs = sample([5, 3])
  private let targets = sample([5, 2], seed: 2)

  private func loss() -> Tensor { model(inputs).meanSquaredError(targets: targets) }

  private var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: model.namedParameters.map { ($0.path, $0.parameter.value) })
  }

  /// The loss after a step of descent, whose gradient goes through the step: the Hessian is in it.
  @Test func gradientsPassThroughSubstitutedWeights() {
    model.initialize(seed: 3)
    let parameters = model.parameters
    func stepped() -> Tensor {
      var weights = weights
      let paths = weights.keys.sorted()
      let slopes = gradients(of: loss(), withRespectTo: paths.map { weights[$0]! }, createGraph: true)
      for (path, slope) in zip(paths, slopes) { weights[path]! -= 0.3 * slope }
      return model.substituting(weights) { loss() }
    }
    let found = gradients(of: stepped(), withRespectTo: parameters.map(\.value))
    let distance = 1e-5
    for (index, parameter) in parameters.enumerated() {
      let (start, direction) = (parameter.value.detached(), sample(parameter.shape, seed: UInt64(index) + 4))
      func moved(_ length: Double) -> Double {
        parameter.value = start + direction * length
        defer { parameter.value = start }
        return stepped().scalar()
      }
      let slope = (moved(distance) - moved(-distance)) / (2 * distance)
      #expect(abs((found[index] * direction).sum().scalar(as: Double.self) - slope) < 1e-8)
    }
  }

  @Test func parametersAreThemselvesAfterwards() {
    let filter = model.parameters[0], path = model.namedParameters[0].path
    let before = filter.value.detached()
    let (one, two) = (Tensor.ones(like: before), Tensor.ones(like: before) * 2)
    struct Interruption: Error {}
    #expect(throws: Interruption.self) {
      try model.substituting([path: one]) {
        model.substituting([path: two]) { #expect(filter.value.isClose(to: two)) }
        #expect(filter.value.isClose(to: one) && !filter.value.isRecorded)
        throw Interruption()
      }
    }
    #expect(filter.value.isClose(to: before) && filter.value.isRecorded)
  }

  static let mistakes: [Mistake] = [
    Mistake("substituting: there is no such parameter; given weights") {
      Dense(inputSize: 1, outputSize: 1).substituting(["weights": .ones([1, 1])]) {}
    },
    Mistake("weight: a parameter keeps its shape and type; given float32 [1, 2]; expected float32 [1, 1]") {
      Dense(inputSize: 1, outputSize: 1).substituting(["weight": .ones([1, 2])]) {}
    },
  ]

  @Test(arguments: mistakes.indices) func whatFitsNoParameterTraps(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      SubstitutionTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
