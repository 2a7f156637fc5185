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
    scatter(
      from: source, strides: strides, into: Region(destination), strides: contiguousStrides(of: sizes),
      sizes: sizes, elementByteCount: elementByteCount)
  }

  /// Writes the view's elements to the places of another view. No two of these may be the same.
  package static func scatter(
    from source: Region, strides sourceStrides: [Int], into destination: Region,
    strides destinationStrides: [Int], sizes: [Int], elementByteCount: Int
  ) {
    var axes = MergedAxes(sizes: sizes, strides: [destinationStrides, sourceStrides])
    // Both sides are used a line of memory at a time: by rows, or by blocks that are transposed.
    axes.bringInward(columnsOf: 0, rowsOf: 1)
    guard axes.count > 0 else { return }
    let kernel = KernelTable.current.copy.strided!
    let (to, from) = (axes.places(operand: 0), axes.places(operand: 1))
    axes.forEachBlock(
      elementsPerPiece: pieceByteCount / elementByteCount, rowsTogether: transposedRows
    ) { block in
      kernel(
        destination.pointer + axes.offset(of: block, operand: 0) * elementByteCount, to,
        source.pointer + axes.offset(of: block, operand: 1) * elementByteCount, from,
        block.rows, block.columns, elementByteCount)
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

  /// Writes `start + i * step`, each by one multiplication, so that errors do not add up. Integer types take
  /// both numbers cast to integers. There is no range of bools.
  package static func range(
    into destination: Buffer, count: Int, type: ElementType, start: Double, step: Double
  ) {
    let kernel = KernelTable.current.copy.range[type.index]!
    forEachPiece(of: count, length: 1 << 16) { first, length in
      kernel(destination.pointer + first * type.byteCount, length, first, start, step)
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

  /// The strides of elements that lie one after another.
  package static func contiguousStrides(of sizes: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: sizes.count)
    for axis in sizes.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    return strides
  }
}
