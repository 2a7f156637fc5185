extension Tensor {
  /// Whether two tensors have one shape and type, and all elements satisfy
  /// |x − y| ≤ absoluteTolerance + relativeTolerance · |y|.
  ///
  /// An infinity is close to itself alone, NaN to nothing. Integers are compared as they are.
  ///
  /// - Parameters:
  ///   - other: What to compare with; the relative tolerance is of its elements.
  ///   - relativeTolerance: The part of an element's magnitude by which the other may differ.
  ///   - absoluteTolerance: The distance that is always allowed.
  public func isClose(
    to other: Tensor, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8
  ) -> Bool {
    guard shape == other.shape, dataType == other.dataType else { return false }
    guard dataType.isFloatingPoint else {
      return zip(scalars(as: Int.self), other.scalars(as: Int.self)).allSatisfy { x, y in
        let distance = UInt(bitPattern: x > y ? x &- y : y &- x)
        return Double(distance) <= absoluteTolerance + relativeTolerance * Double(y.magnitude)
      }
    }
    return zip(scalars(as: Double.self), other.scalars(as: Double.self)).allSatisfy { x, y in
      x == y || y.isFinite && abs(x - y) <= absoluteTolerance + relativeTolerance * abs(y)
    }
  }
}
