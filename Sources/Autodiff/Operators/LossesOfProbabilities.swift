// Losses that compare probabilities of yes and no, each element by itself, or whole distributions.
extension Tensor {
  /// The cross-entropy of probabilities with targets between no, 0, and yes, 1.
  ///
  /// ```
  /// loss = −target · log p − (1 − target) · log(1 − p)
  /// ```
  ///
  /// Logarithms are held at −100 or above, and their gradients at 10¹² or below, so that a certain prediction that
  /// is wrong has a finite loss. ``binaryCrossEntropyWithLogits(targets:positiveWeight:reduction:)`` is exact for
  /// predictions of any certainty.
  ///
  /// Predictions must be in 0 ... 1. To look for one that is not would take as long as the loss, so there it is NaN;
  /// ``detectingAnomalies(_:)`` finds where it comes from.
  ///
  /// - Parameters:
  ///   - targets: The probabilities' shape and type, in 0 ... 1.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ.
  public func binaryCrossEntropy(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "binaryCrossEntropy", "targets")
    let (yes, no) = (heldLogarithm(), heldLogarithmOfRest())
    return (-(targets * yes + (1 - targets) * no)).reduced(reduction)
  }

  /// The cross-entropy of the sigmoids of logits with targets between no, 0, and yes, 1; exact for logits of any
  /// size.
  ///
  /// ```
  /// loss = −positiveWeight · target · log sigmoid(x) − (1 − target) · log sigmoid(−x)
  /// ```
  ///
  /// - Parameters:
  ///   - targets: The logits' shape and type, in 0 ... 1.
  ///   - positiveWeight: How much yes counts against no; broadcast, so that there may be one a class; nil for 1.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ, or the weight has another type or does not broadcast to the logits.
  public func binaryCrossEntropyWithLogits(
    targets: Tensor, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    let name = "binaryCrossEntropyWithLogits"
    requireComparable(targets, name, "targets")
    if let positiveWeight {
      Tensor.requireSameType(self, positiveWeight, name)
      require(
        positiveWeight.shape.broadcasts(to: shape), name, "the weight does not broadcast to the logits",
        given: "weight \(positiveWeight.shape), logits \(shape)", expected: "sizes that are the logits' or 1")
    }
    let yes = targets * (-self).softplus()
    return ((positiveWeight.map { yes * $0 } ?? yes) + (1 - targets) * softplus()).reduced(reduction)
  }

  /// The cross-entropy of the sigmoids of logits, weakened where the prediction is good already, so that many easy
  /// examples do not outweigh the hard ones; exact for logits of any size.
  ///
  /// ```
  /// p = sigmoid(x)
  /// loss = −alpha · target · (1 − p)^gamma · log p − (1 − alpha) · (1 − target) · p^gamma · log(1 − p)
  /// ```
  ///
  /// - Parameters:
  ///   - targets: The logits' shape and type, in 0 ... 1.
  ///   - alpha: The weight of yes, in 0 ... 1; no has the rest. Nil gives each a weight of 1.
  ///   - gamma: How much good predictions are weakened, 0 or more.
  ///   - reduction: How the elements' losses become one number.
  /// - Traps: where shapes or types differ, or a number is out of range.
  /// - Source: Lin, Goyal, Girshick, He, Dollár, Focal Loss for Dense Object Detection, 2017, arXiv:1708.02002.
  public func focalLoss(
    targets: Tensor, alpha: Double? = 0.25, gamma: Double = 2, reduction: LossReduction = .mean
  ) -> Tensor {
    requireComparable(targets, "focalLoss", "targets")
    require(
      gamma >= 0 && (0...1).contains(alpha ?? 0), "focalLoss", "a number is out of range",
      given: "alpha \(alpha.map { "\($0)" } ?? "nil"), gamma \(gamma)",
      expected: "alpha in 0...1, gamma 0 or more")
    let (logYes, logNo) = (logSigmoid(), (-self).logSigmoid())
    let yes = targets * (logNo * gamma).exp() * logYes
    let no = (1 - targets) * (logYes * gamma).exp() * logNo
    let losses = alpha.map { yes * $0 + no * (1 - $0) } ?? yes + no
    return (-losses).reduced(reduction)
  }

  /// How little predicted and true regions overlap, for segmentation.
  ///
  /// ```
  /// loss = 1 − (2 Σ p · target + smoothing) / (Σ p + Σ target + smoothing)
  /// ```
  ///
  /// - Parameters:
  ///   - targets: The probabilities' shape and type, in 0 ... 1.
  ///   - axes: What makes one region; nil for all axes but the first, one region for each example.
  ///   - smoothing: Added to both sides, so that nothing where there is nothing is a loss of 0.
  ///   - reduction: How the regions' losses become one number.
  /// - Traps: where shapes or types differ, or the axes are wrong.
  /// - Source: Milletari, Navab, Ahmadi, V-Net, 2016, arXiv:1606.04797.
  public func diceLoss(
    targets: Tensor, axes: [Int]? = nil, smoothing: Double = 1, reduction: LossReduction = .mean
  ) -> Tensor {
    requireComparable(targets, "diceLoss", "targets")
    let axes = shape.resolve(axes: axes ?? Array(shape.sizes.indices.dropFirst()), "diceLoss")
    let overlap = (self * targets).sum(axes: axes) * 2 + smoothing
    return (1 - overlap / ((self + targets).sum(axes: axes) + smoothing)).reduced(reduction)
  }

  /// The divergence of target distributions from predicted ones, whose logarithms this tensor holds.
  ///
  /// ```
  /// loss = target · (log target − log p), and 0 where the target is 0
  /// ```
  ///
  /// - Parameters:
  ///   - targets: Probabilities, in the shape and type of the logarithms.
  ///   - reduction: How the elements' losses become one number. The mean is over elements; the divergence of a
  ///     batch's distributions is, on average, the sum divided by the batch's size.
  /// - Gradient: None passes where the target is 0.
  /// - Traps: where shapes or types differ.
  public func klDivergence(targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(targets, "klDivergence", "targets")
    let isAbsent = targets.detached() .== 0
    let expected = targets.replacing(with: scalarLike(1), where: isAbsent).log()
    let predicted = replacing(with: scalarLike(0), where: isAbsent)
    return (targets * (expected - predicted)).reduced(reduction)
  }

  /// log x, held at −100 or above, with a slope of 1/x held at 10¹² or below.
  private func heldLogarithm() -> Tensor {
    withoutRecording { Anomalies.unwatched { log().clamped(to: -100...(.infinity)) } }.recorded(
      as: "heldLogarithm",
      GradientPath(to: self) { $0.passed(by: self.clamped(to: 1e-12...(.infinity)).reciprocal()) })
  }

  /// The same of 1 − x, with the digits of an x near 0.
  private func heldLogarithmOfRest() -> Tensor {
    withoutRecording { Anomalies.unwatched { (-self).logOnePlus().clamped(to: -100...(.infinity)) } }
      .recorded(
        as: "heldLogarithm",
        GradientPath(to: self) { -$0.passed(by: (1 - self).clamped(to: 1e-12...(.infinity)).reciprocal()) })
  }
}
