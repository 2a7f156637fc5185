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
  ///     rows' labels, which is the number of rows where there are no weights.
  /// - Returns: A scalar, or shape `[batch…]` for `.none`.
  /// - Traps: where the shapes or types do not fit, labels are not `int64`, or a label is not a class.
  public func crossEntropy(
    labels: Tensor, classWeights: Tensor? = nil, labelSmoothing: Double = 0, ignoredLabel: Int? = nil,
    reduction: LossReduction = .mean
  ) -> Tensor {
    requireFloatingPoint("crossEntropy")
    require(
      rank >= 1 && labels.shape.sizes == Array(shape.sizes.dropLast()), "crossEntropy",
      "labels do not fit the logits", given: "logits \(shape), labels \(labels.shape)",
      expected: "logits [batch…, classes] and labels [batch…]",
      hint: "argmax(axis: -1) turns one-hot rows into labels")
    require(
      labels.dataType == .int64, "crossEntropy", "labels are not integers", given: "\(labels.dataType)",
      expected: "int64", hint: "cast(to: .int64) converts")
    require(
      (0...1).contains(labelSmoothing), "crossEntropy", "the label smoothing is out of range",
      given: "\(labelSmoothing)", expected: "0 to 1")
    if let classWeights {
      require(
        classWeights.shape.sizes == [shape.sizes[rank - 1]], "crossEntropy",
        "the weights are not one number a class", given: "weights \(classWeights.shape), logits \(shape)",
        expected: "weights [\(shape.sizes[rank - 1])]")
      Tensor.requireSameType(self, classWeights, "crossEntropy")
    }
    let targets = ClassTargets(
      labels: labels.contiguous(), classes: shape.sizes[rank - 1], weights: classWeights?.contiguous(),
      smoothing: labelSmoothing, ignoredLabel: ignoredLabel)
    let losses = targets.losses(of: self)
    return reduction == .mean ? targets.mean(of: losses) : losses.reduced(reduction)
  }
}

/// The distribution that each row of logits is compared with.
private struct ClassTargets: Sendable {
  let labels: Tensor
  let classes: Int
  let weights: Tensor?
  let smoothing: Double
  let ignoredLabel: Int?

  /// The label that rows without a loss have; where none is ignored, one that nobody uses.
  private var ignored: Int { ignoredLabel ?? .min }

  private var kernel: Softmax.CrossEntropy {
    Softmax.CrossEntropy(
      labelSmoothing: smoothing, ignoredLabel: Int64(ignored), classWeights: weights?.region)
  }

  func losses(of logits: Tensor) -> Tensor {
    if let row = kernel.firstInvalidLabel(labels: labels.region, rows: labels.count, columns: classes) {
      failLabel(at: row)
    }
    let source = logits.contiguous()
    let losses = Buffer(byteCount: labels.count * logits.dataType.byteCount)
    let normalizers = kernel.losses(
      x: source.region, labels: labels.region, into: losses, rows: labels.count, columns: classes,
      type: logits.dataType.elementType)
    return Tensor(region: Region(losses), shape: labels.shape, dataType: logits.dataType).recorded(
      as: "crossEntropy",
      GradientPath(to: logits) { cotangent in
        Recording.isOn
          ? differentiableGradient(of: logits, cotangent)
          : gradient(of: source, cotangent, normalizers: normalizers)
      })
  }

  /// The losses' sum over the sum of the weights of the rows' labels.
  func mean(of losses: Tensor) -> Tensor {
    if weights == nil, ignoredLabel == nil { return losses.mean() }
    return losses.sum() / rowTargets(losses.dataType, smoothing: 0).sum()
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
    return (logits.softmax() * total - targets) * cotangent.expandedDimensions(at: -1)
  }

  /// The targets in full, shape `[batch…, classes]`.
  private func rowTargets(_ dataType: DataType, smoothing: Double) -> Tensor {
    let rowLabels = labels.expandedDimensions(at: -1)
    let oneHot = (rowLabels .== Tensor.range(0..<classes)).cast(to: dataType)
    let weighted = oneHot * (1 - smoothing) + smoothing / Double(classes)
    let targets = weights.map { weighted * $0.detached() } ?? weighted
    return targets * (rowLabels .!= Double(ignored)).cast(to: dataType)
  }

  private func failLabel(at row: Int) -> Never {
    Failure(
      "crossEntropy", "a label is not a class",
      given: "label \(labels.scalars(as: Int.self)[row]) in row \(row)", expected: "a label in 0..<\(classes)"
    ).trap()
  }
}
