/// Compares the gradients of a function with the slopes that its values show.
///
/// ```swift
/// let report = checkGradients(at: [x, filter]) { inputs in
///   inputs[0].convolved(with: inputs[1], padding: .same)
/// }
/// print(report)   // gradient check, order 1: passed, 84 coordinates …
/// ```
///
/// The inputs are taken in float64. A function with several outputs is checked along a fixed random direction of
/// them. Each coordinate's slope comes from central differences at many steps, extrapolated, with an estimate of
/// its own error. Every evaluation draws the same random numbers, and running statistics stay as they are; otherwise it
/// must give the same value whenever it is given the same inputs. It may take
/// gradients itself, recorded with `createGraph: true`, as a gradient penalty does.
///
/// - Parameters:
///   - inputs: Where to check, of floating-point types; others should be captured by the function.
///   - names: What the report calls the inputs; nil numbers them.
///   - order: 1 checks gradients, 2 the gradients of a random combination of gradients, and that the gradients
///     are the same whether they are recorded or not: rules may use other kernels where nothing is recorded.
///   - directions: Nil checks every coordinate; a number checks the slopes along so many random directions of all
///     inputs at once instead, which takes a few evaluations each, however many coordinates there are.
///   - relativeTolerance: The part of a slope's magnitude by which the gradient may be off.
///   - absoluteTolerance: The distance that is always allowed.
///   - function: What to check, of the inputs in their order.
/// - Traps: where an input is of a type without gradients, the names are not one an input, or a number is out of
///   range.
public func checkGradients(
  at inputs: [Tensor], names: [String]? = nil, order: Int = 1, directions: Int? = nil,
  relativeTolerance: Double = 1e-6, absoluteTolerance: Double = 1e-8,
  of function: @escaping ([Tensor]) -> Tensor
) -> GradientReport {
  require(
    (1...2).contains(order), "checkGradients", "no such order", given: "\(order)", expected: "1 or 2")
  require(
    directions ?? 1 >= 1, "checkGradients", "there is no direction", given: "\(directions ?? 1) directions",
    expected: "1 or more, or nil for every coordinate")
  require(
    names.map { $0.count == inputs.count } ?? true, "checkGradients", "the names are not one an input",
    given: "\(names?.count ?? 0) names for \(inputs.count) inputs", expected: "\(inputs.count)")
  for input in inputs { input.requireFloatingPoint("checkGradients") }
  let points = inputs.map { $0.detached().cast(to: .float64).copied() }
  let inputNames = names ?? points.indices.map { "input \($0)" }
  let tolerance = (relative: relativeTolerance, absolute: absoluteTolerance)
  let repeatable = Repeatable(function, at: points)
  var subject = ScalarFunction(of: repeatable.call, takesGradients: repeatable.takesGradients)
  var changes: [GradientReport.ChangeByRecording] = []
  if order == 2 {
    changes = subject.changesByRecording(at: points, names: inputNames, tolerance: tolerance)
    subject = subject.combinedGradient(at: points)
  }
  let reverse = subject.gradients(at: points)
  if let directions, points.contains(where: { $0.count > 0 }) {
    let coordinates = (0..<directions).map { number in
      let direction = points.randomDirection(number)
      return GradientReport.Coordinate(
        input: "direction \(number)", position: [], reverse: innerProduct(reverse, direction),
        slope: subject.slope(at: points, along: direction), tolerance: tolerance)
    }
    return GradientReport(coordinates: coordinates, changesByRecording: changes, order: order)
  }
  let coordinates = points.indices.flatMap { index in
    let gradient = reverse[index].scalars(as: Double.self)
    return gradient.indices.map { offset in
      let slope = subject.slope(at: points, input: index, offset: offset)
      return GradientReport.Coordinate(
        input: inputNames[index], position: points[index].shape.position(of: offset),
        reverse: gradient[offset], slope: slope, tolerance: tolerance)
    }
  }
  return GradientReport(coordinates: coordinates, changesByRecording: changes, order: order)
}

/// A function that draws the same random numbers every time and leaves running statistics alone.
private struct Repeatable {
  let call: ([Tensor]) -> Tensor
  /// Whether the function takes gradients itself, and so needs inputs that are recorded even for its value.
  let takesGradients: Bool

  init(_ function: @escaping ([Tensor]) -> Tensor, at points: [Tensor]) {
    let draws = RandomDraws()
    takesGradients = Recording.with(\.hasPassedBack, false) {
      Recording.with(\.leavesStatistics, true) {
        Recording.with(\.draws, draws) { _ = function(points.map { $0.withGradient() }) }
      }
      return Recording.state.hasPassedBack
    }
    call = { inputs in
      Recording.with(\.leavesStatistics, true) { draws.replaying { function(inputs) } }
    }
  }
}

extension Tensor {
  /// Recorded, as a leaf unless it is already.
  fileprivate var asLeaf: Tensor { isRecorded ? self : withGradient() }
}

private func innerProduct(_ x: [Tensor], _ y: [Tensor]) -> Double {
  zip(x, y).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar(as: Double.self) }
}

extension [Tensor] {
  /// Numbers from −1 to 1 in the tensors' shapes, the same for the same number.
  fileprivate func randomDirection(_ number: Int) -> [Tensor] {
    let stream = RandomStream(seed: UInt64(number), name: "gradient check: directions")
    return map { .uniform($0.shape, in: -1..<1, dataType: .float64, from: stream) }
  }
}

/// A function of tensors with one number as its value.
private struct ScalarFunction {
  let value: ([Tensor]) -> Tensor

  init(value: @escaping ([Tensor]) -> Tensor) {
    self.value = value
  }

  /// The inner product of a function's output with fixed random weights.
  init(of function: @escaping ([Tensor]) -> Tensor, takesGradients: Bool) {
    value = { inputs in
      let output = function(takesGradients ? inputs.map(\.asLeaf) : inputs)
      let stream = RandomStream(seed: 0, name: "gradient check: output weights")
      let weights = Tensor.uniform(output.shape, in: 0.5..<1.5, dataType: output.dataType, from: stream)
      return (output * weights).sum()
    }
  }

  /// The inner product of this function's gradients with fixed random weights.
  func combinedGradient(at points: [Tensor]) -> ScalarFunction {
    let stream = RandomStream(seed: 0, name: "gradient check: gradient weights")
    let weights = points.map { Tensor.uniform($0.shape, in: 0.5..<1.5, dataType: .float64, from: stream) }
    return ScalarFunction(value: { inputs in
      let leaves = inputs.map(\.asLeaf)
      let first = AdjointAutodiff.gradients(
        of: value(leaves), withRespectTo: leaves, createGraph: true, unconnected: .zeros)
      return zip(first, weights).reduce(Tensor.zeros([], dataType: .float64)) { $0 + ($1.0 * $1.1).sum() }
    })
  }

  func gradients(at points: [Tensor], areRecorded: Bool = false) -> [Tensor] {
    let leaves = points.map { $0.withGradient() }
    return AdjointAutodiff.gradients(
      of: value(leaves), withRespectTo: leaves, createGraph: areRecorded, unconnected: .zeros)
  }

  /// The elements of the gradients that differ where gradients are recorded. Slopes of recorded gradients cannot
  /// show this: they take the gradients' values as they find them.
  func changesByRecording(
    at points: [Tensor], names: [String], tolerance: (relative: Double, absolute: Double)
  ) -> [GradientReport.ChangeByRecording] {
    let recorded = gradients(at: points, areRecorded: true).map { $0.scalars(as: Double.self) }
    let plain = gradients(at: points).map { $0.scalars(as: Double.self) }
    return points.indices.flatMap { index in
      recorded[index].indices.compactMap { offset in
        let change = GradientReport.ChangeByRecording(
          input: names[index], position: points[index].shape.position(of: offset),
          recorded: recorded[index][offset], unrecorded: plain[index][offset])
        let magnitude = [change.recorded, change.unrecorded].filter(\.isFinite).map(abs).max() ?? 0
        return change.error <= tolerance.absolute + tolerance.relative * magnitude ? nil : change
      }
    }
  }

  /// The slope when all inputs move along a direction.
  func slope(at points: [Tensor], along direction: [Tensor]) -> NumericalDerivative {
    NumericalDerivative(scale: 1) { distance in
      value(zip(points, direction).map { $0 + $1 * distance }).scalar(as: Double.self)
    }
  }

  /// The slope along one coordinate of one input.
  func slope(at points: [Tensor], input: Int, offset: Int) -> NumericalDerivative {
    let original = points[input].scalars(as: Double.self)
    return NumericalDerivative(scale: abs(original[offset])) { distance in
      var moved = original
      moved[offset] += distance
      var inputs = points
      inputs[input] = Tensor(moved, shape: points[input].shape, dataType: .float64)
      return value(inputs).scalar(as: Double.self)
    }
  }
}

extension GradientReport.Coordinate {
  fileprivate init(
    input: String, position: [Int], reverse: Double, slope: NumericalDerivative,
    tolerance: (relative: Double, absolute: Double)
  ) {
    let magnitude = [slope.value, reverse].filter(\.isFinite).map(abs).max() ?? 0
    let allowed = tolerance.absolute + tolerance.relative * magnitude
    let isSingular = slope.value.isInfinite && reverse == slope.value
    let error = isSingular ? 0 : abs(reverse - slope.value)
    let excess = error / (allowed + slope.trustedUncertainty(upTo: 100 * allowed))
    var verdict: Verdict = isSingular ? .singularity : excess <= 1 ? .agrees : .differs
    if let kink = slope.kink, reverse.isFinite {
      let sides = min(kink.below, kink.above)...max(kink.below, kink.above)
      let slack = 1e-4 * max(1, magnitude)
      // What agrees has a slope, so that the jump that was seen is beside the point.
      let isBesideThePoint = verdict == .agrees && !sides.lowerBound.isFinite
      if !isBesideThePoint, reverse >= sides.lowerBound - slack && reverse <= sides.upperBound + slack {
        verdict = .kink
      }
    }
    self.init(
      input: input, position: position, reverse: reverse, numerical: slope.value,
      uncertainty: slope.uncertainty, excess: excess, verdict: verdict)
  }
}

extension NumericalDerivative {
  /// The uncertainty, as far as it may excuse a difference: an estimate that is worth nothing excuses nothing.
  fileprivate func trustedUncertainty(upTo limit: Double) -> Double { min(uncertainty, limit) }
}

extension Shape {
  /// The position along each axis of the element at an offset in row-major order.
  fileprivate func position(of offset: Int) -> [Int] {
    var rest = offset
    return contiguousStrides.map { stride in
      defer { rest %= stride }
      return rest / stride
    }
  }
}
