/// The Jacobians of a value: the gradient of each of its elements with respect to each element of tensors.
///
/// Costs one pass back through the graph for each element of the value.
///
/// - Parameters:
///   - value: What to differentiate.
///   - tensors: With respect to what.
///   - createGraph: Whether the Jacobians are recorded, so that they can be differentiated again.
///   - unconnected: What to do about a tensor that the value does not depend on.
/// - Returns: One tensor for each, of shape `value.shape + tensor.shape`.
/// - Traps: as ``gradients(of:withRespectTo:cotangent:retainGraph:createGraph:unconnected:)`` does.
public func jacobians(
  of value: Tensor, withRespectTo tensors: [Tensor], createGraph: Bool = false,
  unconnected: Unconnected = .trap
) -> [Tensor] {
  let rows = (0..<value.count).map { position in
    gradients(
      of: value, withRespectTo: tensors, cotangent: value.unitCotangent(at: position), retainGraph: true,
      createGraph: createGraph, unconnected: unconnected)
  }
  return tensors.indices.map { index in
    let shape = Shape(unchecked: value.shape.sizes + tensors[index].shape.sizes)
    guard !rows.isEmpty else { return .zeros(shape, dataType: tensors[index].dataType) }
    return Tensor.stack(rows.map { $0[index] }, axis: 0).reshaped(to: shape)
  }
}

/// The gradients of each of a batch's losses alone, as training with one example at a time would see them.
///
/// - Parameters:
///   - losses: One number for each sample, shape `[batch]`, such as a loss with `reduction: .none`.
///   - tensors: With respect to what, such as parameters' values.
///   - createGraph: Whether the result is recorded, so that it can be differentiated again.
///   - unconnected: What to do about a tensor that no loss depends on.
/// - Returns: One tensor for each, of shape `[batch] + tensor.shape`.
/// - Traps: where the losses are not a vector, or there is no path to a tensor.
public func perSampleGradients(
  of losses: Tensor, withRespectTo tensors: [Tensor], createGraph: Bool = false,
  unconnected: Unconnected = .trap
) -> [Tensor] {
  require(
    losses.rank == 1, "perSampleGradients", "the losses are not one number a sample",
    given: "shape \(losses.shape)",
    expected: "[batch]", hint: "losses take reduction: .none")
  return jacobians(
    of: losses, withRespectTo: tensors, createGraph: createGraph, unconnected: unconnected)
}

/// The derivative of a value along a direction: its Jacobian times a vector, without the Jacobian.
///
/// Costs a recorded pass back and a pass back through that.
///
/// - Parameters:
///   - value: What to differentiate.
///   - tensors: With respect to what.
///   - direction: How each of the tensors moves, in their shapes.
///   - createGraph: Whether the result is recorded, so that it can be differentiated again.
///   - unconnected: What to do about a tensor that the value does not depend on.
/// - Returns: How the value moves, in its shape; infinite where a slope is, but 0 where nothing moves along it.
/// - Traps: where a direction is not like its tensor, the value's type has no fractions, or there is no path to a
///   tensor.
public func jacobianVectorProduct(
  of value: Tensor, withRespectTo tensors: [Tensor], direction: [Tensor], createGraph: Bool = false,
  unconnected: Unconnected = .trap
) -> Tensor {
  let name = "jacobianVectorProduct"
  checkDirection(direction, tensors, name)
  value.requireFloatingPoint(name)
  // The pass back is linear in its cotangent; the transpose of its transpose is what is wanted. Any cotangent would
  // do, but that rules pass nothing by an infinite slope where theirs is 0. Numbers without a pattern are not 0, and
  // neither are their differences from each other and from their mean.
  let cotangent = Tensor.uniform(
    value.shape, in: 0.5..<1.5, dataType: value.dataType, from: RandomStream(seed: 0, name: name)
  ).withGradient()
  let backward = gradients(
    of: value, withRespectTo: tensors, cotangent: cotangent, createGraph: true, unconnected: unconnected)
  let product = innerProduct(backward, direction)
  return gradients(
    of: product, withRespectTo: [cotangent], retainGraph: true, createGraph: createGraph, unconnected: .zeros)[
      0]
}

/// The second derivatives of a number: the gradient of each element of its gradient.
///
/// - Parameters:
///   - value: A single number.
///   - tensor: With respect to what.
///   - createGraph: Whether the result is recorded, so that it can be differentiated again.
///   - unconnected: What to do where the value does not depend on the tensor.
/// - Returns: Shape `tensor.shape + tensor.shape`, symmetric.
/// - Traps: where the value is not a single number, or there is no path to the tensor.
public func hessian(
  of value: Tensor, withRespectTo tensor: Tensor, createGraph: Bool = false, unconnected: Unconnected = .trap
) -> Tensor {
  let gradient = gradients(
    of: value, withRespectTo: [tensor], createGraph: true, unconnected: unconnected)[0]
  guard gradient.isRecorded else {
    return .zeros(Shape(unchecked: tensor.shape.sizes + tensor.shape.sizes), dataType: tensor.dataType)
  }
  return jacobians(
    of: gradient, withRespectTo: [tensor], createGraph: createGraph, unconnected: .zeros)[0]
}

/// The Hessian of a number times a vector, without the Hessian.
///
/// - Parameters:
///   - value: A single number.
///   - tensors: With respect to what.
///   - direction: The vector, in the tensors' shapes.
///   - createGraph: Whether the result is recorded, so that it can be differentiated again.
///   - unconnected: What to do about a tensor that the value does not depend on.
/// - Returns: One tensor for each, in its shape.
/// - Traps: where the value is not a single number, a direction is not like its tensor, or there is no path to a tensor.
public func hessianVectorProduct(
  of value: Tensor, withRespectTo tensors: [Tensor], direction: [Tensor], createGraph: Bool = false,
  unconnected: Unconnected = .trap
) -> [Tensor] {
  checkDirection(direction, tensors, "hessianVectorProduct")
  let first = gradients(of: value, withRespectTo: tensors, createGraph: true, unconnected: unconnected)
  return gradients(
    of: innerProduct(first, direction), withRespectTo: tensors, retainGraph: true, createGraph: createGraph,
    unconnected: .zeros)
}

private func innerProduct(_ x: [Tensor], _ y: [Tensor]) -> Tensor {
  // The tensors may be of several types.
  zip(x, y).map { ($0 * $1.detached()).sum().cast(to: .float64) }.reduce(.zeros([], dataType: .float64), +)
}

private func checkDirection(_ direction: [Tensor], _ tensors: [Tensor], _ operation: String) {
  require(
    !tensors.isEmpty && direction.map(\.shape) == tensors.map(\.shape)
      && direction.map(\.dataType) == tensors.map(\.dataType),
    operation, "the direction is not like the tensors", given: "direction \(direction.map(\.shape))",
    expected: "\(tensors.map(\.shape)), of the same types, and at least one")
}

extension Tensor {
  /// 1 at one place in row-major order, and 0 elsewhere, in this tensor's shape and type.
  fileprivate func unitCotangent(at position: Int) -> Tensor {
    var flat = Tensor.zeros([count], dataType: dataType)
    flat[position] = Tensor(1.0, dataType: dataType)
    return flat.reshaped(to: shape)
  }
}
