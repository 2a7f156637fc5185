import AdjointKernels

extension Tensor {
  /// The cross-entropy of logits with the right classes, exact for logits of any size.
  ///
  /// ```
  /// loss = −Σ target · log softmax(logits)
  /// target = weight · ((1 − labelSmoothing) · [the label's class] + labelSmoothing / classes)
  /// ```
  ///
  /// - Parameters:
  ///   - labels: The class of each row, `int64`, shape `[batch…]`, in 0 ..< classes.
  ///   - classWeights: How much each class counts, shape `[classes]`; nil for 1. No gradient reaches it.
  ///   - labelSmoothing: The part of each target that is spread over all classes, in 0 ... 1.
  ///   - ignoredLabel: Rows with this label have no loss and do not count in the mean.
  ///   - reduction: How the rows' losses become one number; the mean divides by the sum of the weights of the
  ///     rows' labels, which is the number of rows where there are no weights, and is NaN where no row counts.
  /// - Returns: A scalar, or shape `[batch…]` for `.none`.
  /// - Traps: where the shapes or types do not fit, labels are not `int64`, a label is neither a class nor the ignored
  ///   one, or the smoothing is out of range.
  public func crossEntropy(
    labels: Tensor, classWeights: Tensor? = nil, labelSmoothing: Double = 0, ignoredLabel: Int? = nil,
    reduction: LossReduction = .mean
  ) -> Tensor {
    requireSmoothing(labelSmoothing)
    let targets = ClassTargets(
      "crossEntropy", of: self, labels: labels, weights: classWeights, smoothing: labelSmoothing,
      ignoredLabel: ignoredLabel)
    return targets.reduced(targets.crossEntropy(of: self), reduction)
  }

  /// The cross-entropy of logits with distributions over the classes, exact for logits of any size.
  ///
  /// ```
  /// loss = −Σ weight · ((1 − labelSmoothing) · probability + labelSmoothing / classes) · log softmax(logits)
  /// ```
  ///
  /// - Parameters:
  ///   - probabilities: What each class should have, in the logits' shape, `[batch…, classes]`, and type.
  ///   - classWeights: How much each class counts, shape `[classes]`; nil for 1.
  ///   - labelSmoothing: The part of each target that is spread over all classes, in 0 ... 1.
  ///   - reduction: How the rows' losses become one number; the mean divides by the number of rows.
  /// - Returns: A scalar, or shape `[batch…]` for `.none`.
  /// - Traps: where shapes or types do not fit, or the smoothing is out of range.
  public func crossEntropy(
    probabilities: Tensor, classWeights: Tensor? = nil, labelSmoothing: Double = 0,
    reduction: LossReduction = .mean
  ) -> Tensor {
    requireComparable(probabilities, "crossEntropy", "probabilities")
    requireSmoothing(labelSmoothing)
    require(
      rank >= 1, "crossEntropy", "there is no axis of classes", given: "shape \(shape)",
      expected: "[batch…, classes]")
    var targets = probabilities
    if labelSmoothing > 0 {
      targets = targets * (1 - labelSmoothing) + labelSmoothing / Double(shape.sizes[rank - 1])
    }
    if let classWeights {
      ClassTargets.check(weights: classWeights, "crossEntropy", of: self)
      targets = targets * classWeights
    }
    // A class of no probability may well have the logarithm of 0.
    return (-targets.passed(by: logSoftmax()).sum(axes: [-1])).reduced(reduction)
  }

  /// The loss of logarithms of probabilities, as ``logSoftmax(axis:)`` gives them: less that of the right class.
  ///
  /// - Parameters:
  ///   - labels: The class of each row, `int64`, shape `[batch…]`, in 0 ..< classes.
  ///   - classWeights: How much each class counts, shape `[classes]`; nil for 1. No gradient reaches it.
  ///   - ignoredLabel: Rows with this label have no loss and do not count in the mean.
  ///   - reduction: How the rows' losses become one number; the mean divides by the sum of the weights of the
  ///     rows' labels, which is the number of rows where there are no weights, and is NaN where no row counts.
  /// - Returns: A scalar, or shape `[batch…]` for `.none`.
  /// - Traps: where the shapes or types do not fit, labels are not `int64`, or a label is neither a class nor the
  ///   ignored one.
  public func negativeLogLikelihood(
    labels: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    let targets = ClassTargets(
      "negativeLogLikelihood", of: self, labels: labels, weights: classWeights, ignoredLabel: ignoredLabel)
    let rowTargets = targets.rowTargets(dataType, smoothing: 0)
    // A class that does not count may well have the logarithm of 0.
    let counted = replacing(with: scalarLike(0), where: rowTargets .== 0)
    return targets.reduced(-(rowTargets * counted).sum(axes: [-1]), reduction)
  }

  private func requireSmoothing(_ labelSmoothing: Double) {
    require(
      (0...1).contains(labelSmoothing), "crossEntropy", "the label smoothing is out of range",
      given: "\(labelSmoothing)", expected: "0 to 1")
  }
}

extension ClassTargets {
  /// The loss of each row of logits.
  fileprivate func crossEntropy(of logits: Tensor) -> Tensor {
    let source = logits.contiguous()
    let losses = Buffer(byteCount: labels.count * logits.dataType.byteCount)
    let normalizers = kernel.losses(
      x: source.region, labels: labels.region, into: losses, rows: labels.count, columns: classes,
      type: logits.dataType.elementType)
    return Tensor(region: Region(losses), shape: labels.shape, dataType: logits.dataType).recorded(
      as: name,
      GradientPath(to: logits) { cotangent in
        Recording.isOn
          ? differentiableGradient(of: logits, cotangent)
          : gradient(of: source, cotangent, normalizers: normalizers)
      })
  }

  private func gradient(of logits: Tensor, _ cotangent: Tensor, normalizers: Buffer) -> Tensor {
    let cotangent = cotangent.contiguous()
    return Tensor(logits.shape, logits.dataType) {
      kernel.gradient(
        cotangent: cotangent.region, x: logits.region, labels: labels.region,
        normalizers: Region(normalizers),
        into: $0, rows: labels.count, columns: classes, type: logits.dataType.elementType)
    }
  }

  private func differentiableGradient(of logits: Tensor, _ cotangent: Tensor) -> Tensor {
    let targets = rowTargets(logits.dataType, smoothing: smoothing)
    let total = targets.sum(axes: [-1], keepsAxes: true)
    // Of rows without a label nothing reaches the logits, even where their mean divides by nothing.
    let present = cotangent.expandedDimensions(at: -1).replacing(
      with: cotangent.scalarLike(0), where: total .== 0)
    return present.passed(by: logits.softmax() * total - targets)
  }
}
