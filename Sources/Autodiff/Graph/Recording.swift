import AdjointKernels

/// One way from an operator's output back to one of its inputs.
public struct GradientPath: Sendable {
  let source: Node
  let pull: Pull

  enum Pull: Sendable {
    case cotangent(@Sendable (Tensor) -> Tensor?)
    case cotangentAndOutput(@Sendable (Tensor, Tensor) -> Tensor?)
  }

  /// A path to `input`, or nil where it wants no gradient.
  ///
  /// - Parameters:
  ///   - input: An operand of the operator.
  ///   - pull: From the cotangent of the output, the gradient of the input; it may have any shape that the
  ///     input broadcasts to. Nil says that nothing reaches the input, which is not the same as zero.
  public init?(to input: Tensor, _ pull: @escaping @Sendable (_ cotangent: Tensor) -> Tensor?) {
    Anomalies.noteOperand(input)
    guard let node = input.node else { return nil }
    source = node
    self.pull = .cotangent(pull)
  }

  /// A path to `input` whose rule reads the operator's output too.
  public init?(
    to input: Tensor,
    keepingOutput pull: @escaping @Sendable (_ cotangent: Tensor, _ output: Tensor) -> Tensor?
  ) {
    Anomalies.noteOperand(input)
    guard let node = input.node else { return nil }
    source = node
    self.pull = .cotangentAndOutput(pull)
  }

  var wantsOutput: Bool {
    if case .cotangentAndOutput = pull { true } else { false }
  }
}

extension Tensor {
  /// This value as the output of an operator with the given rule; how every operator of Adjoint is recorded, and
  /// how you write your own.
  ///
  /// A rule is written in differentiable operators, so derivatives of every order follow from it. What its
  /// closures capture stays alive until the graph is released: capture what the rule reads and nothing else.
  ///
  /// ```swift
  /// extension Tensor {
  ///   func cubed() -> Tensor {
  ///     withoutRecording { self * self * self }
  ///       .recorded(as: "cubed", GradientPath(to: self) { cotangent in 3 * self * self * cotangent })
  ///   }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - name: The operator, as messages and drawings call it.
  ///   - paths: One for each input; a path to an input that wants no gradient is nil and is dropped.
  /// - Returns: This value, recorded if there is any path and recording is not off.
  public func recorded(as name: String, _ paths: GradientPath?...) -> Tensor {
    recorded(as: name, paths: paths)
  }

  /// This value as the output of an operator with one path for each of a list of inputs.
  public func recorded(as name: String, paths: [GradientPath?]) -> Tensor {
    Anomalies.check(self, operation: name)
    let present = paths.compactMap { $0 }
    guard let first = present.first, Recording.isOn else { return detached() }
    let rule = Rule.paths(first, others: Array(present.dropFirst()))
    var result = self
    result.node = Node(
      name: name, output: self, rule: rule, savesOutput: present.contains(where: \.wantsOutput))
    return result
  }

  /// This value as the output of an operator whose gradients are computed together.
  ///
  /// - Parameters:
  ///   - name: The operator, as messages and drawings call it.
  ///   - inputs: The operands, in the order in which `pull` gives their gradients.
  ///   - pull: From the cotangent of the output, the gradients of the inputs.
  public func recorded(
    as name: String, from inputs: [Tensor], jointly pull: @escaping JointPullback
  ) -> Tensor {
    inputs.forEach(Anomalies.noteOperand)
    Anomalies.check(self, operation: name)
    return recorded(as: name, sources: inputs.map(\.node), jointly: pull)
  }

  /// This value as coming from nodes rather than from tensors.
  func recorded(as name: String, sources: [Node?], jointly pull: @escaping JointPullback) -> Tensor {
    guard sources.contains(where: { $0 != nil }), Recording.isOn else { return detached() }
    var result = self
    result.node = Node(name: name, output: self, rule: .joint(sources, pull))
    return result
  }

  /// Whether a gradient can be passed back from this tensor.
  public var isRecorded: Bool { node != nil }
}

/// Calls `body` and records nothing in it: for inference, and for values of which no gradient is wanted.
///
/// Holds for the calling thread, and may be nested.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.with(isOn: false, body)
}
