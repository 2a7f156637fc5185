import AdjointAutodiff

/// What the rules of several optimizers share.
extension ParameterwiseOptimizer {
  /// The gradient of the loss with weightDecay / 2 · ‖value‖² added to it.
  func decayed(_ gradient: Tensor, toward value: Tensor, by weightDecay: Double) -> Tensor {
    weightDecay == 0 ? gradient : gradient + value * weightDecay
  }

  /// The same; or, where a learning rate is given, the gradient as it is, and the value itself shrunk.
  func decayed(
    _ gradient: Tensor, toward value: inout Tensor, by weightDecay: Double, decoupledAt learningRate: Double?
  ) -> Tensor {
    guard let learningRate else { return decayed(gradient, toward: value, by: weightDecay) }
    value *= 1 - learningRate * weightDecay
    return gradient
  }
}

extension ParameterState {
  /// Moves a running average toward a new term, and gives it.
  @discardableResult
  mutating func average(of term: Tensor, in name: String, keeping kept: Double) -> Tensor {
    let average = tensors[name, default: .zeros(like: term)] * kept + term * (1 - kept)
    tensors[name] = average
    return average
  }
}
