import AdjointKernels

/// One way from an operator's output back to one of its inputs.
public struct GradientPath: Sendable {
  let source: Node
  let pull: Pull

  enum Pull: Sendable {
    case cotangent(@Sendable (consuming Tensor) -> Tensor?)
    case cotangentAndOutput(@Sendable (consuming Tensor, Tensor) -> Tensor?)
    /// Indirect, because few paths have two closures and all would be as large.
    indirect case cotangentOrAddition(
      @Sendable (consuming Tensor) -> Tensor?, to: @Sendable (Tensor, inout Tensor) -> Void)
  }

  /// A path to `input`, or nil where it wants no gradient.
  ///
  /// - Parameters:
  ///   - input: An operand of the operator.
  ///   - pull: From the cotangent of the output, the gradient of the input; it may have any shape that the
  ///     input broadcasts to. Nil says that nothing reaches the input, which is not the same as zero. A rule that
  ///     declares the cotangent `consuming` may change it in place where nobody else holds it.
  public init?(
    to input: borrowing Tensor, _ pull: @escaping @Sendable (_ cotangent: consuming Tensor) -> Tensor?
  ) {
    Anomalies.noteOperand(input)
    guard let node = input.node else { return nil }
    source = node
    self.pull = .cotangent(pull)
  }

  /// A path to `input` whose rule reads the operator's output too.
  public init?(
    to input: borrowing Tensor,
    keepingOutput pull: @escaping @Sendable (_ cotangent: consuming Tensor, _ output: Tensor) -> Tensor?
  ) {
    Anomalies.noteOperand(input)
    guard let node = input.node else { return nil }
    source = node
    self.pull = .cotangentAndOutput(pull)
  }

  /// A path to `input` whose gradient is 0 but at few places.
  ///
  /// - Parameter addition: Adds that gradient to those that have arrived at the input by other paths, so that it takes
  ///   no time for the zeros: to what has the input's shape and is not recorded.
  init?(
    to input: borrowing Tensor,
    adding addition: @escaping @Sendable (_ cotangent: Tensor, _ sum: inout Tensor) -> Void,
    _ pull: @escaping @Sendable (_ cotangent: consuming Tensor) -> Tensor?
  ) {
    Anomalies.noteOperand(input)
    guard let node = input.node else { return nil }
    source = node
    self.pull = .cotangentOrAddition(pull, to: addition)
  }

  var wantsOutput: Bool {
    if case .cotangentAndOutput = pull { true } else { false }
  }

  /// The gradient of the source from the cotangent of a node's output, which rules may want with its place in
  /// the graph.
  func gradient(_ cotangent: consuming Tensor, _ savedOutput: Tensor?, of node: Node) -> Tensor? {
    switch pull {
    case .cotangent(let pull), .cotangentOrAddition(let pull, to: _):
      return pull(consume cotangent)
    case .cotangentAndOutput(let pull):
      var output = savedOutput!
      output.node = node
      return pull(consume cotangent, output)
    }
  }
}

/// The paths of one operator: one or two without an array, since few operators have more.
enum Paths: Sendable {
  case one(GradientPath)
  case two(GradientPath, GradientPath)
  case several([GradientPath])

  /// The paths that are not nil, or nil where all are.
  init?(_ first: GradientPath?, _ second: GradientPath? = nil) {
    switch (first, second) {
    case (nil, nil): return nil
    case (let path?, nil), (nil, let path?): self = .one(path)
    case (let first?, let second?): self = .two(first, second)
    }
  }

  init?(_ paths: [GradientPath?]) {
    let present = paths.compactMap { $0 }
    if present.isEmpty { return nil }
    self = .several(present)
  }

  var wantsOutput: Bool {
    switch self {
    case .one(let path): path.wantsOutput
    case .two(let first, let second): first.wantsOutput || second.wantsOutput
    case .several(let paths): paths.contains(where: \.wantsOutput)
    }
  }

  var sources: [Node] {
    switch self {
    case .one(let path): [path.source]
    case .two(let first, let second): [first.source, second.source]
    case .several(let paths): paths.map(\.source)
    }
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
  ///   - path: To the input; nil where that wants no gradient. It is made only where recording is not off.
  /// - Returns: This value, recorded if there is a path and recording is not off.
  public consuming func recorded(as name: String, _ path: @autoclosure () -> GradientPath?) -> Tensor {
    recorded(as: name) { Paths(path()) }
  }

  /// This value as the output of an operator of two inputs, with a path to each; one to an input that wants no
  /// gradient is nil and is dropped. The paths are made only where recording is not off.
  public consuming func recorded(
    as name: String, _ first: @autoclosure () -> GradientPath?, _ second: @autoclosure () -> GradientPath?
  ) -> Tensor {
    recorded(as: name) { Paths(first(), second()) }
  }

  /// This value as the output of an operator of three inputs, with a path to each; one to an input that wants no
  /// gradient is nil and is dropped. The paths are made only where recording is not off.
  public consuming func recorded(
    as name: String, _ first: @autoclosure () -> GradientPath?, _ second: @autoclosure () -> GradientPath?,
    _ third: @autoclosure () -> GradientPath?
  ) -> Tensor {
    recorded(as: name) {
      let (first, second, third) = (first(), second(), third())
      return third == nil ? Paths(first, second) : Paths([first, second, third])
    }
  }

  /// This value as the output of an operator of any number of inputs, with a path to each; one to an input that wants
  /// no gradient is nil and is dropped. The paths are made only where recording is not off.
  public consuming func recorded(as name: String, paths: @autoclosure () -> [GradientPath?]) -> Tensor {
    recorded(as: name) { Paths(paths()) }
  }

  /// Makes paths, and the closures that they hold, only where somebody will look at them.
  @inline(__always)
  private consuming func recorded(as name: String, makePaths: () -> Paths?) -> Tensor {
    var result = self
    result.node = nil
    let (isRecording, layerPath) = Recording.circumstances
    guard isRecording || Anomalies.areWatchedAnywhere else { return result }
    if let paths = makePaths(), isRecording {
      let output = paths.wantsOutput ? result : nil
      result.node = Node(
        name: name, shape: result.shape, dataType: result.dataType, rule: .paths(paths, output: output),
        layerPath: layerPath)
    }
    Anomalies.check(result, operation: name)
    return result
  }

  /// This value as the output of an operator whose gradients are computed together.
  ///
  /// - Parameters:
  ///   - name: The operator, as messages and drawings call it.
  ///   - inputs: The operands, in the order in which `pull` gives their gradients; nil stands for one that a call does
  ///     without, whose gradient is not looked at.
  ///   - pull: From the cotangent of the output, the gradients of the inputs.
  public func recorded(
    as name: String, from inputs: [Tensor?], jointly pull: @escaping JointPullback
  ) -> Tensor {
    for case let input? in inputs { Anomalies.noteOperand(input) }
    Anomalies.check(self, operation: name)
    return recorded(as: name, sources: inputs.map { $0?.node }, jointly: pull)
  }

  /// This value as coming from nodes rather than from tensors.
  func recorded(as name: String, sources: [Node?], jointly pull: @escaping JointPullback) -> Tensor {
    let (isRecording, layerPath) = Recording.circumstances
    guard isRecording, sources.contains(where: { $0 != nil }) else { return detached() }
    var result = self
    result.node = Node(
      name: name, shape: shape, dataType: dataType, rule: .joint(sources, pull), layerPath: layerPath)
    return result
  }

  /// This tensor as the outcome of an operator that had nothing to do: outside of any graph while nothing is recorded.
  package var unchanged: Tensor { Recording.isOn ? self : detached() }

  /// Whether a gradient can be passed back from this tensor.
  public var isRecorded: Bool { node != nil }
}

/// Calls `body` and records nothing in it: for inference, and for values of which no gradient is wanted.
///
/// Holds for the calling thread, and may be nested.
public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.with(isOn: false, body)
}

/// Calls `body` and records in it, also where it is called within ``withoutRecording(_:)``: for a gradient on the way
/// of an inference.
///
/// Holds for the calling thread, and may be nested.
public func withRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Recording.with(isOn: true, body)
}
