import CAdjointKernels

/// Copies between tensors' memory and strided views of it. Strides are in elements, may be negative or 0, and
/// are given with sizes, outermost first.
package enum Copy {
  /// The bytes that a thread takes at once.
  private static let pieceByteCount = 1 << 18
  /// A transpose reads this many rows at a time; fewer would fetch memory more than once.
  private static let transposedRows = 16

  /// Writes the view's elements one after another.
  package static func gather(
    from source: Region, strides: [Int], sizes: [Int], into destination: Buffer, elementByteCount: Int
  ) {
    let axes = MergedAxes(sizes: sizes, strides: [strides])
    let kernel = KernelTable.current.copy.gather!
    forEachBlock(of: axes, elementByteCount: elementByteCount) {
      index, offset, rows, columns, rowStride, step in
      kernel(
        destination.pointer + index * elementByteCount, source.pointer + offset * elementByteCount,
        rows, columns, rowStride, step, elementByteCount)
    }
  }

  /// Writes elements that lie one after another to the view's places. No two of these may be the same.
  package static func scatter(
    from source: Region, into destination: Region, strides: [Int], sizes: [Int], elementByteCount: Int
  ) {
    let axes = MergedAxes(sizes: sizes, strides: [strides])
    let kernel = KernelTable.current.copy.scatter!
    forEachBlock(of: axes, elementByteCount: elementByteCount) {
      index, offset, rows, columns, rowStride, step in
      kernel(
        destination.pointer + offset * elementByteCount, source.pointer + index * elementByteCount,
        rows, columns, rowStride, step, elementByteCount)
    }
  }

  /// Writes `count` elements that lie one after another.
  package static func contiguous(
    from source: Region, into destination: Region, count: Int, elementByteCount: Int
  ) {
    forEachPiece(of: count, length: pieceByteCount / elementByteCount) { start, length in
      (destination.pointer + start * elementByteCount)
        .copyMemory(from: source.pointer + start * elementByteCount, byteCount: length * elementByteCount)
    }
  }

  /// Writes one value to each element; a real value becomes an integer as in `Cast`.
  package static func fill(_ destination: Region, count: Int, type: ElementType, value: Double) {
    let elementByteCount = type.byteCount
    let kernel = KernelTable.current.copy.fill!
    withScalar(value, type: type) { scalar in
      forEachPiece(of: count, length: pieceByteCount / elementByteCount) { start, length in
        kernel(destination.pointer + start * elementByteCount, scalar, length, elementByteCount)
      }
    }
  }

  /// Calls `body` with rows and columns of the two innermost axes: once for each place in the outer axes, and
  /// for parts of the rows where these are long.
  private static func forEachBlock(
    of axes: MergedAxes, elementByteCount: Int,
    _ body: (_ index: Int, _ offset: Int, _ rows: Int, _ columns: Int, _ rowStride: Int, _ step: Int) -> Void
  ) {
    guard axes.count > 0 else { return }
    axes.forEachBlock(
      elementsPerPiece: pieceByteCount / elementByteCount, rowsTogether: transposedRows
    ) { block in
      body(
        block.index, axes.offset(of: block, operand: 0), block.rows, block.columns,
        axes.rowStride(operand: 0), axes.step(operand: 0))
    }
  }
}
