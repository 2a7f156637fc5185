/// The derivative of a function of one number, from its values alone.
struct NumericalDerivative: Sendable {
  /// The best estimate.
  var value: Double
  /// How far the estimate may be off, judged from how estimates at different steps agree.
  var uncertainty: Double
  /// The slopes just below and just above, where they differ: the function has a kink here.
  var kink: (below: Double, above: Double)?

  /// Central differences at halving steps, extrapolated to a step of 0 (Ridders' method).
  ///
  /// - Parameters:
  ///   - function: The function, at distances from the point.
  ///   - scale: The magnitude of the point, to which steps are proportional.
  /// - Source: Ridders, Accurate computation of F'(x) and F'(x) F''(x), 1982, doi:10.1016/S0141-1195(82)80057-0.
  init(scale: Double, of function: (Double) -> Double) {
    var step = 0.02 * max(1, scale)
    var previous: [Double] = []
    (value, uncertainty) = (.nan, .infinity)
    for _ in 0..<Self.mostSteps {
      let (above, below) = (function(step), function(-step))
      let rounding = max(abs(above), abs(below)).ulp / step
      var row = [(above - below) / (2 * step)]
      var power = 1.0
      // Few columns, so that steps that reached a kink nearby are soon left behind.
      for (order, last) in previous.prefix(3).enumerated() {
        power *= 4
        let extrapolated = (power * row[order] - last) / (power - 1)
        let disagreement = max(abs(extrapolated - row[order]), abs(extrapolated - last), rounding)
        if disagreement <= uncertainty { (value, uncertainty) = (extrapolated, disagreement) }
        row.append(extrapolated)
      }
      if uncertainty <= Self.goodAgreement * max(1, abs(value)) { break }
      previous = row
      step /= 2
    }
    kink = Self.kink(scale: scale, function)
  }

  /// Steps are halved no more often than this.
  private static let mostSteps = 14
  /// Estimates that agree so well, relative to 1 or to themselves, need no smaller step.
  private static let goodAgreement = 1e-10

  /// One-sided slopes by differences of second order, where they disagree by more than rounding explains.
  private static func kink(scale: Double, _ function: (Double) -> Double) -> (below: Double, above: Double)? {
    let step = 1e-5 * max(1, scale)
    let here = function(0)
    let above = (4 * function(step) - function(2 * step) - 3 * here) / (2 * step)
    let below = (3 * here - 4 * function(-step) + function(-2 * step)) / (2 * step)
    let rounding = 1e-15 * max(1, abs(here)) / step
    return abs(above - below) > 1e-4 * max(abs(above), abs(below)) + 1e3 * rounding ? (below, above) : nil
  }
}
