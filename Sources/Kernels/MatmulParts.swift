/// A product whose inner dimension is cut into parts that are summed apart, each on one thread.
struct MatmulParts {
  private let parts: RangeBlocks
  private let rows: Int
  private let columns: Int
  private let blocks: MatmulBlocks
  private let buffer: Buffer

  /// At most `count` parts, of whole blocks.
  init(count: Int, rows: Int, columns: Int, inner: Int, blocks: MatmulBlocks) {
    let innerBlocks = (0..<inner).blocks(of: MatmulBlocks.innerCount).count
    parts = (0..<inner).blocks(of: (innerBlocks + count - 1) / count * MatmulBlocks.innerCount)
    self.rows = rows
    self.columns = columns
    self.blocks = blocks
    buffer = Buffer(byteCount: parts.count * rows * columns * blocks.byteCount)
  }

  private var partByteCount: Int { rows * columns * blocks.byteCount }

  func fill(_ left: some RowSource, _ right: some ColumnSource) {
    ThreadPool.shared.run(pieces: parts.count) { piece in
      blocks.multiply(
        left, right, into: buffer.pointer + piece * partByteCount, at: EvenRows(step: columns),
        rows: 0..<rows,
        columns: 0..<columns, inner: parts[piece])
    }
  }

  /// Adds the parts up in their order; where `transposes`, the output has the product's columns as its rows.
  func sum(
    into output: UnsafeMutableRawPointer, step: Int, transposes: Bool, accumulate: Bool,
    bias: UnsafeRawPointer?
  ) {
    let work = parts.count * columns
    let rowBlocks = (0..<rows).blocks(of: max(16, (1 << 16) / max(1, work) / 16 * 16))
    ThreadPool.shared.run(pieces: rowBlocks.count) { piece in
      let someRows = rowBlocks[piece]
      let place = someRows.lowerBound * (transposes ? 1 : step) * blocks.byteCount
      blocks.kernels.sum_parts(
        someRows.count, columns, parts.count,
        buffer.pointer + someRows.lowerBound * columns * blocks.byteCount,
        rows * columns, output + place, step, transposes, accumulate, bias)
    }
  }
}
