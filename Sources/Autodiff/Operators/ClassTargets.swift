import AdjointKernels

/// The right classes of the rows of a tensor `[batch…, classes]`, and how much they count.
struct ClassTargets: Sendable {
  let name: String
  let labels: Tensor
  let classes: Int
  let weights: Tensor?
  let smoothing: Double
  /// Rows with this label have no loss.
  let ignoredLabel: Int?

  /// Traps where shapes or types do not fit, or a label is neither a class nor the ignored one.
  init(
    _ name: String, of predictions: Tensor, labels: Tensor, weights: Tensor?, smoothing: Double = 0,
    ignoredLabel: Int?
  ) {
    let shape = predictions.shape
    predictions.requireFloatingPoint(name)
    predictions.requireLabels(labels, name)
    self.name = name
    self.labels = labels.contiguous()
    self.smoothing = smoothing
    self.ignoredLabel = ignoredLabel
    classes = shape.sizes[shape.rank - 1]
    if let weights { ClassTargets.check(weights: weights, name, of: predictions) }
    self.weights = weights?.contiguous()
    let wrong = Indexing.firstOutOfRange(
      indices: self.labels.region, count: labels.count, bound: classes, ignored: ignoredLabel.map(Int64.init))
    if let wrong { failLabel(at: wrong) }
  }

  static func check(weights: Tensor, _ name: String, of predictions: Tensor) {
    let classes = predictions.shape.sizes[predictions.rank - 1]
    require(
      weights.shape.sizes == [classes], name, "the weights are not one number a class",
      given: "weights \(weights.shape), logits \(predictions.shape)", expected: "weights [\(classes)]")
    Tensor.requireSameType(predictions, weights, name)
  }

  var kernel: Softmax.CrossEntropy {
    Softmax.CrossEntropy(
      labelSmoothing: smoothing, ignoredLabel: Int64(ignored), classWeights: weights?.region)
  }

  /// Losses of rows as one number: the mean is their sum over the sum of the weights of the rows' labels.
  func reduced(_ losses: Tensor, _ reduction: LossReduction) -> Tensor {
    guard reduction == .mean, weights != nil || ignoredLabel != nil else { return losses.reduced(reduction) }
    let isCounted = labels .!= Tensor(ignored)
    let counts = isCounted.cast(to: losses.dataType)
    guard let weights else { return losses.sum() / counts.sum() }
    let classes = Tensor(0).replacing(with: labels, where: isCounted)
    return losses.sum() / (counts * weights.taken(at: classes)).sum()
  }

  /// The targets in full, shape `[batch…, classes]`.
  func rowTargets(_ dataType: DataType, smoothing: Double) -> Tensor {
    let rowLabels = labels.expandedDimensions(at: -1)
    let oneHot = (rowLabels .== Tensor.range(0..<classes)).cast(to: dataType)
    let weighted = oneHot * (1 - smoothing) + smoothing / Double(classes)
    let targets = weights.map { weighted * $0 } ?? weighted
    return targets * (rowLabels .!= Tensor(ignored)).cast(to: dataType)
  }

  /// The label that rows without a loss have; where none is ignored, one that nobody uses.
  private var ignored: Int { ignoredLabel ?? .min }

  private func failLabel(at row: Int) -> Never {
    Failure(
      name, "a label is not a class", given: "label \(labels.scalars(as: Int.self)[row]) in row \(row)",
      expected: "a label in 0..<\(classes)"
    ).trap()
  }
}

extension Tensor {
  /// Traps unless the labels are of int64, one for each row of this tensor, `[batch…, classes]`.
  package func requireLabels(_ labels: Tensor, _ operation: @autoclosure () -> String) {
    require(
      rank >= 1 && labels.shape.sizes == Array(shape.sizes.dropLast()), operation(),
      "labels do not fit the logits", given: "logits \(shape), labels \(labels.shape)",
      expected: "logits [batch…, classes] and labels [batch…]",
      hint: "argmax(axis: -1) turns one-hot rows into labels")
    require(
      labels.dataType == .int64, operation(), "labels are not int64", given: "\(labels.dataType)",
      expected: "int64", hint: "cast(to: .int64) converts")
  }
}
