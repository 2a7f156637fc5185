import AdjointKernels

/// The same factor again and again: `rate · factor^⌊t / stepSize⌋`.
public struct StepSchedule: LearningRateSchedule {
  private let initial: Double
  private let stepSize: Int
  private let factor: Double

  /// A schedule that multiplies the rate by a factor after every `stepSize` steps.
  ///
  /// - Traps: where `stepSize` is below 1.
  public init(from initial: Double, every stepSize: Int, factor: Double = 0.1) {
    requireAtLeast1("StepSchedule", "the distance between changes", stepSize)
    self.initial = initial
    self.stepSize = stepSize
    self.factor = factor
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("StepSchedule", step)
    return initial * factor.raised(to: step / stepSize)
  }
}

/// The same factor at given steps: `rate · factor^(milestones passed)`.
public struct MultiStepSchedule: LearningRateSchedule {
  private let initial: Double
  private let milestones: [Int]
  private let factor: Double

  /// A schedule that multiplies the rate by a factor from each milestone on; one named twice counts twice.
  public init(from initial: Double, milestones: [Int], factor: Double = 0.1) {
    self.initial = initial
    self.milestones = milestones
    self.factor = factor
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("MultiStepSchedule", step)
    return initial * factor.raised(to: milestones.count { $0 <= step })
  }
}

/// The same factor at every step: `rate · factorᵗ`.
public struct ExponentialSchedule: LearningRateSchedule {
  private let initial: Double
  private let factor: Double

  /// A schedule that multiplies the rate by a factor after every step.
  public init(from initial: Double, factor: Double) {
    self.initial = initial
    self.factor = factor
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("ExponentialSchedule", step)
    return initial * factor.raised(to: step)
  }
}

/// A power of what is left of the steps: `rate · (1 − t / steps)^power`, 0 from then on.
public struct PolynomialSchedule: LearningRateSchedule {
  private let initial: Double
  private let steps: Int
  private let power: Double

  /// A schedule that reaches 0 after a number of steps.
  ///
  /// - Traps: where `steps` is below 1, or `power` is below 0.
  public init(from initial: Double, steps: Int, power: Double = 1) {
    requireAtLeast1("PolynomialSchedule", "the number of steps", steps)
    requireInRange("PolynomialSchedule", notNegative: ["power": power])
    self.initial = initial
    self.steps = steps
    self.power = power
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("PolynomialSchedule", step)
    let left = 1 - Double(min(step, steps)) / Double(steps)
    return initial * left.raised(to: power)
  }
}
