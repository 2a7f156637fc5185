import AdjointAutodiff
import AdjointLayers

extension ParameterwiseOptimizer {
  /// What is remembered of each parameter, such as `conv.filter.velocity`, and the numbers of steps, `conv.filter.steps`
  /// and `steps`: what is saved to go on later.
  ///
  /// - Traps: where two parameters have one name.
  public var tensors: [String: Tensor] {
    var tensors = [Self.steps: Tensor(progress.stepCount)]
    for (name, index) in namedPlaces {
      let state = progress.states[index]
      tensors["\(name).\(Self.steps)"] = Tensor(state.stepCount)
      for (part, tensor) in state.tensors {
        require(
          !part.contains("."), "\(Self.self)", "what is remembered has a dot in its name", given: part,
          expected: "a name without dots")
        tensors["\(name).\(part)"] = tensor.detached()
      }
    }
    return tensors
  }

  /// Sets what is remembered, and the numbers of steps, or nothing of it.
  ///
  /// ```swift
  /// try optimizer.load(SafetensorsFile(contentsOf: "optimizer.safetensors").tensors)
  /// ```
  ///
  /// - Parameter tensors: As ``tensors`` gives them, of an optimizer of the same rule and of parameters of the same
  ///   names. A step looks whether they are like their parameters.
  /// - Throws: `Failure` with the names where a number of steps is missing or is none, or a tensor is left over.
  public func load(_ tensors: [String: Tensor]) throws(Failure) {
    let places = namedPlaces
    let counts = [Self.steps] + parameters.map { "\($0.name).\(Self.steps)" }
    var loaded = OptimizerProgress(parameters: parameters)
    var leftOver: [String] = []
    for (name, tensor) in tensors where !counts.contains(name) {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      if let place = places[parts.dropLast().joined(separator: ".")] {
        loaded.states[place].tensors[String(parts.last!)] = tensor.detached()
      } else {
        leftOver.append(name)
      }
    }
    try Failure.throwIfAny(
      missing: counts.filter { tensors[$0] == nil }, leftOver: leftOver.sorted(),
      different: counts.filter { tensors[$0].map { $0.stepCount == nil } ?? false },
      "the tensors are not those of the optimizer",
      expected:
        "a number of steps for each of the \(parameters.count) parameters, and what is remembered of them")
    loaded.stepCount = tensors[Self.steps]!.stepCount!
    for (index, parameter) in parameters.enumerated() {
      loaded.states[index].stepCount = tensors["\(parameter.name).\(Self.steps)"]!.stepCount!
    }
    progress = loaded
  }

  private static var steps: String { "steps" }

  /// The parameters' numbers by their names.
  private var namedPlaces: [String: Int] { parameters.placesByName("\(Self.self)") }
}

extension LBFGS: Savable {
  /// The history, by the names of the parameters that are trainable now: what is saved to go on later.
  ///
  /// - Traps: where two parameters have one name, or the history is not of these parameters.
  public var tensors: [String: Tensor] {
    let trainable = parameters.filter(\.isTrainable)
    let names = trainable.map(\.name)
    _ = trainable.placesByName("LBFGS")
    checkHistory(of: trainable)
    var tensors = [
      Self.directions: Tensor(history.iterationCount), Self.changes: Tensor(history.changes.count),
    ]
    let lists =
      history.changes.flatMap { [$0.values, $0.gradients] }
      + (history.last.map { [$0.gradients, $0.change] } ?? [])
    let prefixes = Self.prefixes(changes: history.changes.count, hasLast: history.last != nil)
    for (prefix, list) in zip(prefixes, lists) {
      for (name, tensor) in zip(names, list) { tensors["\(prefix).\(name)"] = tensor.detached() }
    }
    return tensors
  }

  /// Sets the history, or nothing of it.
  ///
  /// - Parameter tensors: As ``tensors`` gives them, where the same parameters were trainable.
  /// - Throws: `Failure` with the names where one is missing, is left over, or is not like its parameter.
  public func load(_ tensors: [String: Tensor]) throws(Failure) {
    let trainable = parameters.filter(\.isTrainable)
    _ = trainable.placesByName("LBFGS")
    let counts = [Self.directions, Self.changes]
    // No more changes than there are tensors: a number from elsewhere may be anything.
    let changeCount = min(tensors[Self.changes]?.stepCount ?? 0, tensors.count)
    let prefixes = Self.prefixes(
      changes: changeCount, hasLast: tensors.keys.contains { $0.hasPrefix("\(Self.last).") })
    let places = prefixes.flatMap { prefix in trainable.map { (name: "\(prefix).\($0.name)", parameter: $0) }
    }
    let expected = Set(places.map(\.name) + counts)
    try Failure.throwIfAny(
      missing: expected.filter { tensors[$0] == nil }.sorted(),
      leftOver: tensors.keys.filter { !expected.contains($0) }.sorted(),
      different: counts.filter { tensors[$0].map { $0.stepCount == nil } ?? false }
        + places.filter { place in
          tensors[place.name].map {
            $0.shape != place.parameter.shape || $0.dataType != place.parameter.dataType
          } ?? false
        }.map(\.name),
      "the tensors are not those of the optimizer",
      expected: "the counts, and for each change one of the shape and type of each trainable parameter")
    let lists = prefixes.map { prefix in trainable.map { tensors["\(prefix).\($0.name)"]!.detached() } }
    var loaded = History()
    loaded.iterationCount = tensors[Self.directions]!.stepCount!
    loaded.changes = (0..<changeCount).map { (values: lists[2 * $0], gradients: lists[2 * $0 + 1]) }
    if lists.count > 2 * changeCount {
      loaded.last = (gradients: lists[2 * changeCount], change: lists[2 * changeCount + 1])
    }
    history = loaded
  }

  private static var directions: String { "directions" }
  private static var changes: String { "changes" }
  private static var last: String { "last" }

  /// Where the lists of a history's tensors are, in order.
  private static func prefixes(changes count: Int, hasLast: Bool) -> [String] {
    (0..<count).flatMap { ["\(changes).\($0).values", "\(changes).\($0).gradients"] }
      + (hasLast ? ["\(last).gradients", "\(last).change"] : [])
  }
}

extension [Parameter] {
  /// Where each parameter is, by its name.
  fileprivate func placesByName(_ optimizer: String) -> [String: Int] {
    Dictionary(zip(map(\.name), indices)) { first, second in
      Failure(
        optimizer, "two parameters have one name", given: self[second].name, expected: "a name for each",
        hint: "a module's parameters are named by their paths"
      ).trap()
    }
  }
}

extension Tensor {
  /// The number in a tensor of one whole number, unless that is negative.
  fileprivate var stepCount: Int? {
    guard count == 1, dataType == .int64, scalar(as: Int.self) >= 0 else { return nil }
    return scalar(as: Int.self)
  }
}
