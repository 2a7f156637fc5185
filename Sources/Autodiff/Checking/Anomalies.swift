import AdjointKernels
import Synchronization

/// The first operator that gave a NaN or an infinity.
public struct Anomaly: Sendable {
  /// What a tensor held.
  public struct Statistics: Sendable, Hashable {
    /// The sizes of its axes.
    public let shape: Shape
    /// The type of its elements.
    public let dataType: DataType
    /// The smallest and the largest finite element, if there is any.
    public let range: ClosedRange<Double>?
    /// How many elements are NaN.
    public let nanCount: Int
    /// How many elements are infinite.
    public let infinityCount: Int

    /// Whether every element is finite.
    public var isFinite: Bool { nanCount + infinityCount == 0 }
  }

  /// The operator, as the graph calls it.
  public let operation: String
  /// The operator whose gradient was being computed, if any was.
  public let gradientOf: String?
  /// The dotted path of the layer, where a module was watched.
  public let layerPath: String?
  /// What came out.
  public let output: Statistics
  /// What went in.
  public let operands: [Statistics]
}

/// Calls `body` and finds the first operator in it, forward or in a pass back of any order, that gives a NaN or
/// an infinity.
///
/// Every operator's result is read once more, and its operands' statistics are taken only for the first that
/// fails: a step takes about one more pass over memory for each operator. Outside of this call nothing is
/// checked.
///
/// - Returns: What `body` returned, and the first anomaly, if there was any.
public func detectingAnomalies<Result>(
  _ body: () throws -> Result
) rethrows -> (result: Result, anomaly: Anomaly?) {
  let log = AnomalyLog()
  Anomalies.watchers.add(1, ordering: .relaxed)
  defer { Anomalies.watchers.subtract(1, ordering: .relaxed) }
  let result = try Recording.with(\.anomalies, log, body)
  return (result, log.first)
}

/// The watch of one call.
final class AnomalyLog {
  var first: Anomaly?
  /// The operands that have been named since the last operator ended.
  var operands: [Tensor] = []
}

/// Where operators and passes back report to a watch.
enum Anomalies {
  /// How many watches there are in the process, so that without any an operator asks nobody.
  static let watchers = Atomic<Int>(0)

  /// Whether any thread's operators are being watched, and so perhaps the calling one's: one load tells.
  static var areWatchedAnywhere: Bool { watchers.load(ordering: .relaxed) > 0 }

  private static var log: AnomalyLog? {
    areWatchedAnywhere ? Recording.state.anomalies : nil
  }

  /// Whether the calling thread's operators are being watched.
  static var areWatched: Bool { log != nil }

  /// Calls `body`, in which nobody looks: for what may be infinite on the way to a value that is not.
  static func unwatched<Result>(_ body: () -> Result) -> Result {
    areWatchedAnywhere ? Recording.with(\.anomalies, nil, body) : body()
  }

  static func noteOperand(_ tensor: Tensor) {
    log?.operands.append(tensor.detached())
  }

  static func check(_ output: Tensor, operation: String) {
    guard let log else { return }
    let operands = log.operands
    log.operands.removeAll()
    let state = Recording.state
    note(
      output, operands, operation: operation, gradientOf: state.gradientOf, layerPath: state.layerPath,
      in: log)
  }

  /// Looks at what a rule gave for a cotangent, where the rule's own operators were not seen.
  static func check(_ gradient: Tensor, of cotangent: Tensor, inGradientOf node: Node) {
    guard let log else { return }
    note(
      gradient, [cotangent.detached()], operation: "\(node.name) gradient", gradientOf: node.name,
      layerPath: node.layerPath, in: log)
  }

  private static func note(
    _ output: Tensor, _ operands: [Tensor], operation: String, gradientOf: String?, layerPath: String?,
    in log: AnomalyLog
  ) {
    guard log.first == nil, !output.isFiniteEverywhere else { return }
    // Taking statistics uses operators, which are not to be watched themselves.
    log.first = unwatched {
      Anomaly(
        operation: operation, gradientOf: gradientOf, layerPath: layerPath, output: output.statistics,
        operands: operands.map(\.statistics))
    }
  }
}

extension Tensor {
  fileprivate var isFiniteEverywhere: Bool {
    guard dataType.isFloatingPoint else { return true }
    let source = contiguous()
    let isFinite = Buffer(byteCount: count)
    Elementwise.isFinite(source.region, into: isFinite, count: count, type: dataType.elementType)
    let all = Buffer(byteCount: 1)
    defer { withExtendedLifetime(all) {} }
    Reduction.reduce(.all, x: Region(isFinite), into: all, outer: 1, middle: count, inner: 1, type: .bool)
    return all.pointer.load(as: Bool.self)
  }

  fileprivate var statistics: Anomaly.Statistics {
    let values = scalars(as: Double.self)
    let finite = values.filter(\.isFinite)
    return Anomaly.Statistics(
      shape: shape, dataType: dataType, range: finite.min().map { $0...finite.max()! },
      nanCount: values.filter(\.isNaN).count, infinityCount: values.filter(\.isInfinite).count)
  }
}

extension Anomaly: CustomStringConvertible {
  public var description: String {
    let place = [gradientOf.map { "in the gradient of \($0)" }, layerPath.map { "in layer \($0)" }]
    let lines = operands.map { "  given \($0)" } + ["  gave \(output)"]
    return (["\(operation) gave the first value that is not finite"] + place.compactMap { $0 })
      .joined(separator: ", ") + ":\n" + lines.joined(separator: "\n")
  }
}

extension Anomaly.Statistics: CustomStringConvertible {
  public var description: String {
    let bounds = range.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "no finite element"
    return "\(dataType) \(shape): \(bounds), \(nanCount) NaN, \(infinityCount) infinite"
  }
}
