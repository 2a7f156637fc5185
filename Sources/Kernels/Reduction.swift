import CAdjointKernels

/// Reductions over the middle axis of a contiguous [outer, middle, inner] array.
///
/// Sums of real numbers are formed in blocks of fixed sizes, and the blocks' sums again: the error of a sum
/// of n float32 is below about (100 + 40 log₁₀₀₀ n) · 2⁻²⁴ · Σ|x| in the worst case, whatever its order.
package enum Reduction {
  package enum Operation: Int32, Sendable {
    case sum = 0
    case product = 1
    /// NaN where any element is.
    case maximum = 2
    /// NaN where any element is.
    case minimum = 3
    case sumOfSquares = 4
    case sumOfAbsolutes = 5
    /// For bool only.
    case any = 6
    /// For bool only.
    case all = 7

    /// What joins the results of two parts.
    package var joining: Operation {
      switch self {
      case .sumOfSquares, .sumOfAbsolutes: .sum
      default: self
      }
    }
  }

  package enum Extremum: Sendable {
    case largest, smallest
  }

  /// Elements along the middle axis that are reduced at a time, where they lie side by side.
  static let chunkElements = 65_536
  /// The most rows that are reduced at a time, where the middle axis is not the last.
  static let chunkRows = 1_024

  /// Writes the combination of each middle axis to `output`, [outer, inner], in the type of `x`.
  ///
  /// An empty middle axis gives 0 for sums and `any`, 1 for products and `all`; it is a precondition that
  /// it does not occur with maximum and minimum.
  package static func reduce(
    _ operation: Operation, x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int,
    type: ElementType
  ) {
    precondition(middle > 0 || (operation != .maximum && operation != .minimum))
    precondition((type == .bool) == (operation == .any || operation == .all))
    let chunk = inner == 1 ? chunkElements : min(chunkRows, max(64, chunkElements / max(1, inner)))
    let chunks = middle.dividedUp(by: chunk)
    guard chunks > 1 else {
      return reduceChunks(
        operation, x: x, into: output, outer: outer, middle: middle, inner: inner, chunk: max(1, middle),
        type: type)
    }
    let parts = Buffer(byteCount: outer * chunks * inner * type.byteCount)
    reduceChunks(
      operation, x: x, into: parts, outer: outer, middle: middle, inner: inner, chunk: chunk, type: type)
    reduce(
      operation.joining, x: Region(parts), into: output, outer: outer, middle: chunks, inner: inner,
      type: type)
  }

  /// Reduces each `chunk` of the middle axis alone: `output` is [outer, chunks, inner].
  private static func reduceChunks(
    _ operation: Operation, x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int, chunk: Int,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.reduction)
    let size = type.byteCount
    let (source, target) = (x.pointer, output.pointer)
    let chunks = max(1, middle.dividedUp(by: chunk))
    if inner == 1 && chunks == 1 {
      return ThreadPool.shared.divide(outer, elementsEach: middle) { rows in
        kernels.rows(
          operation.rawValue, source + rows.lowerBound * middle * size, rows.count, middle,
          target + rows.lowerBound * size)
      }
    }
    let strips = (0..<inner).strips
    let elements = chunk * strips[0].count
    ThreadPool.shared.divide(outer * chunks * strips.count, elementsEach: elements) { items in
      for item in items {
        let (part, strip) = (item / strips.count, strips[item % strips.count])
        let first = part % chunks * chunk
        let rows = min(chunk, middle - first)
        let start = source + ((part / chunks * middle + first) * inner + strip.lowerBound) * size
        let result = target + (part * inner + strip.lowerBound) * size
        if inner == 1 {
          kernels.rows(operation.rawValue, start, 1, rows, result)
        } else {
          kernels.columns(operation.rawValue, start, rows, strip.count, inner, result)
        }
      }
    }
  }

  /// Writes the index along the middle axis of its largest or smallest element to `indices`, int64 of
  /// [outer, inner]: the first of several equal ones. A NaN wins, the first of several. The middle axis must
  /// not be empty.
  package static func index(
    of extremum: Extremum, x: Region, into indices: Buffer, outer: Int, middle: Int, inner: Int,
    type: ElementType
  ) {
    precondition(middle > 0)
    let kernels = type.kernels(of: KernelTable.current.reduction)
    let size = type.byteCount
    let source = x.pointer
    let target = indices.pointer.assumingMemoryBound(to: Int64.self)
    let isLargest = extremum == .largest
    if inner == 1 {
      return ThreadPool.shared.divide(outer, elementsEach: middle) { rows in
        kernels.extremum_of_rows(
          isLargest, source + rows.lowerBound * middle * size, rows.count, middle, target + rows.lowerBound)
      }
    }
    let strips = (0..<inner).strips
    ThreadPool.shared.divide(outer * strips.count, elementsEach: middle * strips[0].count) { items in
      for item in items {
        let (part, strip) = (item / strips.count, strips[item % strips.count])
        let start = source + (part * middle * inner + strip.lowerBound) * size
        let result = target + (part * inner + strip.lowerBound)
        kernels.extremum_of_columns(isLargest, start, middle, strip.count, inner, result)
      }
    }
  }

  /// Writes the running sums along the middle axis to `output`, in the shape and type of `x`: each element
  /// is the sum of those up to it, or from it on where `reversed`. Not for bool.
  package static func cumulativeSum(
    x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int, reversed: Bool = false,
    type: ElementType
  ) {
    precondition(type != .bool)
    let kernels = type.kernels(of: KernelTable.current.reduction)
    let size = type.byteCount
    let (source, target) = (x.pointer, output.pointer)
    if inner == 1 {
      return ThreadPool.shared.divide(outer, elementsEach: middle) { lines in
        let offset = lines.lowerBound * middle * size
        kernels.cumulative_sum(reversed, source + offset, middle, lines.count, 1, middle, target + offset)
      }
    }
    let strips = (0..<inner).strips
    ThreadPool.shared.divide(outer * strips.count, elementsEach: middle * strips[0].count) { items in
      for item in items {
        let offset = (item / strips.count * middle * inner + strips[item % strips.count].lowerBound) * size
        kernels.cumulative_sum(
          reversed, source + offset, middle, strips[item % strips.count].count, inner, 1, target + offset)
      }
    }
  }

  /// Writes to `output`, in the shape of `x`, for each element the product of the others along the middle axis,
  /// which is formed without division; 1 where there are none. For real numbers only.
  package static func productsOfOthers(
    x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int, type: ElementType
  ) {
    precondition(type == .float32 || type == .float64)
    let kernels = type.kernels(of: KernelTable.current.reduction)
    let size = type.byteCount
    let (source, target) = (x.pointer, output.pointer)
    let strips = (0..<inner).blocks(of: 256)
    ThreadPool.shared.divide(outer * strips.count, elementsEach: 4 * middle * strips[0].count) { items in
      let scratch = Buffer(byteCount: (middle + 64) * strips[0].count * size)
      defer { withExtendedLifetime(scratch) {} }
      for item in items {
        let strip = strips[item % strips.count]
        let offset = (item / strips.count * middle * inner + strip.lowerBound) * size
        kernels.products_of_others(
          source + offset, middle, strip.count, inner, scratch.pointer, target + offset)
      }
    }
  }
}
