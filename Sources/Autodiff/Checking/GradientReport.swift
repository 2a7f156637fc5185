/// What a gradient check found, coordinate by coordinate.
public struct GradientReport: Sendable {
  /// What was found at one coordinate of one input.
  public struct Coordinate: Sendable {
    /// What the coordinate shows.
    public enum Verdict: Sendable, Hashable {
      /// The two values agree.
      case agrees
      /// The two values differ.
      case differs
      /// The function has a kink or a tie here, and the gradient lies between the slopes on the two sides; or it
      /// jumps here, as the gradient of a function with a kink does, and has no slope.
      case kink
      /// The function has an infinite slope here, and the gradient is the same infinity.
      case singularity
    }

    /// The input's name.
    public let input: String
    /// Where in the input.
    public let position: [Int]
    /// The gradient that the reverse pass gave.
    public let reverse: Double
    /// The slope that the function's values show.
    public let numerical: Double
    /// How far the numerical value may be off.
    public let uncertainty: Double
    /// The difference, in units of what is allowed: above 1 is too much.
    public let excess: Double
    /// What this shows.
    public let verdict: Verdict

    /// The distance between the two values: 0 too where both are the same infinity.
    public var error: Double { reverse == numerical ? 0 : abs(reverse - numerical) }
  }

  /// An element of a gradient that has another value where it is recorded.
  public struct ChangeByRecording: Sendable {
    /// The input's name.
    public let input: String
    /// Where in the input.
    public let position: [Int]
    /// The gradient with `createGraph`, of which second derivatives are taken.
    public let recorded: Double
    /// The gradient without, by which networks are trained.
    public let unrecorded: Double

    /// The distance between the two values: 0 too where both are the same infinity, or both NaN.
    public var error: Double {
      recorded == unrecorded || (recorded.isNaN && unrecorded.isNaN) ? 0 : abs(recorded - unrecorded)
    }
  }

  /// Every coordinate that was checked.
  public let coordinates: [Coordinate]
  /// Where gradients change when they are recorded, which a check of order 2 looks for.
  public let changesByRecording: [ChangeByRecording]
  /// Which derivative was checked: 1 for gradients, 2 for gradients of gradients.
  public let order: Int

  /// Whether no coordinate differs, recording changes nothing, and there was something to check.
  public var passed: Bool { !coordinates.isEmpty && failures.isEmpty && changesByRecording.isEmpty }

  /// The coordinates where the two values differ.
  public var failures: [Coordinate] { coordinates.filter { $0.verdict == .differs } }

  /// The coordinates at a kink or a tie.
  public var kinks: [Coordinate] { coordinates.filter { $0.verdict == .kink } }

  /// The coordinates at which the slope is infinite, and the gradient too.
  public var singularities: [Coordinate] { coordinates.filter { $0.verdict == .singularity } }

  /// The coordinate at which the two values are furthest apart for what is allowed.
  public var worst: Coordinate? {
    coordinates.filter { $0.verdict == .agrees || $0.verdict == .differs }.max { $0.excess < $1.excess }
  }
}

extension GradientReport: CustomStringConvertible {
  public var description: String {
    let places = [(kinks.count, "at a kink"), (singularities.count, "at a singularity")]
      .filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    let heading =
      "gradient check, order \(order): \(passed ? "passed" : "FAILED"), \(coordinates.count) coordinates\(places)"
    let lines =
      failures.prefix(5).map { "  differs: \($0)" } + changesByRecording.prefix(5).map { "  changes: \($0)" }
      + (worst.map { ["  worst: \($0)"] } ?? [])
    return ([heading] + lines).joined(separator: "\n")
  }
}

extension GradientReport.ChangeByRecording: CustomStringConvertible {
  public var description: String {
    "\(input)\(position): recorded \(recorded), not recorded \(unrecorded), error \(error)"
  }
}

extension GradientReport.Coordinate: CustomStringConvertible {
  public var description: String {
    "\(input)\(position): reverse \(reverse), numerical \(numerical) ± \(uncertainty), error \(error)"
  }
}
