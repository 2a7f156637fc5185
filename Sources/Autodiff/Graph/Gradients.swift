extension Tensor {
  /// A leaf of the graph: this value, whose gradient ``backward(_:retainGraph:createGraph:)`` collects.
  ///
  /// - Traps: where the type has no gradients.
  public func withGradient() -> Tensor {
    dataType.requireGradients("withGradient")
    var leaf = detached()
    leaf.node = Leaf(leaf)
    return leaf
  }

  /// The gradient that backward passes have added up in this leaf, nil before the first or for any other tensor.
  public var gradient: Tensor? { (node as? Leaf)?.gradient }

  /// Passes gradients back from this tensor to every leaf it came from, where they add up. The memory of a tensor that
  /// nobody else holds is free meanwhile.
  ///
  /// - Parameters:
  ///   - cotangent: The gradient of whatever is to be differentiated with respect to this tensor, in its shape
  ///     and type; nil stands for 1 and is for a single number.
  ///   - retainGraph: Whether the graph is kept for another pass. If not, the memory that rules hold is freed
  ///     on the way. Nil keeps it where `createGraph` does.
  ///   - createGraph: Whether the pass itself is recorded, so that the gradients have gradients. A leaf then holds its
  ///     gradient, whose graph holds the leaf: a parameter lets go of it at the optimizer's step, another leaf never
  ///     does. ``gradients(of:withRespectTo:cotangent:retainGraph:createGraph:unconnected:)`` leaves nothing behind.
  /// - Traps: where this tensor was not recorded; where it is not a single number and there is no cotangent;
  ///   where the cotangent's shape or type is another; where an earlier pass has released the graph.
  public consuming func backward(
    _ cotangent: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false
  ) {
    let (root, cotangent) = rootOfPass("backward", cotangent: cotangent)
    _ = consume self
    let pass = BackwardPass(
      operation: "backward", retainsGraph: retainGraph ?? createGraph, createsGraph: createGraph)
    pass.run(from: root, consume cotangent) { node, cotangent in
      guard let leaf = node as? Leaf else { return true }
      leaf.accumulate(createGraph ? cotangent : cotangent.detached())
      return false
    }
  }

  /// Where a pass back from this tensor starts, and with what.
  fileprivate func rootOfPass(_ operation: String, cotangent: Tensor?) -> (Node, Tensor) {
    guard let node else {
      Failure(
        operation, "nothing was recorded", given: "a tensor \(shape) with no path to a leaf",
        expected: "a value computed from a leaf that wants gradients",
        hint:
          "make leaves with withGradient() and leave parameters trainable; compute outside withoutRecording, inferring and detached(); of gradients, record those with createGraph: true"
      ).trap()
    }
    guard let cotangent else {
      require(
        count == 1, operation, "the value is not a single number and there is no cotangent",
        given: "shape \(shape)", expected: "one element, or a cotangent of this shape",
        hint: "reduce it with sum() or mean()")
      return (node, .ones(like: self))
    }
    require(
      cotangent.shape == shape && cotangent.dataType == dataType, operation,
      "the cotangent is not like the value", given: "\(cotangent.dataType) \(cotangent.shape)",
      expected: "\(dataType) \(shape)")
    return (node, cotangent)
  }
}

/// What to do about a tensor that the differentiated value does not depend on.
public enum Unconnected: Sendable {
  /// End the program with a message: most often, it is a mistake.
  case trap
  /// Give zeros of its shape.
  case zeros
}

/// The gradients of a value with respect to tensors, leaves or not, without touching any leaf's own.
///
/// ```swift
/// let slope = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
/// let curvature = gradients(of: slope.sum(), withRespectTo: [x])[0]
/// ```
///
/// - Parameters:
///   - value: What to differentiate. Unless somebody else holds it, its memory is free during the pass.
///   - tensors: With respect to what: each a leaf, or a value computed on the way.
///   - cotangent: The weights of the value's elements, in its shape; nil stands for 1, for a single number.
///   - retainGraph: Whether the graph is kept for another pass; nil keeps it where `createGraph` does.
///   - createGraph: Whether the gradients are recorded, so that they can be differentiated again.
///   - unconnected: What to do about a tensor that the value does not depend on.
/// - Returns: One gradient for each tensor, in its shape.
/// - Traps: as ``Tensor/backward(_:retainGraph:createGraph:)`` does, and where there is no path to a tensor.
public func gradients(
  of value: consuming Tensor, withRespectTo tensors: [Tensor], cotangent: Tensor? = nil,
  retainGraph: Bool? = nil, createGraph: Bool = false, unconnected: Unconnected = .trap
) -> [Tensor] {
  let operation = "gradients"
  if value.node == nil, unconnected == .zeros { return tensors.map { .zeros(like: $0) } }
  let (root, cotangent) = value.rootOfPass(operation, cotangent: cotangent)
  _ = consume value
  let pass = BackwardPass(
    operation: operation, retainsGraph: retainGraph ?? createGraph, createsGraph: createGraph)
  let found = pass.gradients(from: root, consume cotangent, at: tensors.map(\.node))
  return tensors.indices.map { position in
    if let gradient = found[position] { return gradient }
    let tensor = tensors[position]
    require(
      unconnected == .zeros, operation, "there is no path to a tensor",
      given: "tensor \(position), of shape \(tensor.shape), which "
        + (tensor.isRecorded ? "the value does not depend on" : "is no leaf and was not computed from one"),
      expected: "a tensor that the value was computed from",
      hint: tensor.isRecorded
        ? "unconnected: .zeros takes its gradient as zero" : "make a leaf with withGradient() first")
    return .zeros(like: tensor)
  }
}

extension BackwardPass {
  /// The cotangents that arrive at nodes; nil where none does.
  ///
  /// - Parameter order: What was made before is no way to a target; a target itself may be. Nil for what was made
  ///   before every target.
  func gradients(
    from root: Node, _ cotangent: consuming Tensor, at targets: [Node?], notBehind order: Int? = nil
  ) -> [Tensor?] {
    let identifiers = targets.map { $0.map(ObjectIdentifier.init) }
    let wanted = Set(identifiers.compactMap { $0 })
    // A node is made after its sources, so the first target, and what was made before it, leads to none.
    let firstOrder = order ?? targets.compactMap { $0?.order }.min().map { $0 + 1 } ?? .max
    var found: [ObjectIdentifier: Tensor] = [:]
    var pass = self
    pass.relevant = nodes(from: root, leadingTo: wanted, madeFrom: firstOrder)
    pass.run(from: root, cotangent) { node, cotangent in
      if wanted.contains(ObjectIdentifier(node)) {
        found[ObjectIdentifier(node)] = createsGraph ? cotangent : cotangent.detached()
      }
      return node.order >= firstOrder
    }
    return identifiers.map { $0.flatMap { found[$0] } }
  }
}

/// The nodes on any path from a root to one of the targets, over nodes made from a place in the order of creation on.
/// Where an earlier pass has released a node, nobody knows any more whether it was on such a path: it counts as one.
private func nodes(
  from root: Node, leadingTo targets: Set<ObjectIdentifier>, madeFrom firstOrder: Int
) -> Set<ObjectIdentifier> {
  var leading: Set<ObjectIdentifier> = []
  // A node is made after its sources, so one sweep marks everything.
  for node in Node.behind([root], madeFrom: firstOrder) {
    let identifier = ObjectIdentifier(node)
    if targets.contains(identifier) || node.order >= firstOrder && node.isReleased
      || node.sources.contains(where: { leading.contains(ObjectIdentifier($0)) })
    {
      leading.insert(identifier)
    }
  }
  return leading
}
