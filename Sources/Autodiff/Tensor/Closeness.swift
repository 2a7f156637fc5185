extension Tensor {
  /// Whether two tensors have one shape and type, and all elements satisfy
  /// |x − y| ≤ absoluteTolerance + relativeTolerance · |y|.
  ///
  /// Equal infinities are close; NaN is close to nothing.
  ///
  /// - Parameters:
  ///   - other: What to compare with; the relative tolerance is of its elements.
  ///   - relativeTolerance: The part of an element's magnitude by which the other may differ.
  ///   - absoluteTolerance: The distance that is always allowed.
  public func isClose(
    to other: Tensor, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8
  ) -> Bool {
    guard shape == other.shape, dataType == other.dataType else { return false }
    return zip(scalars(as: Double.self), other.scalars(as: Double.self)).allSatisfy { x, y in
      x == y || abs(x - y) <= absoluteTolerance + relativeTolerance * abs(y)
    }
  }
}
