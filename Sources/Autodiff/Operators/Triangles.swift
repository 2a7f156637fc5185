extension Tensor {
  /// The elements on and below a diagonal of the last two axes, zeros above it.
  ///
  /// - Parameter diagonal: 0 for the main diagonal, above 0 for those to the right of it, below 0 to the left.
  /// - Traps: where there are fewer than two axes.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    let (rows, columns) = places("lowerTriangle")
    return replacing(with: scalarLike(0), where: columns .> rows + heldToMatrix(diagonal))
  }

  /// The elements on and above a diagonal of the last two axes, zeros below it.
  ///
  /// - Parameter diagonal: 0 for the main diagonal, above 0 for those to the right of it, below 0 to the left.
  /// - Traps: where there are fewer than two axes.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    let (rows, columns) = places("upperTriangle")
    return replacing(with: scalarLike(0), where: columns .< rows + heldToMatrix(diagonal))
  }

  /// The diagonal of two axes, as a new last axis.
  ///
  /// - Parameters:
  ///   - first: The axis of the rows; below 0 counts from the last.
  ///   - second: The axis of the columns; below 0 counts from the last.
  /// - Returns: Shape `[other axes…, the smaller of the two sizes]`.
  /// - Traps: where the two are one axis, or there is no such axis.
  public func diagonal(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    let (row, column) = (shape.resolve(axis: first, "diagonal"), shape.resolve(axis: second, "diagonal"))
    require(
      row != column, "diagonal", "an axis is named twice", given: "axes \(first) and \(second) of \(shape)",
      expected: "distinct axes")
    let others = (0..<rank).filter { $0 != row && $0 != column }
    let matrices = transposed(others + [row, column])
    let (rows, columns) = (shape.sizes[row], shape.sizes[column])
    let length = Swift.min(rows, columns)
    return matrices.flattened(from: others.count)[
      TensorIndex.ellipsis,
      TensorIndex.every(columns + 1, in: 0..<Swift.max(0, length * (columns + 1) - columns))]
  }

  /// The same diagonal, or the nearest that lies just outside; the number of a row can be added to it.
  private func heldToMatrix(_ diagonal: Int) -> Double {
    Double(Swift.min(Swift.max(diagonal, -shape.sizes[rank - 2]), shape.sizes[rank - 1]))
  }

  /// The row and the column of each element of the last two axes, `[rows, 1]` and `[columns]`.
  private func places(_ operation: String) -> (rows: Tensor, columns: Tensor) {
    require(
      rank >= 2, operation, "too few axes", given: "shape \(shape)", expected: "two axes or more")
    return (
      Tensor.range(0..<shape.sizes[rank - 2]).expandedDimensions(at: 1),
      Tensor.range(0..<shape.sizes[rank - 1])
    )
  }
}
