extension Tensor {
  /// This value, at which a pass back calls a block with the gradient that arrives.
  ///
  /// The block belongs to the tensor that is returned: only what is computed from that one comes by it, and it
  /// goes when that graph goes.
  ///
  /// ```swift
  /// let features = body(images).onGradient { print($0.absolute().max()); return nil }
  /// ```
  ///
  /// - Parameter body: Sees the gradient, in this tensor's shape; what it returns goes on in its place, and nil
  ///   leaves the gradient as it is. The pass back calls it on its own thread, which must be one that may use what the
  ///   block captured.
  public func onGradient(_ body: @escaping (_ gradient: Tensor) -> Tensor?) -> Tensor {
    nonisolated(unsafe) let body = body
    return recorded(as: "onGradient", GradientPath(to: self) { body($0) ?? $0 })
  }
}
