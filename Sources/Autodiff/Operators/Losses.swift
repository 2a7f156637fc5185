import AdjointKernels

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
  /// The square of the difference to targets, (prediction − target)².
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ.
  public func meanSquaredError(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireFloatingPoint("meanSquaredError")
    require(
      targets.shape == shape, "meanSquaredError", "targets are not like the predictions",
      given: "predictions \(shape), targets \(targets.shape)", expected: "one shape")
    return (self - targets).squared().reduced(reduction)
  }

  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum: sum()
    case .none: self
    }
  }
}
