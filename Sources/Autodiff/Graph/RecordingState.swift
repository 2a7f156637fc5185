import AdjointKernels

/// What the calling thread does about the operators it computes.
enum Recording {
  /// A thread's own, so nobody else can look while it changes.
  final class State {
    /// Whether operators that have a recorded input are recorded.
    @exclusivity(unchecked) var isOn = true
    /// Whether running statistics are to stay as they are.
    var leavesStatistics = false
    /// The dotted path of the layer that computes, where layers are being observed.
    @exclusivity(unchecked) var layerPath: String?
    /// Who sees the calls of layers.
    @exclusivity(unchecked) var layerObserver: AnyObject?
    /// Who saw those of the segment that is being computed a second time, and sees them again.
    var replayedObserver: AnyObject?
    /// Whether a pass back is under way.
    @exclusivity(unchecked) var isPassingBack = false
    /// The operator whose rule computes, where a pass back is watched for anomalies.
    var gradientOf: String?
    /// Where random streams note what is drawn from them.
    var draws: RandomDraws?
    /// What is drawn again instead.
    var redraws: RandomDraws.Redraws?
    /// Whether a pass back has started; whoever wants to know sets it back first.
    var hasPassedBack = false
    /// Where anomalies are noted.
    var anomalies: AnomalyLog?
  }

  private static let local = ThreadLocal { State() }

  static var state: State { local.value }

  static var isOn: Bool { local.unretainedValue._withUnsafeGuaranteedRef { $0.isOn } }

  /// Whether what is computed is neither recorded nor a part of a pass back.
  static var isInference: Bool {
    local.unretainedValue._withUnsafeGuaranteedRef { !$0.isOn && !$0.isPassingBack }
  }

  /// What every operator asks, in one look.
  static var circumstances: (isOn: Bool, layerPath: String?) {
    local.unretainedValue._withUnsafeGuaranteedRef { ($0.isOn, $0.layerPath) }
  }

  static func with<Result>(isOn: Bool, _ body: () throws -> Result) rethrows -> Result {
    try with(\.isOn, isOn, body)
  }

  /// Calls `body` while a part of the state has another value.
  static func with<Value, Result>(
    _ part: ReferenceWritableKeyPath<State, Value>, _ value: Value, _ body: () throws -> Result
  ) rethrows -> Result {
    let state = state
    let before = state[keyPath: part]
    state[keyPath: part] = value
    defer { state[keyPath: part] = before }
    return try body()
  }
}

/// Who sees the calls of layers on the calling thread; what that is, only layers know.
package enum LayerObserver {
  /// The one there is, whom a checkpointed segment finds again when it is computed a second time.
  package static var current: AnyObject? { Recording.state.layerObserver }
  /// The one who sees a segment's calls for the second time.
  package static var replayed: AnyObject? { Recording.state.replayedObserver }

  /// Calls `body` while an observer sees the calls of layers.
  package static func with<Result>(_ observer: AnyObject?, _ body: () throws -> Result) rethrows -> Result {
    try Recording.with(\.layerObserver, observer, body)
  }
}

/// Calls `body` as part of the layer of a path: what is recorded in it, and what goes wrong in it, bears the path.
package func withLayerPath<Result>(_ path: String, _ body: () throws -> Result) rethrows -> Result {
  try Recording.with(\.layerPath, path, body)
}

/// Whether what is computed is to leave running statistics as they are: a checkpointed segment for the second time, or a
/// function whose gradients are checked.
package var leavesStatistics: Bool { Recording.state.leavesStatistics }
