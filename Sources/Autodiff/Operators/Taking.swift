import AdjointKernels

// Indices are `int64` and count from 0: one below 0 traps like any other that is not in its axis, since an index
// that a program computed and that is negative is most often a mistake.
extension Tensor {
  /// Whole slices along an axis, chosen by indices of any shape: rows of a table of embeddings, for one.
  ///
  /// ```swift
  /// Tensor([10, 20, 30]).taken(at: Tensor([2, 0, 2]))  // [30, 10, 30]
  /// ```
  ///
  /// - Parameters:
  ///   - indices: Places along the axis, `int64`.
  ///   - axis: The axis that the indices stand for; below 0 counts from the last.
  /// - Returns: Shape `[sizes before the axis…, the indices' sizes…, sizes after it…]`.
  /// - Traps: where there is no such axis, the indices are not `int64`, or one is not in the axis.
  /// - Gradient: is added up where a slice was taken more than once.
  public func taken(at indices: Tensor, axis: Int = 0) -> Tensor {
    let axis = shape.resolve(axis: axis, "taken")
    indices.requireIndices(below: shape.sizes[axis], "taken")
    let slices = Slices(of: shape, axis: axis, indices: indices)
    return slices.taken(from: self)
  }

  /// Rows that are 1 at an index and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - depth: The length of a row, 0 or more.
  ///   - dataType: The type of the result.
  /// - Returns: Shape `[this shape…, depth]`.
  /// - Traps: where the type is not `int64`, the depth is negative, or an element is not in 0 ..< depth.
  public func oneHot(depth: Int, dataType: DataType = .float32) -> Tensor {
    require(depth >= 0, "oneHot", "the depth is negative", given: "\(depth)", expected: "0 or more")
    requireIndices(below: depth, "oneHot")
    let indices = contiguous()
    return Tensor(Shape(unchecked: shape.sizes + [depth]), dataType) {
      Indexing.oneHot(
        indices: indices.region, into: $0, count: count, classes: depth, type: dataType.elementType)
    }
  }
}

/// Slices along an axis as the rows of matrices, one for each place in the axes before it.
private struct Slices: Sendable {
  let source: Shape
  let output: Shape
  let indices: Tensor
  /// The number of matrices, the rows of each, and the length of a row.
  let extents: (outer: Int, middle: Int, inner: Int)

  init(of shape: Shape, axis: Int, indices: Tensor) {
    source = shape
    output = Shape(unchecked: shape.sizes[..<axis] + indices.shape.sizes + shape.sizes[(axis + 1)...])
    self.indices = indices.contiguous()
    extents = shape.extents(around: axis..<axis + 1)
  }

  func taken(from tensor: Tensor) -> Tensor {
    let x = tensor.contiguous()
    let value = Tensor(output, x.dataType) {
      Indexing.takeRows(
        x: x.region, indices: indices.region, into: $0, outer: extents.outer, rows: extents.middle,
        count: indices.count, columns: extents.inner, type: x.dataType.elementType)
    }
    return value.recorded(as: "taken", GradientPath(to: tensor) { summed($0) })
  }

  /// The slices added up where they were taken from: the transpose of taking them.
  private func summed(_ slices: Tensor) -> Tensor {
    let x = slices.contiguous()
    let value = Tensor(source, x.dataType) {
      Indexing.scatterAddRows(
        x: x.region, indices: indices.region, into: $0, outer: extents.outer, rows: extents.middle,
        count: indices.count, columns: extents.inner, type: x.dataType.elementType)
    }
    return value.recorded(as: "taken gradient", GradientPath(to: slices) { taken(from: $0) })
  }
}
