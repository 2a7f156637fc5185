import AdjointAutodiff

/// Steps along the gradient bent by the curvature that the last steps have shown: for small problems without
/// randomness, which it solves to many digits.
///
/// Each step needs the loss at several places, so it takes a closure:
///
/// ```swift
/// let optimizer = LBFGS(model.parameters)
/// for _ in 0..<10 { optimizer.step { model(inputs).meanSquaredError(targets: targets) } }
/// ```
///
/// - Source: Liu, Nocedal, On the Limited Memory BFGS Method for Large Scale Optimization, 1989,
///   doi:10.1007/BF01589116.
public final class LBFGS {
  /// What is changed.
  public let parameters: [Parameter]
  /// The length of the first trial along each direction, above 0; 1 as a rule.
  public var learningRate: Double
  /// How many directions a step takes at most.
  public let iterations: Int
  /// How many times a step computes the loss, or once more.
  public let evaluations: Int
  /// A gradient none of whose elements is larger ends the step.
  public let gradientTolerance: Double
  /// A change of the loss, or its slope along a direction, that is smaller ends the step, and so does a change of all
  /// elements that is not larger.
  public let changeTolerance: Double
  /// How many earlier changes tell the curvature.
  public let historySize: Int
  /// What is remembered; without it, the next direction is the gradient's.
  public var history = History()

  /// What is remembered of the last directions: everything that has to be saved to go on later.
  public struct History: Sendable {
    /// The number of directions taken.
    public var iterationCount = 0
    /// How the parameters changed and how their gradients did, a tensor for each parameter, the latest last.
    public var changes: [(values: [Tensor], gradients: [Tensor])] = []
    /// The gradients before the last change, and that change.
    public var last: (gradients: [Tensor], change: [Tensor])?

    /// Nothing remembered yet.
    public init() {}
  }

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The length of the first trial along each direction, above 0.
  ///   - iterations: How many directions a step takes at most, 1 or more.
  ///   - evaluations: How many times a step computes the loss, or once more, 1 or more; nil for 1.25 times
  ///     `iterations`, rounded down.
  ///   - gradientTolerance: A gradient none of whose elements is larger ends the step; 0 or more.
  ///   - changeTolerance: A change of the loss, or its slope along a direction, that is smaller ends the step, and so
  ///     does a change of all elements that is not larger; 0 or more.
  ///   - historySize: How many earlier changes tell the curvature, 1 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100
  ) {
    requireInRange(
      "LBFGS",
      notNegative: [
        "learningRate": learningRate, "gradientTolerance": gradientTolerance,
        "changeTolerance": changeTolerance,
      ])
    require(
      learningRate > 0 && iterations >= 1 && historySize >= 1 && evaluations ?? 1 >= 1, "LBFGS",
      "a number is too small",
      given: "learningRate \(learningRate), iterations \(iterations), historySize \(historySize)"
        + (evaluations.map { ", evaluations \($0)" } ?? ""),
      expected: "a rate above 0, and counts of 1 or more")
    self.parameters = requireParameters("LBFGS", parameters)
    self.learningRate = learningRate
    self.iterations = iterations
    self.evaluations = evaluations ?? iterations * 5 / 4
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
  }

  /// Changes the parameters until the loss hardly falls any more, or the counts are used up.
  ///
  /// - Parameter loss: Computes the loss, one number, from the parameters; recorded.
  /// - Returns: The loss before the step.
  /// - Traps: where ``learningRate`` is not above 0, or ``history`` is not of the parameters that are trainable now.
  @discardableResult
  public func step(_ loss: () -> Tensor) -> Double {
    require(
      learningRate > 0 && learningRate.isFinite, "LBFGS", "learningRate is out of range",
      given: "\(learningRate)", expected: "above 0")
    let trainable = parameters.filter(\.isTrainable)
    checkHistory(of: trainable)
    var evaluationCount = 1
    var point = evaluate(loss, of: trainable)
    let firstLoss = point.loss
    guard isSlope(point.gradient) else { return firstLoss }
    for _ in 0..<iterations {
      let direction = nextDirection(at: point.gradient)
      let slope = point.gradient.dot(direction)
      guard slope <= -changeTolerance, slope.isFinite else {
        // It has been remembered: the next step would do so again.
        history.last = nil
        break
      }
      let isFirst = history.iterationCount == 1
      let start = ParameterVector(parts: trainable.map { $0.value.detached() })
      let before = StrongWolfeSearch.Trial(
        length: 0, loss: point.loss, gradient: point.gradient, slope: slope)
      var search = StrongWolfeSearch(
        from: before, directionSize: direction.largestMagnitude, shortestChange: changeTolerance,
        trials: evaluations - evaluationCount)
      let shortened = isFirst ? min(1, 1 / point.gradient.sumOfMagnitudes) : 1
      let best = search.run(firstLength: shortened * learningRate) { length in
        evaluationCount += 1
        move(trainable, to: start.adding(length, times: direction))
        let (loss, gradient) = evaluate(loss, of: trainable)
        return .init(length: length, loss: loss, gradient: gradient, slope: gradient.dot(direction))
      }
      let change = direction * best.length
      move(trainable, to: start.adding(best.length, times: direction))
      history.last = (point.gradient.parts, change.parts)
      let lossChange = abs(best.loss - point.loss)
      point = (best.loss, best.gradient)
      let isDone =
        evaluationCount >= evaluations || !isSlope(point.gradient)
        || change.largestMagnitude <= changeTolerance || lossChange < changeTolerance
      if isDone { break }
    }
    return firstLoss
  }

  /// Whether a gradient says where to go: an infinite one, or NaN, does not.
  private func isSlope(_ gradient: ParameterVector) -> Bool {
    let steepness = gradient.largestMagnitude
    return steepness > gradientTolerance && steepness.isFinite
  }

  /// A restored history may be of other parameters, or some may have been frozen since: vectors would be cut short.
  func checkHistory(of trainable: [Parameter]) {
    for change in history.changes {
      check(change.values, like: trainable)
      check(change.gradients, like: trainable)
    }
    if let last = history.last {
      check(last.gradients, like: trainable)
      check(last.change, like: trainable)
    }
  }

  private func check(_ parts: [Tensor], like trainable: [Parameter]) {
    require(
      parts.count == trainable.count, "LBFGS", "the history is of other parameters",
      given: "\(parts.count) tensors", expected: "\(trainable.count), one a trainable parameter",
      hint: "give it an empty history where parameters are frozen or set free")
    for (part, parameter) in zip(parts, trainable) {
      requireLike(parameter.value, part, named: "history", of: parameter)
    }
  }

  /// The loss and its gradient where the parameters are now; what they, and others, have collected stays as it is.
  private func evaluate(
    _ loss: () -> Tensor, of trainable: [Parameter]
  ) -> (loss: Double, gradient: ParameterVector) {
    let value = loss()
    require(
      value.isRecorded, "LBFGS", "nothing was recorded",
      given: "a loss \(value.shape) with no path to a parameter",
      expected: "one computed from the parameters",
      hint:
        "leave parameters trainable; compute it outside withoutRecording, inferring and detached()"
    )
    let number: Double = value.detached().scalar()
    return (
      number,
      ParameterVector(parts: gradients(of: value, withRespectTo: trainable.map(\.value), unconnected: .zeros))
    )
  }

  private func move(_ trainable: [Parameter], to place: ParameterVector) {
    for (parameter, value) in zip(trainable, place.parts) { parameter.value = value }
  }

  /// Down along the gradient, bent by the remembered changes (two loops over them).
  private func nextDirection(at gradient: ParameterVector) -> ParameterVector {
    history.iterationCount += 1
    remember(gradient)
    let pairs = history.changes.map { change in
      let (values, gradients) = (
        ParameterVector(parts: change.values), ParameterVector(parts: change.gradients)
      )
      return (values: values, gradients: gradients, product: values.dot(gradients))
    }
    var direction = gradient * -1
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = pair.values.dot(direction) / pair.product
      direction = direction.adding(-weight, times: pair.gradients)
      weights.append(weight)
    }
    if let pair = pairs.last { direction = direction * (pair.product / pair.gradients.dot(pair.gradients)) }
    for (pair, weight) in zip(pairs, weights.reversed()) {
      let correction = pair.gradients.dot(direction) / pair.product
      direction = direction.adding(weight - correction, times: pair.values)
    }
    return direction
  }

  /// Keeps the last change if the gradient grew along it: only then does it tell a curvature.
  private func remember(_ gradient: ParameterVector) {
    guard let last = history.last else { return }
    let values = ParameterVector(parts: last.change)
    let gradients = gradient - ParameterVector(parts: last.gradients)
    guard values.dot(gradients) > 1e-10 else { return }
    history.changes.append((values.parts, gradients.parts))
    if history.changes.count > historySize { history.changes.removeFirst() }
  }
}
