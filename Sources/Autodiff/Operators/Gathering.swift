import AdjointKernels

extension Tensor {
  /// Single elements, chosen by indices along an axis: in two axes, `output[r, c] = x[r, indices[r, c]]` for
  /// axis 1.
  ///
  /// - Parameters:
  ///   - indices: Places along the axis, `int64`; with this tensor's sizes, and any number along the axis.
  ///   - axis: The axis that the indices stand for; below 0 counts from the last.
  /// - Returns: The indices' shape.
  /// - Traps: where there is no such axis, or the indices are not `int64` or not so shaped, or one is not in the axis.
  /// - Gradient: is added up where an element was chosen more than once.
  public func gathered(at indices: Tensor, axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, "gathered")
    requireFit(
      of: indices, axis: axis, "gathered", hint: "taken(at:axis:) takes whole slices by indices of any shape")
    indices.requireIndices(below: shape.sizes[axis], "gathered")
    return gatheredUnchecked(at: indices.contiguous(), axis: axis)
  }

  /// This tensor with elements of another added at indices along an axis: in two axes,
  /// `output[r, indices[r, c]] += updates[r, c]` for axis 1. Several at one place add up in their order.
  ///
  /// To add whole slices, repeat one index for each along the other axes:
  ///
  /// ```swift
  /// let rows = Tensor([2, 0]).expandedDimensions(at: 1).broadcast(to: updates.shape)  // [2, columns]
  /// table.adding(updates, at: rows, axis: 0)
  /// ```
  ///
  /// - Parameters:
  ///   - updates: What to add, in the shape of the indices.
  ///   - indices: Places along the axis, `int64`, one for each update; with this tensor's sizes, and any number along
  ///     the axis.
  ///   - axis: The axis that the indices stand for; below 0 counts from the last.
  /// - Returns: This tensor's shape.
  /// - Traps: where there is no such axis, the indices are not `int64`, shapes or types do not fit, the type is `bool`,
  ///   or an index is not in the axis.
  public func adding(_ updates: Tensor, at indices: Tensor, axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, "adding")
    Tensor.requireSameType(self, updates, "adding")
    dataType.requireNumbers("adding")
    requireFit(
      of: indices, axis: axis, "adding", hint: "broadcast(to:) repeats indices to the updates' shape")
    require(
      updates.shape == indices.shape, "adding", "there is not one index an update",
      given: "updates \(updates.shape), indices \(indices.shape)", expected: "one shape")
    indices.requireIndices(below: shape.sizes[axis], "adding")
    return self + updates.summed(at: indices.contiguous(), axis: axis, size: shape.sizes[axis])
  }

  /// Chooses elements by contiguous indices that are known to lie in the axis.
  func gatheredUnchecked(at indices: Tensor, axis: Int) -> Tensor {
    let source = contiguous()
    let (outer, middle, inner) = shape.extents(around: axis..<axis + 1)
    let value = Tensor(indices.shape, dataType) {
      Indexing.gather(
        x: source.region, indices: indices.region, into: $0, outer: outer, middle: middle,
        count: indices.shape.sizes[axis], inner: inner, type: dataType.elementType)
    }
    return value.recorded(
      as: "gathered", GradientPath(to: self) { $0.summed(at: indices, axis: axis, size: middle) })
  }

  /// The elements added up at their indices along an axis of the given size: the transpose of gathering.
  func summed(at indices: Tensor, axis: Int, size: Int) -> Tensor {
    let source = contiguous()
    let (outer, count, inner) = shape.extents(around: axis..<axis + 1)
    let value = Tensor(shape.replacing(axis: axis, with: size), dataType) {
      Indexing.scatterAdd(
        x: source.region, indices: indices.region, into: $0, outer: outer, middle: size, count: count,
        inner: inner, type: dataType.elementType)
    }
    return value.recorded(
      as: "summed at indices", GradientPath(to: self) { $0.gatheredUnchecked(at: indices, axis: axis) })
  }

  private func requireFit(
    of indices: Tensor, axis: Int, _ operation: String, hint: @autoclosure () -> String
  ) {
    require(
      indices.rank == rank
        && indices.shape.replacing(axis: axis, with: 0) == shape.replacing(axis: axis, with: 0),
      operation, "the indices do not fit",
      given: "indices \(indices.shape) for axis \(axis) of shape \(shape)",
      expected: "indices of this shape but along the axis",
      hint: hint())
  }

  /// Traps unless these are integers in 0 ..< bound.
  func requireIndices(below bound: Int, _ operation: String) {
    require(
      dataType == .int64, operation, "indices are not int64", given: "\(dataType)", expected: "int64",
      hint: "cast(to: .int64) converts")
    let indices = contiguous()
    guard let place = Indexing.firstOutOfRange(indices: indices.region, count: count, bound: bound) else {
      return
    }
    let coordinates = shape.contiguousStrides.enumerated().map { place / $1 % shape.sizes[$0] }
    Failure(
      operation, "an index is out of range",
      given: "index \(indices.scalars(as: Int.self)[place]) at \(coordinates) of the indices \(shape)",
      expected: "indices in 0..<\(bound)", hint: "indices below 0 do not count from the end"
    ).trap()
  }
}
