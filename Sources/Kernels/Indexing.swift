import CAdjointKernels

/// Reading and adding by index, for every element type.
///
/// Indices are int64. They must lie in their range, which `firstOutOfRange` tells. All sums are formed in the
/// order of their terms, whatever the number of threads.
package enum Indexing {
  /// The position of the first index that is neither in 0 ..< `bound` nor `ignored`, if there is one.
  package static func firstOutOfRange(
    indices: Region, count: Int, bound: Int, ignored: Int64? = nil
  ) -> Int? {
    defer { withExtendedLifetime(indices) {} }
    return UnsafeBufferPointer(start: pointer(indices), count: count).firstIndex {
      !(0..<Int64(bound)).contains($0) && $0 != ignored
    }
  }

  /// Writes row indices[i] of each matrix of `x`, [outer, rows, columns], to row i of the matrix of `output`,
  /// [outer, count, columns].
  package static func takeRows(
    x: Region, indices: Region, into output: Buffer, outer: Int, rows: Int, count: Int, columns: Int,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (source, positions, target) = (x.pointer, pointer(indices), output.pointer)
    ThreadPool.shared.divide(outer * count, elementsEach: columns) { range in
      kernels.take_rows(source, rows, columns, positions, count, range.lowerBound, range.count, target)
    }
  }

  /// Writes to each row of each matrix of `sums`, [outer, rows, columns], the sum of those rows of the matrix of `x`,
  /// [outer, count, columns], whose index it is: the gradient of `takeRows`.
  package static func scatterAddRows(
    x: Region, indices: Region, into sums: Buffer, outer: Int, rows: Int, count: Int, columns: Int,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (source, positions, target) = (x.pointer, pointer(indices), sums.pointer)
    let elements = max(count, rows) * columns
    // Few large matrices are cut. Each part reads all indices, so there are few of them. Where they are cut does not
    // touch any sum.
    let isCut = outer < 8 && outer * elements > 2 * ThreadPool.elementsPerPiece
    let step = isCut ? max(1, rows.dividedUp(by: 8)) : max(1, rows)
    let parts = rows.dividedUp(by: step)
    ThreadPool.shared.divide(outer * parts, elementsEach: elements / max(1, parts)) { items in
      for item in items {
        let (matrix, first) = (item / parts, item % parts * step)
        let size = columns * type.byteCount
        kernels.scatter_add_rows(
          source + matrix * count * size, columns, positions, count, first, min(step, rows - first),
          target + matrix * rows * size)
      }
    }
  }

  /// Writes x[o, indices[o, r, i], i] to output[o, r, i]: `x` is [outer, middle, inner], indices and output
  /// are [outer, count, inner].
  package static func gather(
    x: Region, indices: Region, into output: Buffer, outer: Int, middle: Int, count: Int, inner: Int,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (source, positions, target) = (x.pointer, pointer(indices), output.pointer)
    divide(outer: outer, elements: costOfPlace * count, inner: inner) { part, strip in
      let read = part * middle * inner + strip.lowerBound
      let written = part * count * inner + strip.lowerBound
      kernels.gather(
        source + read * type.byteCount, positions + written, count, strip.count, inner,
        target + written * type.byteCount)
    }
  }

  /// Writes to sums[o, m, i], [outer, middle, inner], the sum of those x[o, r, i] whose index m is; `x` and
  /// indices are [outer, count, inner]. The gradient of `gather`.
  package static func scatterAdd(
    x: Region, indices: Region, into sums: Buffer, outer: Int, middle: Int, count: Int, inner: Int,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (source, positions, target) = (x.pointer, pointer(indices), sums.pointer)
    divide(outer: outer, elements: max(costOfPlace * count, middle), inner: inner) { part, strip in
      let read = part * count * inner + strip.lowerBound
      let written = part * middle * inner + strip.lowerBound
      kernels.scatter_add(
        source + read * type.byteCount, positions + read, count, strip.count, inner, middle,
        target + written * type.byteCount)
    }
  }

  /// Writes rows of `classes` elements that are 1 at the row's index and 0 elsewhere; an index out of range
  /// gives zeros.
  package static func oneHot(
    indices: Region, into output: Buffer, count: Int, classes: Int, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (positions, target) = (pointer(indices), output.pointer)
    ThreadPool.shared.divide(count, elementsEach: classes) { range in
      kernels.one_hot(
        positions + range.lowerBound, range.count, classes,
        target + range.lowerBound * classes * type.byteCount)
    }
  }

  static func pointer(_ indices: Region) -> UnsafeMutablePointer<Int64> {
    indices.pointer.assumingMemoryBound(to: Int64.self)
  }

  /// An element that is found by its index takes as long as several that are read in their order.
  private static let costOfPlace = 8

  private static func divide(outer: Int, elements: Int, inner: Int, _ body: (Int, Range<Int>) -> Void) {
    let strips = (0..<inner).strips
    ThreadPool.shared.divide(outer * strips.count, elementsEach: elements * strips[0].count) {
      items in
      for item in items { body(item / strips.count, strips[item % strips.count]) }
    }
  }
}
