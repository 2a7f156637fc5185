/// Looks along a direction for a step after which the loss is low enough and the slope flat enough.
///
/// ```
/// loss(t) ≤ loss(0) + 10⁻⁴ · t · slope(0)   and   |slope(t)| ≤ 0.9 · |slope(0)|
/// ```
///
/// A loss of infinity, or one that is not a number, counts as too high.
///
/// - Source: Nocedal, Wright, Numerical Optimization, 2nd edition, 2006, algorithms 3.5 and 3.6; limits, and what
///   the comments say, as in PyTorch's L-BFGS.
struct StrongWolfeSearch {
  /// What is known of a step of one length.
  struct Trial: Sendable {
    var length: Double
    var loss: Double
    var gradient: ParameterVector
    /// The gradient along the direction.
    var slope: Double
  }

  private let start: Trial
  private let directionSize: Double
  private let shortestChange: Double
  private let mostTrials: Int
  private var trialCount = 0

  /// A search along a direction.
  ///
  /// - Parameters:
  ///   - start: The step of length 0, with a slope below 0.
  ///   - directionSize: The largest magnitude in the direction.
  ///   - shortestChange: Where elements would differ by less, the search ends.
  ///   - trials: How many it makes after the first one, but never more than 25.
  init(from start: Trial, directionSize: Double, shortestChange: Double, trials: Int) {
    self.start = start
    self.directionSize = directionSize
    self.shortestChange = shortestChange
    mostTrials = min(trials, 25)
  }

  /// The best step found, beginning with one of the given length.
  mutating func run(firstLength: Double, evaluate: (_ length: Double) -> Trial) -> Trial {
    var (previous, trial) = (start, evaluate(firstLength))
    while trialCount < mostTrials {
      // The book compares with the trial before from the second on; PyTorch, whose steps these are, from the third.
      if isTooHigh(trial) || trialCount > 1 && trial.loss >= previous.loss {
        return zoomed(between: previous, trial, evaluate)
      }
      if isFlat(trial) { return trial }
      if trial.slope >= 0 { return zoomed(between: previous, trial, evaluate) }
      let shortest = trial.length + 0.01 * (trial.length - previous.length)
      let length = Self.lowestPoint(between: previous, trial, within: shortest...trial.length * 10)
      previous = trial
      trial = evaluate(length)
      trialCount += 1
    }
    return trial.loss < start.loss ? trial : start
  }

  /// The best step between two of which the lower one slopes down toward the other.
  private mutating func zoomed(
    between first: Trial, _ second: Trial, _ evaluate: (_ length: Double) -> Trial
  ) -> Trial {
    var (low, high) = second.loss < first.loss ? (second, first) : (first, second)
    var wasNearEnd = false
    while trialCount < mostTrials {
      let (left, right) = (min(low.length, high.length), max(low.length, high.length))
      if (right - left) * directionSize < shortestChange { break }
      var length = Self.lowestPoint(between: low, high, within: left...right)
      let margin = 0.1 * (right - left)
      let isNearEnd = min(right - length, length - left) < margin
      if isNearEnd, wasNearEnd || length >= right || length <= left {
        length = right - length < length - left ? right - margin : left + margin
        wasNearEnd = false
      } else {
        wasNearEnd = isNearEnd
      }

      let trial = evaluate(length)
      trialCount += 1
      if isTooHigh(trial) || trial.loss >= low.loss {
        high = trial
        if trial.loss < low.loss { swap(&low, &high) }
        continue
      }
      if isFlat(trial) { return trial }
      if trial.slope * (high.length - low.length) >= 0 { high = low }
      low = trial
    }
    return low
  }

  private func isTooHigh(_ trial: Trial) -> Bool {
    !(trial.loss <= start.loss + 1e-4 * trial.length * start.slope)
  }

  private func isFlat(_ trial: Trial) -> Bool {
    abs(trial.slope) <= -0.9 * start.slope
  }

  /// Where the cubic with the losses and slopes of two steps is lowest, or the middle where it has no such place.
  private static func lowestPoint(
    between x: Trial, _ y: Trial, within bounds: ClosedRange<Double>
  ) -> Double {
    let (left, right) = x.length <= y.length ? (x, y) : (y, x)
    let width = right.length - left.length
    let bend = left.slope + right.slope - 3 * (right.loss - left.loss) / width
    let root = (bend * bend - left.slope * right.slope).squareRoot()
    let part = (right.slope + root - bend) / (right.slope - left.slope + 2 * root)
    // NaN where the root of a number below 0 was taken, or where a loss is infinite or too large to be squared; the
    // bounds would let it through.
    guard !part.isNaN else { return (bounds.lowerBound + bounds.upperBound) / 2 }
    return min(max(right.length - width * part, bounds.lowerBound), bounds.upperBound)
  }
}
