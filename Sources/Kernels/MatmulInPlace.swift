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
    rows: Range<Int>, columns: Range<Int>, inner: Range<Int>, accumulate: Bool, epilogue: AdjointEpilogue,
    scratch: MatmulScratch?
  ) -> Bool {
    guard let matrix = right.matrix(row: inner.lowerBound, column: columns.lowerBound) else { return false }
    let hasFewRows =
      rows.count <= Self.fewRows && columns.count >= Int(kernels.tile_columns) && matrix.column_step == 1
    let hasOneColumn = columns.count == 1 && rows.count > Self.fewRows && matrix.row_step == 1
    guard hasFewRows || hasOneColumn else { return false }

    // Where the output's rows are a run of memory, it may be the single row of the transposed product.
    let transposes =
      hasOneColumn && (places as? EvenRows)?.step == 1 && epilogue.scale == nil && epilogue.bias == nil
    let columnsInPlace = transposes ? left.matrix(row: rows.lowerBound, column: inner.lowerBound) : nil
    let isTransposed = columnsInPlace?.row_step == 1 && columnsInPlace?.column_step != 1
    let columnOffset = columns.lowerBound * byteCount
    let scratch = scratch ?? MatmulScratch(self, rows: rows.count, columns: 0)
    defer { withExtendedLifetime(scratch) {} }
    for someRows in rows.blocks(of: isTransposed ? max(1, rows.count) : Self.rowCount) {
      places.fillOffsets(rows: someRows.prefix(Self.rowCount), scratch.offsets)
      for block in inner.blocks(of: Self.innerCount) {
        let done = block.lowerBound - inner.lowerBound
        let product = AdjointProduct(
          data: output + columnOffset, row_offsets: scratch.offsets, accumulate: accumulate || done > 0,
          epilogue: block.upperBound == inner.upperBound
            ? epilogue.advanced(byBytes: columnOffset) : AdjointEpilogue())
        let rowsOfBlock: AdjointProductRows
        if isTransposed, let columnsInPlace {
          let step = columnsInPlace.column_step
          rowsOfBlock = AdjointProductRows(
            data: columnsInPlace.data + done * step * byteCount, row_step: 1, inner_step: step, are_far: false
          )
        } else {
          rowsOfBlock = left.block(rows: someRows, inner: block, scratch: scratch.rows)
        }
        var matrixOfBlock = matrix
        matrixOfBlock.data += done * matrix.row_step * byteCount
        if hasFewRows {
          kernels.multiply_few(
            someRows.count, columns.count, block.count, rowsOfBlock, matrixOfBlock, product)
        } else if transposes, rowsOfBlock.row_step == 1, rowsOfBlock.inner_step != 1 {
          kernels.multiply_few(
            1, someRows.count, block.count,
            AdjointProductRows(data: matrixOfBlock.data, row_step: 0, inner_step: 1, are_far: false),
            AdjointMatrix(data: rowsOfBlock.data, row_step: rowsOfBlock.inner_step, column_step: 1), product)
        } else {
          kernels.multiply_column(someRows.count, block.count, rowsOfBlock, matrixOfBlock.data, product)
        }
      }
    }
    return true
  }
}
