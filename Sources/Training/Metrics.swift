import AdjointAutodiff

extension Tensor {
  /// The part of the rows whose largest logit is that of the right class.
  ///
  /// - Parameter labels: The class of each row, `int64`, shape `[batch]`.
  /// - Returns: In 0 ... 1; NaN for no rows.
  public func accuracy(labels: Tensor) -> Double {
    (argmax(axis: -1) .== labels).cast(to: .float64).mean().scalar()
  }
}
