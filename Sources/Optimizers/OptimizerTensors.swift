import AdjointAutodiff
import AdjointLayers

extension ParameterwiseOptimizer {
  /// What is remembered of each parameter, such as `conv.filter.velocity`, and the numbers of steps, `conv.filter.steps`
  /// and, with the name of the rule, `Adam.steps`: what is saved to go on later.
  ///
  /// - Traps: where two parameters have one name, or something is remembered under a name with a dot or as `steps`.
  public var tensors: [String: Tensor] {
    var tensors = [Self.allSteps: Tensor(progress.stepCount)]
    for (name, index) in parameters.placesByName("\(Self.self)") {
      let state = progress.states[index]
      tensors["\(name).\(Self.steps)"] = Tensor(state.stepCount)
      for (part, tensor) in state.tensors {
        require(
          !part.contains(".") && part != Self.steps, "\(Self.self)",
          "what is remembered cannot be saved by its name",
          given: part, expected: "a name without dots, other than \(Self.steps)")
        tensors["\(name).\(part)"] = tensor.detached()
      }
    }
    return tensors
  }

  /// Throws what ``load(_:)`` would throw.
  public func check(_ tensors: [String: Tensor]) throws(Failure) {
    _ = try progress(from: tensors)
  }

  /// Sets what is remembered, and the numbers of steps, or nothing of it.
  ///
  /// ```swift
  /// try optimizer.load(SafetensorsFile(contentsOf: "optimizer.safetensors").tensors)
  /// ```
  ///
  /// A rule that remembers anything but tensors like the parameter, or single numbers, needs a `check` and a `load` of its
  /// own.
  ///
  /// - Parameter tensors: As ``tensors`` gives them, of an optimizer of the same rule and of parameters of the same
  ///   names.
  /// - Throws: `Failure` with the names where a number of steps is missing, a tensor is left over, or one is no number of
  ///   steps or not like its parameter.
  public func load(_ tensors: [String: Tensor]) throws(Failure) {
    progress = try progress(from: tensors)
  }

  private func progress(from tensors: [String: Tensor]) throws(Failure) -> OptimizerProgress {
    let places = parameters.placesByName("\(Self.self)")
    let counts = [Self.allSteps] + parameters.map { "\($0.name).\(Self.steps)" }
    var loaded = OptimizerProgress(parameters: parameters)
    var (leftOver, different): ([String], [String]) = ([], [])
    for (name, tensor) in tensors where !counts.contains(name) {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard let place = places[parts.dropLast().joined(separator: ".")] else {
        leftOver.append(name)
        continue
      }
      if tensor.rank > 0 && !tensor.isLike(parameters[place]) { different.append(name) }
      loaded.states[place].tensors[String(parts.last!)] = tensor.detached()
    }
    try Failure.throwIfAny(
      missing: counts.filter { tensors[$0] == nil }, leftOver: leftOver.sorted(),
      different: tensors.withoutCount(counts) + different.sorted(),
      "the tensors are not those of the optimizer",
      expected:
        "a number of steps for each of the \(parameters.count) parameters, and what \(Self.self) remembers of them"
    )
    loaded.stepCount = tensors[Self.allSteps]!.stepCount!
    for (index, parameter) in parameters.enumerated() {
      loaded.states[index].stepCount = tensors["\(parameter.name).\(Self.steps)"]!.stepCount!
    }
    return loaded
  }

  private static var steps: String { "steps" }
  private static var allSteps: String { "\(Self.self).\(steps)" }
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
    history = try history(from: tensors)
  }

  /// Throws what ``load(_:)`` would throw.
  public func check(_ tensors: [String: Tensor]) throws(Failure) {
    _ = try history(from: tensors)
  }

  private func history(from tensors: [String: Tensor]) throws(Failure) -> History {
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
      different: tensors.withoutCount(counts)
        + places.filter { place in tensors[place.name].map { !$0.isLike(place.parameter) } ?? false }
        .map(\.name),
      "the tensors are not those of the optimizer",
      expected: "the counts, and for each change one of the shape and type of each trainable parameter")
    let lists = prefixes.map { prefix in trainable.map { tensors["\(prefix).\($0.name)"]!.detached() } }
    var loaded = History()
    loaded.iterationCount = tensors[Self.directions]!.stepCount!
    loaded.changes = (0..<changeCount).suffix(historySize)
      .map { (values: lists[2 * $0], gradients: lists[2 * $0 + 1]) }
    if lists.count > 2 * changeCount {
      loaded.last = (gradients: lists[2 * changeCount], change: lists[2 * changeCount + 1])
    }
    return loaded
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

extension [String: Tensor] {
  /// Those of the names whose tensors are here and are no numbers of steps.
  fileprivate func withoutCount(_ names: [String]) -> [String] {
    names.filter { self[$0].map { $0.stepCount == nil } ?? false }
  }
}

extension Tensor {
  /// The number in a tensor of one whole number, unless that is negative or leaves nothing to count on to.
  fileprivate var stepCount: Int? {
    guard count == 1, dataType == .int64, (0...Int.max / 2).contains(scalar(as: Int.self)) else { return nil }
    return scalar(as: Int.self)
  }

  fileprivate func isLike(_ parameter: Parameter) -> Bool {
    shape == parameter.shape && dataType == parameter.dataType
  }
}
