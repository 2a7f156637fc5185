import CAdjointKernels

/// A product with a small output and a long inner dimension, which is cut into parts that are summed apart:
/// cutting the output instead would pack both operands many times over.
struct MatmulParts {
  private let parts: RangeBlocks
  private let cut: MatmulCut
  private let columns: Int
  private let blocks: MatmulBlocks
  private let sums: SummedParts

  init(rows: Int, columns: Int, inner: Int, blocks: MatmulBlocks) {
    // Large pieces, as a part packs both operands for each piece of the output.
    let (rowCount, columnCount) = (4 * MatmulBlocks.rowCount, 2 * blocks.columnCount)
    let outputPieces =
      (0..<rows).blocks(of: rowCount).count * (0..<columns).blocks(of: columnCount).count
    let innerBlocks = (0..<inner).blocks(of: MatmulBlocks.innerCount).count
    let wantedParts = MatmulCut.wantedPieces.dividedUp(by: outputPieces)
    let worthyParts = rows * columns * inner / MatmulCut.workOfOnePiece
    let count = max(1, min(wantedParts, worthyParts, innerBlocks))
    parts = (0..<inner).blocks(of: innerBlocks.dividedUp(by: count) * MatmulBlocks.innerCount)
    cut = MatmulCut(
      rows: rows, columns: columns, inner: inner / parts.count, columnCount: columnCount,
      rowCount: rowCount, wantedPieces: (MatmulCut.wantedPieces + parts.count / 2) / parts.count)
    self.columns = columns
    self.blocks = blocks
    sums = blocks.summedParts(parts.count, rows: rows, columns: columns)
  }

  /// Whether a product's output is small enough and its inner dimension long enough for parts.
  static func areWorthwhile(rows: Int, columns: Int, inner: Int, blocks: MatmulBlocks) -> Bool {
    let outputPieces =
      (0..<rows).blocks(of: MatmulBlocks.rowCount).count * (0..<columns).blocks(of: blocks.columnCount).count
    return outputPieces < MatmulCut.wantedPieces && rows * columns <= 1 << 16
      && inner >= 8 * MatmulBlocks.innerCount && rows * columns * inner >= 2 * MatmulCut.workOfOnePiece
  }

  func fill(_ left: some RowSource, _ right: some ColumnSource) {
    ThreadPool.shared.run(pieces: parts.count * cut.pieces) { piece in
      let part = piece / cut.pieces
      blocks.multiply(
        left, right, into: sums.place(of: part), at: EvenRows(step: columns),
        rows: cut.rows(piece % cut.pieces), columns: cut.columns(piece % cut.pieces), inner: parts[part])
    }
  }

  /// Adds the parts up in their order.
  func sum(
    into output: UnsafeMutableRawPointer, step: Int, epilogue: AdjointEpilogue = AdjointEpilogue()
  ) {
    sums.add(into: output, step: step, epilogue: epilogue)
  }
}
