import AdjointKernels

// NaN counts as larger than every number.
extension Tensor {
  /// The elements in order along an axis, equal ones in the order they had; NaN comes last, or first where
  /// descending.
  ///
  /// - Parameters:
  ///   - axis: The axis to sort along; below 0 counts from the last.
  ///   - isDescending: Whether the largest comes first.
  /// - Returns: The sorted elements, and, as `int64`, where along the axis each was.
  /// - Gradient: of the elements goes back to where each was.
  /// - Traps: where there is no such axis.
  public func sorted(axis: Int = -1, isDescending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolve(axis: axis, "sorted")
    return alongRows(axis, count: shape.sizes[axis], "sorted") { rows, values, indices, count, columns in
      Indexing.sort(
        x: rows, into: values, indices: indices, rows: count, columns: columns, descending: isDescending,
        type: dataType.elementType)
    }
  }

  /// The largest elements along an axis, the largest first, the first among equals; NaN counts as largest.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - axis: The axis to search; below 0 counts from the last.
  /// - Returns: The elements, and, as `int64`, where along the axis each was.
  /// - Gradient: of the elements goes back to where each was.
  /// - Traps: where there are not so many, or there is no such axis.
  public func topK(_ count: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolve(axis: axis, "topK")
    require(
      (0...shape.sizes[axis]).contains(count), "topK", "there are not so many elements",
      given: "\(count) of axis \(axis) of shape \(shape)", expected: "0 to \(shape.sizes[axis])")
    return alongRows(axis, count: count, "topK") { rows, values, indices, rowCount, columns in
      Indexing.top(
        count, x: rows, into: values, indices: indices, rows: rowCount, columns: columns,
        type: dataType.elementType)
    }
  }

  /// Chooses `count` elements along an axis by a kernel that works on rows.
  private func alongRows(
    _ axis: Int, count: Int, _ name: String,
    _ kernel: (_ x: Region, _ values: Buffer, _ indices: Buffer, _ rows: Int, _ columns: Int) -> Void
  ) -> (values: Tensor, indices: Tensor) {
    let x = movedAxis(from: axis, to: -1)
    let columns = shape.sizes[axis]
    let source = x.contiguous()
    let chosen = x.shape.replacing(axis: rank - 1, with: count)
    let values = Buffer(byteCount: chosen.elementCount * dataType.byteCount)
    let places = Buffer(byteCount: chosen.elementCount * DataType.int64.byteCount)
    kernel(source.region, values, places, x.count / Swift.max(1, columns), columns)
    let indices = Tensor(region: Region(places), shape: chosen, dataType: .int64)
    let last = rank - 1
    let recorded = Tensor(region: Region(values), shape: chosen, dataType: dataType).recorded(
      as: name, GradientPath(to: x) { $0.summed(at: indices, axis: last, size: columns) })
    return (recorded.movedAxis(from: -1, to: axis), indices.movedAxis(from: -1, to: axis))
  }
}
