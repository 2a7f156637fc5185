/// The same rate throughout, but for a part of it during the first steps.
public struct ConstantSchedule: LearningRateSchedule {
  private let rate: Double
  private let factor: Double
  private let steps: Int

  /// A schedule that gives `rate · factor` for a number of steps and `rate` from then on.
  ///
  /// - Parameters:
  ///   - rate: The rate after the first steps, 0 or more.
  ///   - factor: What it is multiplied by during them, 0 or more.
  ///   - steps: How many they are; none where it is 0 or less.
  public init(_ rate: Double, factor: Double = 1, steps: Int = 0) {
    self.rate = rate
    self.factor = factor
    self.steps = steps
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("ConstantSchedule", step)
    return step < steps ? rate * factor : rate
  }
}

/// Even growth or decline from one part of a rate to another, which then stays.
public struct LinearSchedule: LearningRateSchedule {
  private let rate: Double
  private let first: Double
  private let last: Double
  private let steps: Int

  /// A schedule that goes from `rate · startFactor` to `rate · endFactor` in a number of steps.
  ///
  /// - Parameters:
  ///   - rate: What both parts are parts of, 0 or more.
  ///   - startFactor: What it is multiplied by at step 0, 0 or more.
  ///   - endFactor: What it is multiplied by from step `steps` on, 0 or more.
  ///   - steps: How long the change takes, 1 or more.
  /// - Traps: where `steps` is below 1.
  public init(_ rate: Double, startFactor: Double = 1.0 / 3, endFactor: Double = 1, steps: Int = 5) {
    requireAtLeast1("LinearSchedule", "the number of steps", steps)
    self.rate = rate
    first = startFactor
    last = endFactor
    self.steps = steps
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("LinearSchedule", step)
    // Apart, because rounding would take a decline to 0 a little further.
    guard step < steps else { return rate * last }
    return rate * (first + (last - first) * Double(step) / Double(steps))
  }
}

/// Even growth to the first rate of another schedule, which follows.
public struct WarmUpSchedule<Following: LearningRateSchedule>: LearningRateSchedule {
  private let following: Following
  private let steps: Int
  private let startFactor: Double

  fileprivate init(before following: Following, steps: Int, startFactor: Double) {
    requireAtLeast1("warmingUp", "the number of steps", steps)
    self.following = following
    self.steps = steps
    self.startFactor = startFactor
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("warmingUp", step)
    guard step < steps else { return following.learningRate(at: step - steps) }
    let part = Double(step) / Double(steps)
    return following.learningRate(at: 0) * (startFactor + (1 - startFactor) * part)
  }
}

extension LearningRateSchedule {
  /// This schedule after a number of steps in which the rate grows to its first.
  ///
  /// - Parameters:
  ///   - steps: How long the rate grows, 1 or more; this schedule's step 0 comes then.
  ///   - startFactor: From what part of the first rate it grows, in 0 ... 1 as a rule.
  /// - Traps: where `steps` is below 1.
  public func warmingUp(steps: Int, startFactor: Double = 0) -> WarmUpSchedule<Self> {
    WarmUpSchedule(before: self, steps: steps, startFactor: startFactor)
  }
}
