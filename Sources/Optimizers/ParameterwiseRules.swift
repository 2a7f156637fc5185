import AdjointAutodiff
import AdjointKernels

/// What the rules of several optimizers share.
extension ParameterwiseOptimizer {
  /// The gradient of the loss with weightDecay / 2 · ‖value‖² added to it: without decay, nothing of an infinite value.
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
  /// What is remembered by a name; at first, a number in each element.
  ///
  /// - Traps: where it is not like the value.
  func tensor(_ name: String, like value: Tensor, initially number: Double = 0) -> Tensor {
    guard let tensor = tensors[name] else {
      return .filled(with: number, shape: value.shape, dataType: value.dataType)
    }
    requireLike(value, tensor, named: name, of: parameter)
    return tensor
  }

  /// The memory of what is remembered by a name, zeros at first, for a kernel to change.
  ///
  /// - Traps: where it is not like the value.
  mutating func memory(_ name: String, like value: Tensor) -> Region {
    func writable(_ tensor: inout Tensor, of parameter: Parameter?) -> Region {
      requireLike(value, tensor, named: name, of: parameter)
      tensor.makeWritable()
      return tensor.region
    }
    return writable(&tensors[name, default: .zeros(like: value)], of: parameter)
  }

  /// Moves a running average toward a new term, and gives it.
  @discardableResult
  mutating func average(of term: Tensor, in name: String, keeping kept: Double) -> Tensor {
    let average = tensor(name, like: term) * kept + term * (1 - kept)
    tensors[name] = average
    return average
  }
}
