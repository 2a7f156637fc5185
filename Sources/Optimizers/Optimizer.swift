import AdjointAutodiff

/// Changes parameters by their gradients.
///
/// A step consumes the gradients: after it they are gone, so the next pass starts from none. A parameter without
/// a gradient, or frozen, is left as it is.
public protocol Optimizer: AnyObject {
  /// What is changed.
  var parameters: [Parameter] { get }
  /// The size of the steps, 0 or more; a step looks whether it is.
  var learningRate: Double { get set }
  /// The number of steps taken.
  var stepCount: Int { get }
  /// Changes each parameter by its gradient, and drops the gradient.
  func step()
}

extension Optimizer {
  /// Drops the gradients of ``parameters`` without a step.
  ///
  /// A pass may leave gradients in parameters that another optimizer changes, whose next step would use them: a
  /// generator's loss, for one, goes through the discriminator.
  ///
  /// ```swift
  /// discriminator(generator(noise)).binaryCrossEntropyWithLogits(targets: real).backward()
  /// generatorOptimizer.step()
  /// discriminatorOptimizer.dropGradients()
  /// ```
  public func dropGradients() {
    for parameter in parameters { parameter.gradient = nil }
  }
}

extension [Parameter] {
  /// Each parameter once, where it comes first.
  var distinct: [Parameter] {
    var seen: Set<ObjectIdentifier> = []
    return filter { seen.insert(ObjectIdentifier($0)).inserted }
  }
}

/// Traps unless an optimizer has something to change.
///
/// - Returns: Each parameter once.
func requireParameters(_ optimizer: String, _ parameters: [Parameter]) -> [Parameter] {
  require(
    !parameters.isEmpty, optimizer, "there are no parameters", given: "an empty list",
    expected: "at least one",
    hint: "a filter by names may have found none")
  return parameters.distinct
}

/// Traps unless all of an optimizer's numbers are in their ranges.
func requireInRange(
  _ optimizer: String, notNegative: KeyValuePairs<String, Double>, below1: KeyValuePairs<String, Double> = [:]
) {
  for (name, number) in notNegative { requireNotNegative(optimizer, name, number) }
  for (name, number) in below1 {
    require(
      (0..<1).contains(number), optimizer, "\(name) is out of range", given: "\(number)",
      expected: "0 or more, and less than 1")
  }
}

/// Traps unless a tensor that is remembered of a parameter is like the parameter's value: what was restored may be of
/// another one, and a kernel would read and write past the end of its memory.
func requireLike(_ value: Tensor, _ tensor: Tensor, named name: String, of parameter: Parameter?) {
  require(
    tensor.shape == value.shape && tensor.dataType == value.dataType, parameter?.name ?? "parameter",
    "what an optimizer is given is not like the parameter",
    given: "\(name) \(tensor.dataType) \(tensor.shape)", expected: "\(value.dataType) \(value.shape)",
    hint: "what was saved may be of another model")
}

/// Traps unless one of an optimizer's numbers is finite and 0 or more.
func requireNotNegative(_ optimizer: @autoclosure () -> String, _ name: String, _ number: Double) {
  require(
    number >= 0 && number.isFinite, optimizer(), "\(name) is out of range", given: "\(number)",
    expected: "0 or more")
}
