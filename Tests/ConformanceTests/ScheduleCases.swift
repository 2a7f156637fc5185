import AdjointAutodiff
import AdjointOptimizers

/// How each schedule of the cases is made here.
enum ScheduleTable {
  private typealias Entry = @Sendable (_ rate: Double, Attributes) throws -> any LearningRateSchedule

  static func schedule(
    _ name: String, from rate: Double, options: Attributes
  ) throws -> any LearningRateSchedule {
    guard let entry = entries[name] else { throw CaseError("there is no such schedule: \(name)") }
    return try entry(rate, options)
  }

  private static let entries: [String: Entry] = [
    "constant": {
      ConstantSchedule($0, factor: try $1.number("factor"), steps: try $1.integer("steps"))
    },
    "linear": {
      LinearSchedule(
        $0, startFactor: try $1.number("startFactor"), endFactor: try $1.number("endFactor"),
        steps: try $1.integer("steps"))
    },
    "step": {
      StepSchedule(from: $0, every: try $1.integer("stepSize"), factor: try $1.number("gamma"))
    },
    "multiStep": {
      MultiStepSchedule(
        from: $0, milestones: try $1.integers("milestones"), factor: try $1.number("gamma"))
    },
    "exponential": { ExponentialSchedule(from: $0, factor: try $1.number("gamma")) },
    "polynomial": {
      PolynomialSchedule(from: $0, steps: try $1.integer("steps"), power: try $1.number("power"))
    },
    "cosine": {
      CosineSchedule(from: $0, to: try $1.number("minimum"), steps: try $1.integer("period"))
    },
    "cosineWarmRestarts": {
      CosineRestartSchedule(
        from: $0, to: try $1.number("minimum"), firstPeriod: try $1.integer("firstPeriod"),
        periodMultiplier: try $1.integer("periodMultiplier"))
    },
    "oneCycle": { _, options in
      OneCycleSchedule(
        maximum: try options.number("maximum"), steps: try options.integer("totalSteps"),
        warmUpPart: try options.number("percentStart"),
        annealing: try options.word("anneal") == "cosine" ? .cosine : .linear,
        divisor: try options.number("divideFactor"), finalDivisor: try options.number("finalDivideFactor"))
    },
  ]
}

extension ConformanceCase {
  /// The rates of all steps. They are numbers of double precision whatever the tensors are.
  func scheduleProblems() throws -> [String] {
    let schedule = try ScheduleTable.schedule(
      details.word("schedule"), from: details.number("initialRate"), options: details.attributes("options"))
    let count = try tensor("rates", in: .float64).count
    let rates = (0..<count).map(schedule.learningRate)
    return [try problem("rates", Tensor(rates, shape: [count], dataType: .float64), in: .float64)]
      .compactMap(\.self)
  }
}
