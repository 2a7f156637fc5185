import AdjointAutodiff

/// What a program saves to go on with it another time: a model, or an optimizer with what it remembers.
public protocol Savable: AnyObject {
  /// All tensors to save, by their names, never recorded.
  var tensors: [String: Tensor] { get }
  /// The streams of random numbers whose states are to be saved too, by their names.
  var namedStreams: [(path: String, stream: RandomStream)] { get }
  /// Throws what ``load(_:)`` would throw, and changes nothing.
  func check(_ tensors: [String: Tensor]) throws(Failure)
  /// Sets all of the tensors, or none of them.
  ///
  /// - Parameter tensors: As ``tensors`` gives them, and no others.
  /// - Throws: `Failure` with the names where one is missing, is left over, or is no such tensor.
  func load(_ tensors: [String: Tensor]) throws(Failure)
}

extension Savable {
  public var namedStreams: [(path: String, stream: RandomStream)] { [] }
}

extension Failure {
  /// Throws a failure of `load` that lists what is wrong with the tensors it was given, if anything is.
  package static func throwIfAny(
    missing: [String], leftOver: [String], different: [String], _ problem: String, expected: String,
    hint: String? = nil
  ) throws(Failure) {
    let faults = [("missing", missing), ("left over", leftOver), ("different", different)]
      .filter { !$1.isEmpty }
    guard !faults.isEmpty else { return }
    throw Failure(
      "load", problem, given: faults.map { "\($0): \(listed($1))" }.joined(separator: "; "),
      expected: expected, hint: hint)
  }

  /// The first names and how many there are besides, as a model may have hundreds.
  private static func listed(_ names: [String]) -> String {
    let shown = 6
    let rest = names.count > shown ? ["and \(names.count - shown) more"] : []
    return (names.prefix(shown) + rest).joined(separator: ", ")
  }
}
