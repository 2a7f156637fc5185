#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Shows how far a loop has come: a bar that redraws itself on a terminal, else plain lines, a few an epoch.
///
/// ```swift
/// var progress = ProgressBar("epoch 1", count: batches.count)
/// for batch in batches {
///   // …
///   progress.advance("loss 0.231, accuracy 93.1 %")
/// }
/// progress.finish()
/// ```
public struct ProgressBar {
  private static let plainLines = 5
  private static let barWidth = 30

  private let title: String
  private let count: Int
  private let isTerminal: Bool
  private var done = 0
  private var status = ""
  private var shownLength = 0
  private var lastDrawn: ContinuousClock.Instant?

  /// A bar at its beginning.
  ///
  /// - Parameters:
  ///   - title: What stands before the bar.
  ///   - count: How many times the loop will advance.
  ///   - isTerminal: Whether to redraw; nil finds out whether the standard output is a terminal.
  public init(_ title: String, count: Int, isTerminal: Bool? = nil) {
    self.title = title
    self.count = count
    self.isTerminal = isTerminal ?? (isatty(STDOUT_FILENO) == 1)
  }

  /// Notes that one round of the loop is done.
  ///
  /// - Parameter status: What stands behind the bar, such as the loss.
  public mutating func advance(_ status: String = "") {
    done += 1
    self.status = status
    if isTerminal {
      let now = ContinuousClock.now
      if let lastDrawn, done < count, now - lastDrawn < .milliseconds(50) { return }
      lastDrawn = now
      redraw()
    } else if done < count, done * Self.plainLines / count > (done - 1) * Self.plainLines / count {
      print(line)
      fflush(nil)
    }
  }

  /// Ends the bar; what is printed next begins on a new line.
  ///
  /// - Parameter status: What stands behind the bar for good; nil leaves the last.
  public mutating func finish(_ status: String? = nil) {
    if let status { self.status = status }
    if isTerminal { redraw() }
    print(isTerminal ? "" : line)
    fflush(nil)
  }

  /// The bar as it stands.
  var line: String {
    let filled = count > 0 ? min(Self.barWidth, Self.barWidth * done / count) : Self.barWidth
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: Self.barWidth - filled)
    return "\(title)\(isTerminal ? " [\(bar)]" : "") \(done)/\(count)\(status.isEmpty ? "" : "  \(status)")"
  }

  private mutating func redraw() {
    let line = self.line
    let blanks = String(repeating: " ", count: max(0, shownLength - line.count))
    print("\r\(line)\(blanks)", terminator: "")
    fflush(nil)
    shownLength = line.count
  }
}
