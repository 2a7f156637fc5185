import CAdjointKernels

/// Products of few rows or with a single column. They are done when their large operand has come from memory, so that
/// is read where it lies; they round as all products do.
extension MatmulBlocks {
  private static let fewRows = Int(ADJOINT_FEW_ROWS)

  /// Rows of a piece of work whose output is a single column: where they are columns in memory, long runs of it.
  static let rowsOfColumn = 512

  /// Multiplies as `multiply` does, and returns true; or does nothing, where the large operand has to be packed.
  func multiplyInPlace<Rows: RowSource, Columns: ColumnSource>(
    _ left: Rows, _ right: Columns, into output: UnsafeMutableRawPointer, at places: some ProductRows,
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
    _ left: some RowSource, _ column: AdjointMatrix, _ blocks: InnerBlocks, at places: some ProductRows
  ) {
    let transposes =
      (places as? EvenRows)?.step == 1 && blocks.epilogue.scale == nil && blocks.epilogue.bias == nil
    var inPlace = left.matrix(row: blocks.rows.lowerBound, column: blocks.inner.lowerBound)
    if !transposes || inPlace?.row_step != 1 || inPlace?.column_step == 1 { inPlace = nil }
    let rowsTogether = inPlace == nil ? Self.rowCount : blocks.rows.count
    blocks.forEach(rowsTogether: rowsTogether, places) { rows, inner, product in
      let done = inner.lowerBound - blocks.inner.lowerBound
      let column = advanced(column, byRows: done)
      let block =
        inPlace.map {
          AdjointProductRows(
            data: advanced($0, byColumns: done).data, row_step: 1, inner_step: $0.column_step, are_far: false)
        } ?? left.block(rows: rows, inner: inner, scratch: blocks.scratch.rows)
      if transposes, block.row_step == 1, block.inner_step != 1 {
        kernels.multiply_few(
          1, rows.count, inner.count,
          AdjointProductRows(data: column.data, row_step: 0, inner_step: 1, are_far: false),
          AdjointMatrix(data: block.data, row_step: block.inner_step, column_step: 1), product)
      } else {
        kernels.multiply_column(rows.count, inner.count, block, column.data, product)
      }
    }
  }

  private func advanced(
    _ matrix: AdjointMatrix, byRows rows: Int = 0, byColumns columns: Int = 0
  ) -> AdjointMatrix {
    var matrix = matrix
    matrix.data += (rows * matrix.row_step + columns * matrix.column_step) * byteCount
    return matrix
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
    rowsTogether: Int, _ places: some ProductRows, _ body: (Range<Int>, Range<Int>, AdjointProduct) -> Void
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
