import AdjointKernels

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
    return differences(from: targets, .square, reduction)
  }

  /// The magnitude of the difference to targets, |prediction − target|; the gradient is 0 where it is 0.
  ///
  /// - Parameters:
  ///   - targets: The predictions' shape and type.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ.
  public func meanAbsoluteError(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "meanAbsoluteError", "targets")
    return differences(from: targets, .absolute, reduction)
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
    return differences(from: targets, .huber(limit: delta, "huberLoss"), reduction)
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
    return differences(from: targets, .huber(limit: beta, "smoothL1Loss"), reduction) / beta
  }

  private func differences(from targets: Tensor, _ loss: DifferenceLoss, _ reduction: LossReduction) -> Tensor
  {
    switch reduction {
    case .mean: sumOfDifferences(from: targets, loss) / Double(count)
    case .sum: sumOfDifferences(from: targets, loss)
    case .none:
      (self - targets).activated(
        loss.name, loss.value, gradient: loss.gradient, loss.parameters, slope: loss.slope)
    }
  }

  /// The sum and its gradient pass over predictions and targets once each, and keep no differences in between.
  private func sumOfDifferences(from targets: Tensor, _ loss: DifferenceLoss) -> Tensor {
    let value = Tensor(.scalar, dataType) {
      Differences.sum(
        of: loss.value, contiguous().region, targets.contiguous().region, into: $0, count: count,
        type: dataType.elementType, parameters: loss.parameters)
    }
    return value.recorded(as: loss.name, from: [self, targets]) { cotangent, wanted in
      let gradient =
        Recording.isOn
        ? cotangent.passed(by: loss.slope(self - targets)) : loss.gradient(cotangent, at: self, targets)
      return [wanted[0] ? gradient : nil, wanted[1] ? -gradient : nil]
    }
  }
}

/// A loss of one difference: the kernels of its value and of its gradient, and its slope in differentiable operators.
private struct DifferenceLoss: Sendable {
  let name: String
  let value: UnaryOperation
  let gradient: BinaryOperation
  var parameters = (0.0, 0.0)
  let slope: @Sendable (_ difference: Tensor) -> Tensor

  static let square = DifferenceLoss(
    name: "meanSquaredError", value: .square, gradient: .squareGradient, slope: { $0 * 2 })

  static let absolute = DifferenceLoss(
    name: "meanAbsoluteError", value: .absolute, gradient: .absoluteGradient, slope: { $0.detached().sign() })

  static func huber(limit: Double, _ name: String) -> DifferenceLoss {
    DifferenceLoss(
      name: name, value: .huber, gradient: .huberGradient, parameters: (limit, 0),
      slope: { $0.clamped(to: -limit...limit) })
  }

  /// The gradient that predictions have from the sum's cotangent; nothing here is recorded.
  func gradient(_ cotangent: Tensor, at predictions: Tensor, _ targets: Tensor) -> Tensor {
    Tensor(predictions.shape, predictions.dataType) {
      Differences.gradient(
        of: gradient, predictions.contiguous().region, targets.contiguous().region,
        cotangent: cotangent.contiguous().region, into: $0, count: predictions.count,
        type: predictions.dataType.elementType, parameters: parameters)
    }
  }
}
