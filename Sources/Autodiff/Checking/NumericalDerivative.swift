/// The derivative of a function of one number, from its values alone.
struct NumericalDerivative: Sendable {
  /// The best estimate; infinite where the slopes grow beyond all bounds toward the point.
  var value: Double
  /// How far the estimate may be off, judged from how estimates at different steps agree.
  var uncertainty: Double
  /// The slopes just below and just above, where they differ: the function has a kink here. Where it jumps, as the
  /// gradient of a function with a kink does, every slope is between them.
  var kink: (below: Double, above: Double)?

  /// Central differences at halving steps, extrapolated to a step of 0 (Ridders' method).
  ///
  /// - Parameters:
  ///   - function: The function, at distances from the point.
  ///   - scale: The magnitude of the point, to which steps are proportional.
  /// - Source: Ridders, Accurate computation of F'(x) and F'(x) F''(x), 1982, doi:10.1016/S0141-1195(82)80057-0.
  init(scale: Double, of function: (Double) -> Double) {
    let nearby = SlopeNearby(at: 1e-8 * max(1, scale), of: function)
    var step = 0.02 * max(1, scale)
    var previous: [Double] = []
    var (best, confirmed): (Estimate, Estimate) = ((.nan, .infinity), (.nan, .infinity))
    for _ in 0..<Self.mostSteps {
      let (above, below) = (function(step), function(-step))
      let rounding = max(abs(above), abs(below)).ulp / step
      // What smaller steps give is rounded by more than the best estimate may be off.
      if rounding > confirmed.uncertainty { break }
      var row = [(above - below) / (2 * step)]
      var power = 1.0
      // Few columns, so that steps that reached a kink nearby are soon left behind.
      for (order, last) in previous.prefix(3).enumerated() {
        power *= 4
        let extrapolated = (power * row[order] - last) / (power - 1)
        let disagreement = max(abs(extrapolated - row[order]), abs(extrapolated - last), rounding)
        if disagreement <= best.uncertainty { best = (extrapolated, disagreement) }
        if disagreement <= confirmed.uncertainty, nearby.confirms(extrapolated) {
          confirmed = (extrapolated, disagreement)
        }
        row.append(extrapolated)
      }
      if confirmed.uncertainty <= Self.goodAgreement * max(1, abs(confirmed.value)) { break }
      previous = row
      step /= 2
    }
    // Large steps agree with each other where they all miss what is narrower than they are.
    if abs(confirmed.value - best.value) > 10 * confirmed.uncertainty { best = confirmed }
    (value, uncertainty) = best
    kink = Self.kink(scale: scale, function)
    if !(uncertainty <= 1e-3 * max(1, abs(value))) {
      let infinity = Self.infinity(scale: scale, function)
      (value, uncertainty) = infinity.map { ($0, 0) } ?? (value.isFinite ? value : .nan, uncertainty)
    }
  }

  private typealias Estimate = (value: Double, uncertainty: Double)

  /// Steps are halved no more often than this, which is far enough for points close to a singularity.
  private static let mostSteps = 34
  /// Estimates that agree so well, relative to 1 or to themselves, need no smaller step.
  private static let goodAgreement = 1e-10

  /// Plus or minus infinity where the slopes grow beyond all bounds, on both sides of the point or on the one side on
  /// which the function has values at all.
  private static func infinity(scale: Double, _ function: (Double) -> Double) -> Double? {
    let sides = [1.0, -1.0].map { side in
      // The point's own value may be infinite too.
      sequence(first: 1e-4 * max(1, scale) * side) { $0 / 100 }.prefix(5)
        .map { (function(2 * $0) - function($0)) / $0 }
    }.filter { !$0.allSatisfy(\.isNaN) }
    let directions = Set(sides.joined().map(\.sign))
    let grow = sides.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { abs($1) > 1.3 * abs($0) } }
    guard grow, directions.count == 1 else { return nil }
    return directions == [.plus] ? .infinity : -.infinity
  }

  /// The slopes on the two sides, where these do not meet, seen from a distance and from nearby: what is bent and not
  /// broken looks straighter from there.
  private static func kink(scale: Double, _ function: (Double) -> Double) -> (below: Double, above: Double)? {
    let step = 1e-5 * max(1, scale)
    let sides = Sides(at: step, of: function)
    if !sides.meetInValue {
      // So near that it is hardly another kink's, of which a large network has many.
      let nearest = Sides(at: step / 1000, of: function)
      return nearest.jump > sides.jump / 2 ? (-.infinity, .infinity) : nil
    }
    if sides.meetInSlope { return nil }
    let nearer = Sides(at: step / 10, of: function)
    return nearer.gap > sides.gap / 2 ? (sides.below, sides.above) : nil
  }
}

/// The slope at one step, far smaller than what a function is told by as a rule: rounded, but not blind to what is
/// narrow.
private struct SlopeNearby {
  private let slope: Double
  private let rounding: Double

  init(at step: Double, of function: (Double) -> Double) {
    let ends = (function(-step), function(step))
    slope = (ends.1 - ends.0) / (2 * step)
    rounding = max(abs(ends.0), abs(ends.1)).ulp / step
  }

  /// Whether a slope may be this one, seen with more digits; any may where there is none.
  func confirms(_ other: Double) -> Bool {
    !(abs(other - slope) > 1e-3 * max(abs(other), abs(slope)) + 1000 * rounding)
  }
}

/// What a function's values on either side of a point, without that at the point, say about it.
private struct Sides {
  /// The slopes just below and just above.
  let below: Double
  let above: Double
  /// How far the value at the point is from where a side leads, at the most.
  let jump: Double
  /// Whether the slopes differ by no more than rounding and curvature explain.
  let meetInSlope: Bool
  /// Whether the value at the point is where both sides lead.
  let meetInValue: Bool
  /// The distance between the slopes.
  var gap: Double { abs(above - below) }

  /// Looks at three places on each side, through which a parabola goes.
  init(at step: Double, of function: (Double) -> Double) {
    let here = function(0)
    func side(_ step: Double) -> (slope: Double, jump: Double, spread: Double) {
      let (first, second, third) = (function(step), function(2 * step), function(3 * step))
      return (
        (8 * second - 5 * first - 3 * third) / (2 * step), abs(3 * (first - second) + third - here),
        max(abs(second - first), abs(third - first))
      )
    }
    let (left, right) = (side(-step), side(step))
    (below, above) = (left.slope, right.slope)
    jump = max(left.jump, right.jump)
    let rounding = 1e-12 * max(1, abs(here))
    meetInSlope = !(abs(above - below) > 1e-4 * max(abs(above), abs(below)) + rounding / step)
    meetInValue = !(jump > max(left.spread, right.spread) + rounding)
  }
}
