import AdjointAutodiff

/// A learning rate for each step of a training run.
///
/// ```swift
/// let schedule = CosineSchedule(from: 0.1, steps: 1_000).warmingUp(steps: 100)
/// for batch in batches {
///   optimizer.learningRate = schedule.learningRate(at: optimizer.stepCount)
///   …
///   optimizer.step()
/// }
/// ```
///
/// A schedule has no memory: a step may be a batch or an epoch, and a run may go on from any of them. Whether rates
/// and factors are 0 or more is looked at where an optimizer takes a step by the rate, not before.
public protocol LearningRateSchedule: Sendable {
  /// The learning rate of a step.
  ///
  /// - Parameter step: Counted from 0.
  /// - Traps: in Adjoint's schedules, where the step is below 0.
  func learningRate(at step: Int) -> Double
}

/// Traps where a step is below 0.
func requireStep(_ schedule: String, _ step: Int) {
  require(step >= 0, schedule, "there is no such step", given: "step \(step)", expected: "0 or more")
}

/// Traps where a number of steps is below 1.
func requireAtLeast1(_ schedule: String, _ what: String, _ number: Int) {
  require(number >= 1, schedule, "\(what) is too small", given: "\(number)", expected: "1 or more")
}
