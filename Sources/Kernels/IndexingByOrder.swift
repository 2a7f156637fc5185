import CAdjointKernels

extension Indexing {
  /// Above this many, sorting the row takes less time than keeping the best so far in order.
  private static let largestKeptCount = 32

  /// Writes each row of `x` sorted to `output`, and where each element came from to `indices`, int64.
  ///
  /// Equal elements keep their order. A NaN counts as larger than every number: it comes last, or first where
  /// `descending`.
  package static func sort(
    x: Region, into output: Buffer, indices: Buffer, rows: Int, columns: Int, descending: Bool = false,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.indexing)
    let (source, target) = (x.pointer, output.pointer)
    let positions = pointer(Region(indices))
    ThreadPool.shared.divide(rows, elementsEach: 16 * columns) { range in
      let scratch = Buffer(byteCount: 3 * columns * MemoryLayout<Int64>.stride)
      defer { withExtendedLifetime(scratch) {} }
      let start = range.lowerBound * columns
      kernels.sort_rows(
        descending, source + start * type.byteCount, range.count, columns, pointer(Region(scratch)),
        target + start * type.byteCount, positions + start)
    }
  }

  /// Writes the `count` largest elements of each row in descending order, [rows, count], and where they came from.
  package static func top(
    _ count: Int, x: Region, into output: Buffer, indices: Buffer, rows: Int, columns: Int, type: ElementType
  ) {
    precondition(count <= columns)
    guard count > largestKeptCount else {
      let kernels = type.kernels(of: KernelTable.current.indexing)
      let (source, target) = (x.pointer, output.pointer)
      let positions = pointer(Region(indices))
      return ThreadPool.shared.divide(rows, elementsEach: 4 * columns) { range in
        let (read, written) = (range.lowerBound * columns, range.lowerBound * count)
        kernels.top_of_rows(
          source + read * type.byteCount, range.count, columns, count, target + written * type.byteCount,
          positions + written)
      }
    }
    let sorted = Buffer(byteCount: rows * columns * type.byteCount)
    let order = Buffer(byteCount: rows * columns * MemoryLayout<Int64>.stride)
    defer { withExtendedLifetime((sorted, order)) {} }
    sort(x: x, into: sorted, indices: order, rows: rows, columns: columns, descending: true, type: type)
    for row in 0..<rows {
      (output.pointer + row * count * type.byteCount).copyMemory(
        from: sorted.pointer + row * columns * type.byteCount, byteCount: count * type.byteCount)
      (indices.pointer + row * count * 8).copyMemory(
        from: order.pointer + row * columns * 8, byteCount: count * 8)
    }
  }
}
