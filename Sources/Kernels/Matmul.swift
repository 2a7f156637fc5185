import CAdjointKernels

/// A matrix in memory, or a batch of matrices: element (i, j) of matrix b lies
/// `b * batchStep + i * rowStep + j * columnStep` elements after the region's first.
package struct MatrixView: Sendable {
  package var region: Region
  package var rowStep: Int
  package var columnStep: Int
  package var batchStep: Int

  package init(_ region: Region, rowStep: Int, columnStep: Int = 1, batchStep: Int = 0) {
    self.region = region
    self.rowStep = rowStep
    self.columnStep = columnStep
    self.batchStep = batchStep
  }

  package var transposed: MatrixView {
    MatrixView(region, rowStep: columnStep, columnStep: rowStep, batchStep: batchStep)
  }

  func matrix(_ index: Int, byteCount: Int) -> MatrixView {
    var matrix = self
    matrix.region = Region(region.buffer, byteOffset: region.byteOffset + index * batchStep * byteCount)
    return matrix
  }
}

/// The matrix product.
package enum Matmul {
  /// output = left · right, and what the epilogue does.
  ///
  /// `left` is `rows` by `inner`, `right` is `inner` by `columns`; either may have any steps, 0 among them.
  /// The columns of `output` must be adjacent. Integers wrap around, and have no epilogue but a
  /// bias; `uint8` and `bool` trap. `rightStays` says that `right` is likely to be the same in the next product
  /// with it, as weights are in inference; it changes no result.
  package static func multiply(
    _ left: MatrixView, _ right: MatrixView, into output: MatrixView, batch: Int = 1, rows: Int, inner: Int,
    columns: Int, epilogue: Epilogue = Epilogue(), rightStays: Bool = false, type: ElementType
  ) {
    precondition(output.columnStep == 1 || columns <= 1, "a product's columns must be adjacent")
    precondition(
      type == .float32 || type == .float64 || epilogue.onlyAddsBias,
      "integers have no epilogue but a bias")
    guard batch > 0, rows > 0, columns > 0 else { return }
    switch type {
    case .float32, .float64:
      MatmulOfReals(
        left: left, right: right, output: output, batch: batch, rows: rows, inner: inner, columns: columns,
        epilogue: epilogue, rightStays: rightStays, type: type
      ).run()
    case .int32:
      MatmulOfIntegers<Int32>(rows: rows, inner: inner, columns: columns)
        .run(left, right, into: output, batch: batch, bias: epilogue.bias)
    case .int64:
      MatmulOfIntegers<Int64>(rows: rows, inner: inner, columns: columns)
        .run(left, right, into: output, batch: batch, bias: epilogue.bias)
    case .uint8, .bool:
      preconditionFailure("no matrix product of \(type)")
    }
  }
}
