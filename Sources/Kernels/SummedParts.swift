import CAdjointKernels

/// Matrices that parts of some work sum apart, one each, and their sum, added up in the parts' order: so it is the same
/// whichever thread does which part.
struct SummedParts {
  private let count: Int
  private let rows: Int
  private let columns: Int
  private let elementByteCount: Int
  private let kernels: AdjointMatmul
  private let buffer: Buffer

  init(_ count: Int, rows: Int, columns: Int, elementByteCount: Int, kernels: AdjointMatmul) {
    self.count = count
    self.rows = rows
    self.columns = columns
    self.elementByteCount = elementByteCount
    self.kernels = kernels
    buffer = Buffer(byteCount: count * rows * columns * elementByteCount)
  }

  /// Where a part's matrix goes, row after row. Valid for as long as the parts live.
  func place(of part: Int) -> UnsafeMutableRawPointer {
    buffer.pointer + part * rows * columns * elementByteCount
  }

  /// Adds the parts up. The output, whose rows lie `step` elements apart, may be the first part's matrix.
  func add(
    into output: UnsafeMutableRawPointer, step: Int, epilogue: AdjointEpilogue = AdjointEpilogue()
  ) {
    defer { withExtendedLifetime(buffer) {} }
    // Blocks of whole vectors, of some 2^16 additions.
    let rowBlocks = (0..<rows).blocks(of: max(1, (1 << 12) / (count * columns)) * 16)
    ThreadPool.shared.run(pieces: rowBlocks.count) { piece in
      let first = rowBlocks[piece].lowerBound
      let start = first * step * elementByteCount
      kernels.sum_parts(
        rowBlocks[piece].count, columns, count, place(of: 0) + first * columns * elementByteCount,
        rows * columns, output + start, step, epilogue.belowRows(byBytes: start))
    }
  }
}

extension MatmulBlocks {
  func summedParts(_ count: Int, rows: Int, columns: Int) -> SummedParts {
    SummedParts(count, rows: rows, columns: columns, elementByteCount: byteCount, kernels: kernels)
  }
}
