import AdjointAutodiff

/// Half a cosine from a rate down to a smallest one, and, where a run goes on, up again:
/// `minimum + (rate − minimum) · (1 + cos(π · t / steps)) / 2`.
///
/// - Source: Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2016, arXiv:1608.03983.
public struct CosineSchedule: LearningRateSchedule {
  private let initial: Double
  private let minimum: Double
  private let steps: Int

  /// A schedule that reaches the smallest rate after a number of steps.
  ///
  /// - Parameters:
  ///   - initial: The first rate, 0 or more.
  ///   - minimum: The rate at step `steps`, 0 or more.
  ///   - steps: How long the way down takes, 1 or more; the way up takes as long.
  /// - Traps: where `steps` is below 1.
  public init(from initial: Double, to minimum: Double = 0, steps: Int) {
    requireAtLeast1("CosineSchedule", "the number of steps", steps)
    self.initial = initial
    self.minimum = minimum
    self.steps = steps
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("CosineSchedule", step)
    return annealed(from: initial, to: minimum, part: Double(step) / Double(steps))
  }
}

/// Half a cosine down to a smallest rate, begun anew in ever longer periods.
///
/// - Source: Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2016, arXiv:1608.03983.
public struct CosineRestartSchedule: LearningRateSchedule {
  private let initial: Double
  private let minimum: Double
  private let firstPeriod: Int
  private let multiplier: Int

  /// A schedule whose periods take `firstPeriod`, `firstPeriod · periodMultiplier`, … steps.
  ///
  /// - Parameters:
  ///   - initial: The first rate of each period, 0 or more.
  ///   - minimum: What a period's rates fall toward, 0 or more; the step that would reach it begins the next period.
  ///   - firstPeriod: How many steps the first period takes, 1 or more.
  ///   - periodMultiplier: How many times as long as the one before each period is, 1 or more.
  /// - Traps: where a number of steps or the multiplier is below 1.
  public init(from initial: Double, to minimum: Double = 0, firstPeriod: Int, periodMultiplier: Int = 1) {
    requireAtLeast1("CosineRestartSchedule", "the first period", firstPeriod)
    requireAtLeast1("CosineRestartSchedule", "the period's multiplier", periodMultiplier)
    self.initial = initial
    self.minimum = minimum
    self.firstPeriod = firstPeriod
    multiplier = periodMultiplier
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("CosineRestartSchedule", step)
    var (position, period) = (step, firstPeriod)
    if multiplier == 1 { position %= period }
    while position >= period {
      position -= period
      let (longer, overflows) = period.multipliedReportingOverflow(by: multiplier)
      period = overflows ? .max : longer
    }
    return annealed(from: initial, to: minimum, part: Double(position) / Double(period))
  }
}

/// Up to a largest rate and down to almost none, in one run.
///
/// The rate starts at `maximum / divisor`, is largest after `warmUpPart` of the steps and ends at
/// `maximum / divisor / finalDivisor`; both ways are half a cosine, or straight. The last rate stays. A way up that has
/// no more than one step is left out; where it would have less than one, the way down has begun before the first step.
///
/// - Source: Smith, Topin, Super-Convergence, 2017, arXiv:1708.07120.
public struct OneCycleSchedule: LearningRateSchedule {
  /// The shape of the ways up and down.
  public enum Annealing: Sendable, Hashable {
    /// Half a cosine.
    case cosine
    /// A straight line.
    case linear
  }

  private let maximum: Double
  private let steps: Int
  private let peak: Double
  private let initial: Double
  private let final: Double
  private let annealing: Annealing

  /// A schedule for a run of a number of steps.
  ///
  /// - Parameters:
  ///   - maximum: The largest rate, 0 or more.
  ///   - steps: The length of the run, 2 or more.
  ///   - warmUpPart: After what part of the steps the rate is largest, in 0 ... 1.
  ///   - annealing: The shape of the ways up and down.
  ///   - divisor: How much smaller the first rate is than the largest, above 0.
  ///   - finalDivisor: How much smaller the last rate is than the first, above 0.
  /// - Traps: where a number is out of range.
  public init(
    maximum: Double, steps: Int, warmUpPart: Double = 0.3, annealing: Annealing = .cosine,
    divisor: Double = 25, finalDivisor: Double = 1e4
  ) {
    require(
      steps >= 2 && (0...1).contains(warmUpPart) && divisor > 0 && finalDivisor > 0, "OneCycleSchedule",
      "a number is out of range",
      given: "steps \(steps), warmUpPart \(warmUpPart), divisors \(divisor) and \(finalDivisor)",
      expected: "2 steps or more, a part of 0 to 1, and divisors above 0")
    self.maximum = maximum
    self.steps = steps
    peak = warmUpPart * Double(steps) - 1
    initial = maximum / divisor
    final = maximum / divisor / finalDivisor
    self.annealing = annealing
  }

  public func learningRate(at step: Int) -> Double {
    requireStep("OneCycleSchedule", step)
    let last = Double(steps - 1), step = min(Double(step), last)
    if step <= peak { return way(from: initial, to: maximum, part: peak > 0 ? step / peak : 1) }
    return way(from: maximum, to: final, part: (step - peak) / (last - peak))
  }

  private func way(from first: Double, to last: Double, part: Double) -> Double {
    switch annealing {
    case .cosine: annealed(from: first, to: last, part: part)
    case .linear: first + (last - first) * part
    }
  }
}

/// A part of half a cosine from one number to another.
private func annealed(from first: Double, to last: Double, part: Double) -> Double {
  last + (first - last) * (1 + (Double.pi * part).cosine) / 2
}
