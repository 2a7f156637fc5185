import Synchronization

/// A tensor that training changes: its value, its name in the model, and the gradient collected for it.
///
/// A parameter is shared by reference between the layer that uses it and the optimizer that changes it.
public final class Parameter: Sendable {
  private struct Content {
    var value: Tensor
    var isTrainable = true
    var substitute: Tensor?
  }

  private let content: Mutex<Content>
  private let leaf: Leaf

  /// A parameter with an initial value.
  ///
  /// - Parameters:
  ///   - value: The initial value, of a floating-point type. A graph it may have come from is not kept.
  ///   - name: What messages call it; a module gives it its dotted path.
  /// - Traps: where the type has no gradients.
  public init(_ value: Tensor, name: String = "parameter") {
    value.dataType.requireGradients("parameter")
    let value = value.detached()
    leaf = Leaf(value, label: name)
    content = Mutex(Content(value: value))
  }

  /// The present value; recorded as a leaf unless the parameter is frozen.
  ///
  /// A graph that a new value comes from is not kept: the parameter is a leaf again. `Module.substituting` computes with
  /// weights that have a graph.
  ///
  /// - Traps: where it is set to a value of another shape or type.
  public var value: Tensor {
    get {
      content.withLock { content in
        if let substitute = content.substitute { return substitute }
        var value = content.value
        if content.isTrainable { value.node = leaf }
        return value
      }
    }
    set {
      checkLike(newValue)
      content.withLock { $0.value = newValue.detached() }
    }
  }

  /// The dotted path in the largest model that has been asked for its parameters, such as `features.0.filter`.
  public var name: String {
    get { leaf.label! }
    set { leaf.label = newValue }
  }

  /// Whether gradients are collected; a frozen parameter is a constant to the graph and to optimizers.
  public var isTrainable: Bool {
    get { content.withLock { $0.isTrainable } }
    set { content.withLock { $0.isTrainable = newValue } }
  }

  /// The sum of the gradients since the last optimizer step; nil where none has arrived.
  ///
  /// - Traps: where it is set to one of another shape or type.
  public var gradient: Tensor? {
    get { leaf.gradient }
    set {
      if let newValue { checkLike(newValue) }
      leaf.gradient = newValue
    }
  }

  /// The size of each axis.
  public var shape: Shape { leaf.shape }

  /// The type of the elements.
  public var dataType: DataType { leaf.dataType }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// Changes the value, in place where no graph and nobody else holds it.
  ///
  /// - Parameter body: Changes the value, and keeps its shape and type. Nothing in it is recorded. It may use other
  ///   parameters, but this one only as its argument: nobody reads the value while it changes.
  /// - Traps: where the new value is of another shape or type.
  public func update(_ body: (inout Tensor) -> Void) {
    content.withLock { content in
      withoutRecording { body(&content.value) }
      // It may be a tensor that was recorded elsewhere.
      content.value.node = nil
    }
    checkLike(content.withLock { $0.value })
  }

  /// Lets the parameter stand for another tensor, with its place in a graph, until nil ends it: how a function of
  /// parameters is taken as a function of tensors.
  ///
  /// - Returns: What it stood for before, if anything.
  @discardableResult
  package func substitute(_ tensor: Tensor?) -> Tensor? {
    if let tensor { checkLike(tensor) }
    return content.withLock { content in
      defer { content.substitute = tensor }
      return content.substitute
    }
  }

  private func checkLike(_ tensor: Tensor) {
    require(
      tensor.shape == shape && tensor.dataType == dataType, name, "a parameter keeps its shape and type",
      given: "\(tensor.dataType) \(tensor.shape)", expected: "\(dataType) \(shape)")
  }
}
