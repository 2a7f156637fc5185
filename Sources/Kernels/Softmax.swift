import CAdjointKernels

/// The softmax family along the middle axis of contiguous [outer, middle, inner] arrays of real numbers. The maximum
/// along it is subtracted before anything is exponentiated.
package enum Softmax {
  /// Columns that a thread takes at once, where the middle axis is not the last: whole strips of the kernels.
  private static let columnCount = 256

  /// Writes exp(x) ÷ Σ exp(x) to `output`.
  package static func softmax(
    x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int = 1, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (source, target) = (x.pointer, output.pointer)
    forEachPart(outer, middle, inner, type) { start, rows in
      kernels.softmax(source + start, rows, middle, target + start)
    } columns: { start, columns in
      kernels.softmax_columns(source + start, middle, columns, inner, target + start)
    }
  }

  /// Writes x - log Σ exp(x) to `output`.
  package static func logSoftmax(
    x: Region, into output: Buffer, outer: Int, middle: Int, inner: Int = 1, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (source, target) = (x.pointer, output.pointer)
    forEachPart(outer, middle, inner, type) { start, rows in
      kernels.log_softmax(source + start, rows, middle, target + start)
    } columns: { start, columns in
      kernels.log_softmax_columns(source + start, middle, columns, inner, target + start)
    }
  }

  /// Writes y · (g - Σ g · y) to `gradient`, where `output` y is the softmax.
  package static func softmaxGradient(
    cotangent: Region, output: Region, into gradient: Buffer, outer: Int, middle: Int, inner: Int = 1,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (sent, source, target) = (cotangent.pointer, output.pointer, gradient.pointer)
    forEachPart(outer, middle, inner, type) { start, rows in
      kernels.softmax_gradient(sent + start, source + start, rows, middle, target + start)
    } columns: { start, columns in
      kernels.softmax_columns_gradient(sent + start, source + start, middle, columns, inner, target + start)
    }
  }

  /// Writes g - exp(y) · Σ g to `gradient`, where `output` y is the logarithm of the softmax.
  package static func logSoftmaxGradient(
    cotangent: Region, output: Region, into gradient: Buffer, outer: Int, middle: Int, inner: Int = 1,
    type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (sent, source, target) = (cotangent.pointer, output.pointer, gradient.pointer)
    forEachPart(outer, middle, inner, type) { start, rows in
      kernels.log_softmax_gradient(sent + start, source + start, rows, middle, target + start)
    } columns: { start, columns in
      kernels.log_softmax_columns_gradient(
        sent + start, source + start, middle, columns, inner, target + start)
    }
  }

  /// Calls `rows` with some rows where the middle axis is the last one, and otherwise `columns` with some columns of one
  /// outer place; with the byte that they begin at, and how many they are.
  private static func forEachPart(
    _ outer: Int, _ middle: Int, _ inner: Int, _ type: ElementType,
    rows: (_ start: Int, _ count: Int) -> Void,
    columns: (_ start: Int, _ count: Int) -> Void
  ) {
    if inner == 1 {
      return divide(outer, middle) { rows($0.lowerBound * middle * type.byteCount, $0.count) }
    }
    let strips = (0..<inner).blocks(of: columnCount)
    divide(outer * strips.count, middle * strips[0].count) { items in
      for item in items {
        let strip = strips[item % strips.count]
        columns((item / strips.count * middle * inner + strip.lowerBound) * type.byteCount, strip.count)
      }
    }
  }

  static func divide(_ rows: Int, _ columns: Int, _ body: (Range<Int>) -> Void) {
    // An exponential takes about as long as reading four elements from memory.
    ThreadPool.shared.divide(rows, elementsEach: 4 * columns, body)
  }
}
