import AdjointKernels

/// The same factor again and again: `rate · factor^⌊t / stepSize⌋`.
public struct StepSchedule: LearningRateSchedule {
  private let initial: Double
  private let stepSize: Int
  private let factor: Double

  /// A schedule that multiplies the rate by a factor after every `stepSize` steps.
  ///
  /// - Parameters:
  ///   - initial: The first rate, 0 or more.
  ///   - stepSize: How many steps a rate is kept, 1 or more.
  ///   - factor: What the rate is multiplied by after them, 0 or more; below 1 as a rule.
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

  /// A schedule that multiplies the rate by a factor from each milestone on.
  ///
  /// - Parameters:
  ///   - initial: The first rate, 0 or more.
  ///   - milestones: The steps from which on the rate is smaller, in any order; one named twice counts twice.
  ///   - factor: What the rate is multiplied by at each, 0 or more; below 1 as a rule.
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
  ///
  /// - Parameters:
  ///   - initial: The first rate, 0 or more.
  ///   - factor: What the rate is multiplied by after each step, 0 or more; a little below 1 as a rule.
  public init(from initial: Double, factor: Double) {
    self.initial = initial
    self.factor = factor
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("ExponentialSchedule", step)
    return initial * factor.raised(to: step)
  }
}

/// A power of what is left of the steps: `rate · (1 − t / steps)^power`; from step `steps` on nothing is left.
public struct PolynomialSchedule: LearningRateSchedule {
  private let initial: Double
  private let steps: Int
  private let power: Double

  /// A schedule that ends after a number of steps.
  ///
  /// - Parameters:
  ///   - initial: The first rate, 0 or more.
  ///   - steps: The step from which on nothing is left, 1 or more.
  ///   - power: How the rate falls, 0 or more: 0 not at all, 1 evenly, above 1 quickly at first.
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
