import CAdjointKernels

extension Normalization {
  /// Writes (x - mean) · inverseDeviation · scale + offset to `output`, where mean and deviation are each
  /// row's own; scale and offset, [columns], are 1 and 0 where there are none.
  ///
  /// - Returns: What the gradients need of each row, [rows, 3]: its mean in two parts, and its inverse deviation.
  package static func normalizeRows(
    x: Region, into output: Buffer, rows: Int, columns: Int, epsilon: Double, scale: Region?, offset: Region?,
    type: ElementType
  ) -> Buffer {
    precondition(columns > 0)
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let size = type.byteCount
    let moments = Buffer(byteCount: rows * 3 * size)
    let (source, target, kept) = (x.pointer, output.pointer, moments.pointer)
    let (scales, offsets) = (scale?.pointer, offset?.pointer)
    ThreadPool.shared.divide(rows, elementsEach: columns) { range in
      let start = range.lowerBound * columns * size
      kernels.normalize_rows(
        source + start, range.count, columns, epsilon, scales, offsets, kept + range.lowerBound * 3 * size,
        target + start)
    }
    return moments
  }

  /// Writes what the input of `normalizeRows` receives to `gradient`, and returns what scale and offset do:
  /// Σ g · x̂ and Σ g over the rows, or nil where they are not wanted.
  package static func rowGradients(
    cotangent: Region, x: Region, into gradient: Buffer, rows: Int, columns: Int, moments: Region,
    scale: Region?, wantsParameterGradients: Bool, type: ElementType
  ) -> ParameterGradients? {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let size = type.byteCount
    let chunk = chunkRows(size: columns)
    let chunks = rows.dividedUp(by: chunk)
    let parts = wantsParameterGradients ? Buffer(byteCount: chunks * 2 * columns * size) : nil
    let (sent, source, target) = (cotangent.pointer, x.pointer, gradient.pointer)
    let (kept, scales) = (moments.pointer, scale?.pointer)
    ThreadPool.shared.divide(chunks, elementsEach: chunk * columns) { items in
      for item in items {
        let start = item * chunk * columns * size
        let sums = parts.map { $0.pointer + item * 2 * columns * size }
        kernels.row_gradients(
          sent + start, source + start, min(chunk, rows - item * chunk), columns,
          kept + item * chunk * 3 * size, scales, target + start, sums.map { $0 + columns * size }, sums)
      }
    }
    return parts.map { joinedGradients($0, chunks: chunks, size: columns, type: type) }
  }
}
