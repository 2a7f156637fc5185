import AdjointAutodiff
import AdjointOptimizers
import TestSupport
import Testing

@Suite struct MisuseTests {
  static let mistakes: [Mistake] = settings + steps + rates + restored

  private static let some = [Parameter(.ones([1]))]

  private static let settings: [Mistake] = [
    Mistake("optimizer: there are no parameters; given an empty list") { Adam([]) },
    Mistake("LBFGS: there are no parameters; given an empty list") { LBFGS([]) },
    Mistake("SGD: learningRate is out of range; given -1.0; expected 0 or more.") {
      SGD(some, learningRate: -1)
    },
    Mistake("SGD: dampening is out of range; given -0.1; expected 0 to 1.") {
      SGD(some, learningRate: 1, dampening: -0.1)
    },
    Mistake("SGD: dampening is out of range; given nan") { SGD(some, learningRate: 1, dampening: .nan) },
    Mistake("SGD: Nesterov's variant does not fit; given momentum 0.0, dampening 0.0") {
      SGD(some, learningRate: 1, usesNesterov: true)
    },
    Mistake("Adam: betas.square is out of range; given 1.0; expected 0 or more, and less than 1.") {
      Adam(some, betas: (0.9, 1))
    },
    Mistake("RMSprop: smoothing is out of range; given 1.5") { RMSprop(some, smoothing: 1.5) },
    Mistake("Adagrad: initialSum is out of range; given -1.0") { Adagrad(some, initialSum: -1) },
    Mistake("Adadelta: epsilon is out of range; given nan") { Adadelta(some, epsilon: .nan) },
    Mistake("Adamax: betas.mean is out of range; given -0.1") { Adamax(some, betas: (-0.1, 0.9)) },
    Mistake("NAdam: momentumDecay is out of range; given -1.0") { NAdam(some, momentumDecay: -1) },
    Mistake("RAdam: weightDecay is out of range; given -1.0") { RAdam(some, weightDecay: -1) },
    Mistake("LAMB: epsilon is out of range; given -1.0") { LAMB(some, epsilon: -1) },
    Mistake("Lion: betas.direction is out of range; given 1.0") { Lion(some, betas: (1, 0.9)) },
    Mistake("LBFGS: a number is too small; given learningRate 1.0, iterations 0, historySize 100") {
      LBFGS(some, iterations: 0)
    },
    Mistake(
      "LBFGS: a number is too small; given learningRate 1.0, iterations 20, historySize 100, evaluations 0"
    ) {
      LBFGS(some, evaluations: 0)
    },
    Mistake("clipGradients: the limit is out of range; given -1.0; expected 0 or more.") {
      [Parameter]().clipGradients(toNorm: -1)
    },
    Mistake("StepSchedule: the distance between changes is too small; given 0; expected 1 or more.") {
      StepSchedule(from: 1, every: 0)
    },
    Mistake("OneCycleSchedule: a number is out of range; given steps 1, warmUpPart 0.3") {
      OneCycleSchedule(maximum: 1, steps: 1)
    },
    Mistake("warmingUp: the number of steps is too small; given 0") {
      ConstantSchedule(1).warmingUp(steps: 0)
    },
  ]

  private static let steps: [Mistake] = schedules.map { name, schedule in
    Mistake("\(name): there is no such step; given step -1; expected 0 or more.") {
      schedule.learningRate(at: -1)
    }
  }

  private static let schedules: [(name: String, schedule: any LearningRateSchedule)] = [
    ("ConstantSchedule", ConstantSchedule(1)),
    ("LinearSchedule", LinearSchedule(1, startFactor: 0.5, endFactor: 1, steps: 2)),
    ("StepSchedule", StepSchedule(from: 1, every: 2)),
    ("MultiStepSchedule", MultiStepSchedule(from: 1, milestones: [2])),
    ("ExponentialSchedule", ExponentialSchedule(from: 1, factor: 0.5)),
    ("PolynomialSchedule", PolynomialSchedule(from: 1, steps: 2)),
    ("CosineSchedule", CosineSchedule(from: 1, steps: 2)),
    ("CosineRestartSchedule", CosineRestartSchedule(from: 1, firstPeriod: 2)),
    ("OneCycleSchedule", OneCycleSchedule(maximum: 1, steps: 4)),
    ("warmingUp", ConstantSchedule(1).warmingUp(steps: 2)),
  ]

  /// Learning rates set between steps.
  private static let rates: [Mistake] = [
    Mistake("Adam: learningRate is out of range; given nan; expected 0 or more.") {
      let optimizer = Adam(some)
      optimizer.learningRate = .nan
      optimizer.step()
      return optimizer
    },
    Mistake("Lion: learningRate is out of range; given -inf") {
      let optimizer = Lion(some)
      optimizer.learningRate = -.infinity
      optimizer.step()
      return optimizer
    },
    Mistake("LBFGS: learningRate is out of range; given 0.0; expected above 0.") {
      let optimizer = LBFGS(some)
      optimizer.learningRate = 0
      return optimizer.step { Tensor(1.0) }
    },
  ]

  /// What is remembered of one parameter goes to another.
  private static let restored: [Mistake] = [
    mistake("velocity", { SGD($0, learningRate: 1, momentum: 0.9) }),
    mistake("mean", { Adam($0) }), mistake("square", { Adam($0) }),
    mistake("largestSquare", { Adam($0, usesAMSGrad: true) }),
    mistake("square", { RMSprop($0) }), mistake("mean", { RMSprop($0, isCentered: true) }),
    mistake("velocity", { RMSprop($0, momentum: 0.9) }), mistake("sum", { Adagrad($0) }),
    mistake("square", { Adadelta($0) }), mistake("stepSquare", { Adadelta($0) }),
    mistake("mean", { Adamax($0) }), mistake("largest", { Adamax($0) }), mistake("mean", { NAdam($0) }),
    mistake("square", { RAdam($0) }), mistake("mean", { LAMB($0) }), mistake("mean", { Lion($0) }),
    Mistake(
      "weight: what an optimizer is given is not like the parameter; given mean float64 [2, 3]; expected "
        + "float32 [2, 3]."
    ) {
      step({ Adam($0) }) { $0.tensors["mean"] = .zeros([2, 3], dataType: .float64) }
    },
    Mistake("Adam: the states are not one a parameter; given 0 states; expected 1.") {
      let optimizer = Adam([Parameter(.ones([2, 3]))])
      optimizer.progress.states = []
      optimizer.step()
      return optimizer
    },
    Mistake("weight: what an optimizer is given is not like the parameter; given history float32 [3]") {
      let parameter = Parameter(.ones([2, 3]), name: "weight")
      let optimizer = LBFGS([parameter])
      optimizer.history.last = (gradients: [.ones([2, 3])], change: [.ones([3])])
      return optimizer.step { parameter.value.squared().sum() }
    },
    Mistake(
      "LBFGS: the history is of other parameters; given 2 tensors; expected 1, one a trainable parameter"
    ) {
      let parameters = [Parameter(.ones([2, 3])), Parameter(.ones([5]))]
      let optimizer = LBFGS(parameters, iterations: 1)
      let loss = { parameters.reduce(Tensor(0.0)) { $0 + $1.value.squared().sum() } }
      optimizer.step(loss)
      parameters[0].isTrainable = false
      return optimizer.step(loss)
    },
  ]

  private static func mistake(
    _ name: String, _ optimizer: @escaping @Sendable ([Parameter]) -> any ParameterwiseOptimizer
  ) -> Mistake {
    Mistake(
      "weight: what an optimizer is given is not like the parameter; given \(name) float32 [3]; expected "
        + "float32 [2, 3]. Hint: what was saved may be of another model."
    ) {
      step(optimizer) { $0.tensors[name] = .zeros([3]) }
    }
  }

  /// A step after the state of a parameter was changed.
  private static func step(
    _ optimizer: ([Parameter]) -> any ParameterwiseOptimizer, _ change: (inout ParameterState) -> Void
  ) {
    let parameter = Parameter(.ones([2, 3]), name: "weight")
    let optimizer = optimizer([parameter])
    change(&optimizer.progress.states[0])
    parameter.gradient = .ones([2, 3])
    optimizer.step()
  }

  @Test(arguments: mistakes.indices) func endsWithItsMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      MisuseTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
