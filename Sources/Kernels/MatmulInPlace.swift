import CAdjointKernels

/// Products of few rows or with a single column. They are done when their large operand has come from memory, so that
/// is read where it lies; they round as all products do.
extension MatmulBlocks {
  private static let fewRows = Int(ADJOINT_FEW_ROWS)

  /// Rows of a piece of work whose output is a single column: where they are columns in memory, long runs of it.
  static let rowsOfColumn = 512

  /// Multiplies as `multiply` does, and returns true; or does nothing, where the large operand has to be packed.
  func multiplyInPlace<Rows: RowSource, Columns: ColumnSource>(
    _ left: Rows, _ right: Columns, into output: UnsafeMutableRawPointer, at places: some OutputRows,
    rows: Range<Int>, columns: Range<Int>, inner: Range<Int>, epilogue: AdjointEpilogue,
    scratch: MatmulScratch?
  ) -> Bool {
    guard let matrix = right.matrix(row: inner.lowerBound, column: columns.lowerBound) else { return false }
    let hasFewRows =
      rows.count <= Self.fewRows && columns.count >= Int(kernels.tile_columns) && matrix.column_step == 1
    let hasOneColumn = columns.count == 1 && rows.count > Self.fewRows && matrix.row_step == 1
    guard hasFewRows || hasOneColumn else { return false }

    let scratch = scratch ?? MatmulScratch(self, rows: rows.count, columns: 0)
    defer { withExtendedLifetime(scratch) {} }
    let blocks = InnerBlocks(
      rows: rows, inner: inner, output: output + columns.lowerBound * byteCount,
      epilogue: epilogue.advanced(byBytes: columns.lowerBound * byteCount), scratch: scratch)
    if hasFewRows {
      blocks.forEach(rowsTogether: Self.rowCount, places) { someRows, someInner, product in
        kernels.multiply_few(
          someRows.count, columns.count, someInner.count,
          left.block(rows: someRows, inner: someInner, scratch: scratch.rows),
          advanced(matrix, byRows: someInner.lowerBound - inner.lowerBound), product)
      }
    } else {
      multiplyColumn(left, matrix, blocks, at: places)
    }
    return true
  }

  /// The product with a single column. Where the output's rows are a run of memory, it may be the single row of the
  /// transposed product, if the left operand's columns are runs of memory too.
  private func multiplyColumn(
    _ left: some RowSource, _ column: AdjointMatrix, _ blocks: InnerBlocks, at places: some OutputRows
  ) {
    let matrix = left.matrix(row: blocks.rows.lowerBound, column: blocks.inner.lowerBound)
    let transposes =
      matrix?.row_step == 1 && matrix?.column_step != 1 && (places as? EvenRows)?.step == 1
      && blocks.epilogue.scale == nil && blocks.epilogue.bias == nil
    let rowsTogether = transposes ? blocks.rows.count : Self.rowCount
    blocks.forEach(rowsTogether: rowsTogether, places) { rows, inner, product in
      let column = advanced(column, byRows: inner.lowerBound - blocks.inner.lowerBound)
      let matrix = left.matrix(row: rows.lowerBound, column: inner.lowerBound)
      if transposes, let matrix {
        kernels.multiply_few(
          1, rows.count, inner.count,
          AdjointProductRows(data: column.data, row_step: 0, inner_step: 1, are_far: false),
          AdjointMatrix(data: matrix.data, row_step: matrix.column_step, column_step: 1), product)
      } else {
        let block =
          matrix?.rowsInPlace ?? left.block(rows: rows, inner: inner, scratch: blocks.scratch.rows)
        kernels.multiply_column(rows.count, inner.count, block, column.data, product)
      }
    }
  }

  private func advanced(_ matrix: AdjointMatrix, byRows rows: Int) -> AdjointMatrix {
    var matrix = matrix
    matrix.data += rows * matrix.row_step * byteCount
    return matrix
  }
}

extension AdjointMatrix {
  /// As rows, if each is a run of memory; even where they are pages apart, and drive each other out of the first cache.
  fileprivate var rowsInPlace: AdjointProductRows? {
    guard column_step == 1 else { return nil }
    return AdjointProductRows(data: data, row_step: row_step, inner_step: 1, are_far: false)
  }
}

/// The blocks of a product whose columns are not cut.
private struct InnerBlocks {
  let rows: Range<Int>
  let inner: Range<Int>
  let output: UnsafeMutableRawPointer
  let epilogue: AdjointEpilogue
  let scratch: MatmulScratch

  /// Calls `body` with the rows and the inner elements of each block, and where its product goes; the blocks' sums are
  /// added in order.
  func forEach(
    rowsTogether: Int, _ places: some OutputRows, _ body: (Range<Int>, Range<Int>, AdjointProduct) -> Void
  ) {
    for someRows in rows.blocks(of: rowsTogether) {
      places.fillOffsets(rows: someRows.prefix(MatmulBlocks.rowCount), scratch.offsets)
      for someInner in inner.blocks(of: MatmulBlocks.innerCount) {
        let isLast = someInner.upperBound == inner.upperBound
        body(
          someRows, someInner,
          AdjointProduct(
            data: output, row_offsets: scratch.offsets,
            accumulate: someInner.lowerBound > inner.lowerBound,
            epilogue: isLast ? epilogue : AdjointEpilogue()))
      }
    }
  }
}
