// Losses that depend on the difference to targets alone. Gradients pass to predictions and targets.
extension Tensor {
  /// The square of the difference to targets, (prediction − target)².
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ.
  public func meanSquaredError(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "meanSquaredError", "targets")
    return (self - targets).squared().reduced(reduction)
  }

  /// The magnitude of the difference to targets, |prediction − target|; the gradient is 0 where it is 0.
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ.
  public func meanAbsoluteError(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "meanAbsoluteError", "targets")
    return (self - targets).absolute().reduced(reduction)
  }

  /// Half the square of small differences to targets, and a straight line through large ones.
  ///
  /// ```
  /// d = |prediction − target|
  /// loss = d² / 2 where d ≤ delta, else delta · (d − delta / 2)
  /// ```
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - delta: Where the square becomes a line, above 0.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ, or delta is not above 0.
  /// - Source: Huber, Robust Estimation of a Location Parameter, 1964, doi:10.1214/aoms/1177703732.
  public func huberLoss(targets: Tensor, delta: Double = 1, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "huberLoss", "targets")
    require(delta > 0, "huberLoss", "delta is out of range", given: "\(delta)", expected: "above 0")
    return huberLosses(targets, delta).reduced(reduction)
  }

  /// The Huber loss divided by its own delta, so that large differences count as they are.
  ///
  /// ```
  /// d = |prediction − target|
  /// loss = d² / (2 beta) where d ≤ beta, else d − beta / 2
  /// ```
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - beta: Where the square becomes a line, above 0; ``meanAbsoluteError(targets:reduction:)`` is the limit.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ, or beta is not above 0.
  /// - Source: Girshick, Fast R-CNN, 2015, arXiv:1504.08083.
  public func smoothL1Loss(targets: Tensor, beta: Double = 1, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "smoothL1Loss", "targets")
    require(beta > 0, "smoothL1Loss", "beta is out of range", given: "\(beta)", expected: "above 0")
    return (huberLosses(targets, beta) / beta).reduced(reduction)
  }

  private func huberLosses(_ targets: Tensor, _ delta: Double) -> Tensor {
    let difference = self - targets
    let held = difference.clamped(to: -delta...delta)
    return held * (difference - held / 2)
  }
}
