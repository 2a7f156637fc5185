/// How the losses of single examples become one number.
public enum LossReduction: Sendable, Hashable, CaseIterable {
  /// Their mean.
  case mean
  /// Their sum.
  case sum
  /// Not at all: one loss an example, or an element.
  case none
}

extension Tensor {
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum: sum()
    case .none: self
    }
  }

  /// Traps unless what a loss compares this with has its shape and type, which must be one with gradients; losses
  /// do not broadcast, since a mean over the wrong pairs is a number too.
  func requireComparable(_ other: Tensor, _ name: String, _ otherName: String) {
    requireFloatingPoint(name)
    require(
      other.shape == shape, name, "\(otherName) are not like the predictions",
      given: "predictions \(shape), \(otherName) \(other.shape)", expected: "one shape")
    Tensor.requireSameType(self, other, name)
  }
}
