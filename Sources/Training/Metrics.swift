import AdjointAutodiff

extension Tensor {
  /// The part of the rows whose largest logit is that of the right class.
  ///
  /// This tensor holds the logits, `[batch…, classes]`.
  ///
  /// - Parameter labels: The class of each row, `int64`, shape `[batch…]`.
  /// - Returns: In 0 ... 1; NaN for no rows. Of equal logits the first counts as the largest.
  /// - Traps: where the labels are not `int64` or not one for each row, or there are no classes.
  public func accuracy(labels: Tensor) -> Double {
    requireLabels(labels, "accuracy")
    require(
      shape.sizes[rank - 1] > 0, "accuracy", "there are no classes", given: "shape \(shape)",
      expected: "[batch…, classes], with at least one class")
    return (argmax(axis: -1) .== labels).cast(to: .float64).mean().scalar()
  }
}
