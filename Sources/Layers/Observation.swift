import AdjointAutodiff

/// One call of a layer that is being observed.
public struct LayerCall {
  /// The layer's dotted path in the observed module.
  public let path: String
  /// The layer.
  public let layer: any Layer
  /// What it was given.
  public let input: Tensor
  /// What it gave.
  public let output: Tensor
  /// Whether the handler saw this call before, and a checkpoint makes it again for a pass back.
  public let isRepeated: Bool
}

extension Layer {
  /// Lets observers see a call of this layer; how every layer of Adjoint computes its output.
  ///
  /// Layers of your own that consist of others need not do this to have those seen. A layer that computes
  /// something itself, and wants to be seen, wraps its work:
  ///
  /// ```swift
  /// func callAsFunction(_ input: Tensor) -> Tensor {
  ///   observed(input) { input * scale.value }
  /// }
  /// ```
  public func observed(_ input: Tensor, _ body: () -> Tensor) -> Tensor {
    guard let observer = Observer.current else { return body() }
    return observer.call(self, input, body)
  }
}

extension Module {
  /// Calls `body`, in which a handler sees each call of the layers of this module, on the calling thread.
  ///
  /// Within it, what layers record bears their paths: anomalies and drawings of graphs name them.
  ///
  /// A checkpoint that was computed within it keeps the handler, and calls it again when a pass back comes, even
  /// if that is after the end of `body`: an output that was replaced is then replaced again.
  ///
  /// - Parameters:
  ///   - handler: Sees a call after it was made; what it returns goes on in place of the output, and nil leaves
  ///     the output as it is.
  ///   - body: Uses the module.
  public func observingLayers<Result>(
    _ handler: @escaping (LayerCall) -> Tensor?, _ body: () throws -> Result
  ) rethrows -> Result {
    try LayerObserver.with(Observer(of: self, handler: handler, outer: .current), body)
  }

  /// Calls `body`, in which what the layers of this module record bears their paths.
  ///
  /// ```swift
  /// let logits = model.observingLayers { model(images) }
  /// try GraphDrawing(logits.recordedGraph).write(to: "model.svg")
  /// ```
  public func observingLayers<Result>(_ body: () throws -> Result) rethrows -> Result {
    try observingLayers({ _ in nil }, body)
  }

  /// Calls `body` and returns, besides its result, the output of every layer of this module that ran, in the order
  /// in which they ended: a block comes after its parts.
  ///
  /// ```swift
  /// let (logits, activations) = model.capturingActivations { model(images) }
  /// for (path, activation) in activations { print(path, activation.shape) }
  /// ```
  public func capturingActivations<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, activations: [(path: String, output: Tensor)]) {
    var activations: [(path: String, output: Tensor)] = []
    // Checkpoints keep the handler, which is to keep nothing for them.
    defer { activations = [] }
    let result = try observingLayers(
      { call in
        if !call.isRepeated { activations.append((call.path, call.output)) }
        return nil
      }, body)
    return (result, activations)
  }

  /// Finds the first operator that gives a NaN or an infinity, and the layer it belongs to.
  ///
  /// See ``AdjointAutodiff/detectingAnomalies(_:)`` for what is checked and what it costs.
  public func detectingAnomalies<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, anomaly: Anomaly?) {
    try AdjointAutodiff.detectingAnomalies { try observingLayers(body) }
  }
}

/// Whether anybody sees the calls of layers on this thread, which then run one by one.
var layersAreObserved: Bool { LayerObserver.current != nil }

/// Who sees the calls of a module's layers, and passes them on to whoever observed before.
private final class Observer {
  private let paths: [ObjectIdentifier: String]
  private let handler: (LayerCall) -> Tensor?
  private let outer: Observer?

  /// The observer of the calling thread.
  static var current: Observer? { LayerObserver.current as! Observer? }

  init(of module: any Module, handler: @escaping (LayerCall) -> Tensor?, outer: Observer?) {
    // Has the parameters named too, as what is recorded bears their names beside the layers' paths.
    _ = module.parameters
    paths = Dictionary(
      module.namedModules.map { (ObjectIdentifier($0.module), $0.path) },
      uniquingKeysWith: { first, _ in first })
    self.handler = handler
    self.outer = outer
  }

  func call(_ layer: any Layer, _ input: Tensor, _ body: () -> Tensor) -> Tensor {
    guard let path = paths[ObjectIdentifier(layer)] else { return outer?.call(layer, input, body) ?? body() }
    let output = withLayerPath(path) { outer?.call(layer, input, body) ?? body() }
    let call = LayerCall(
      path: path, layer: layer, input: input, output: output, isRepeated: isAmongReplayed)
    return handler(call) ?? output
  }

  /// Whether this observer saw the segment that is being computed a second time.
  private var isAmongReplayed: Bool {
    var next = LayerObserver.replayed as! Observer?
    while let observer = next, observer !== self { next = observer.outer }
    return next != nil
  }
}
