import AdjointAutodiff

extension [Parameter] {
  /// Makes all gradients smaller by one factor where together they are too long, and gives their length before.
  ///
  /// ```
  /// norm = √Σ gradient², over the elements of all gradients
  /// gradient ← gradient · min(1, limit / (norm + 10⁻⁶))
  /// ```
  ///
  /// Between a pass back and a step:
  ///
  /// ```swift
  /// loss.backward()
  /// model.parameters.clipGradients(toNorm: 1)
  /// optimizer.step()
  /// ```
  ///
  /// A parameter that is given twice, as two modules may share one, counts once, and parameters without a gradient do
  /// not count. Gradients whose norm is infinite or NaN are left as they are, so that
  /// the caller, who gets that norm, can leave out the step.
  ///
  /// - Parameter limit: The largest norm, 0 or more; infinity only measures.
  /// - Returns: The norm before.
  /// - Traps: where the limit is below 0 or NaN.
  /// - Source: Pascanu, Mikolov, Bengio, On the Difficulty of Training Recurrent Neural Networks, 2012,
  ///   arXiv:1211.5063; the 10⁻⁶ as in PyTorch.
  @discardableResult
  public func clipGradients(toNorm limit: Double) -> Double {
    require(
      limit >= 0, "clipGradients", "the limit is out of range", given: "\(limit)", expected: "0 or more")
    return withoutRecording {
      let parameters = distinct
      let norms = parameters.compactMap { $0.gradient?.l2Norm().scalar(as: Double.self) }
      let norm = Tensor(norms, dataType: .float64).l2Norm().scalar(as: Double.self)
      let factor = limit / (norm + 1e-6)
      if norm.isFinite && factor < 1 {
        for parameter in parameters { parameter.gradient = parameter.gradient.map { $0 * factor } }
      }
      return norm
    }
  }
}
