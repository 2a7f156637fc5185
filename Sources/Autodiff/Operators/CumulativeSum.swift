import AdjointKernels

extension Tensor {
  /// Running sums along an axis: each element is the sum of those up to it.
  ///
  /// - Parameters:
  ///   - axis: The axis to add along; below 0 counts from the last.
  ///   - isReversed: Whether each element is the sum of those from it on instead.
  /// - Traps: where there is no such axis, or the type is `bool`.
  public func cumulativeSum(axis: Int, isReversed: Bool = false) -> Tensor {
    dataType.requireNumbers("cumulativeSum")
    let axis = shape.resolve(axis: axis, "cumulativeSum")
    let (outer, middle, inner) = shape.extents(around: axis..<axis + 1)
    let source = contiguous()
    let value = Tensor(shape, dataType) {
      Reduction.cumulativeSum(
        x: source.region, into: $0, outer: outer, middle: middle, inner: inner, reversed: isReversed,
        type: dataType.elementType)
    }
    return value.recorded(
      as: "cumulativeSum",
      GradientPath(to: self) { $0.cumulativeSum(axis: axis, isReversed: !isReversed) })
  }
}
