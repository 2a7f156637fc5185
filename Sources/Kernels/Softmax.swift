import CAdjointKernels

/// The softmax family on the rows of contiguous [rows, columns] arrays of real numbers. Each row's maximum is
/// subtracted before anything is exponentiated.
package enum Softmax {
  /// Writes exp(x) ÷ Σ exp(x) to `output`.
  package static func softmax(x: Region, into output: Buffer, rows: Int, columns: Int, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (source, target) = (x.pointer, output.pointer)
    divide(rows, columns) { range in
      let start = range.lowerBound * columns * type.byteCount
      kernels.softmax(source + start, range.count, columns, target + start)
    }
  }

  /// Writes x - log Σ exp(x) to `output`.
  package static func logSoftmax(x: Region, into output: Buffer, rows: Int, columns: Int, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (source, target) = (x.pointer, output.pointer)
    divide(rows, columns) { range in
      let start = range.lowerBound * columns * type.byteCount
      kernels.log_softmax(source + start, range.count, columns, target + start)
    }
  }

  /// Writes y · (g - Σ g · y) to `gradient`, where `output` y is the softmax.
  package static func softmaxGradient(
    cotangent: Region, output: Region, into gradient: Buffer, rows: Int, columns: Int, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (sent, source, target) = (cotangent.pointer, output.pointer, gradient.pointer)
    divide(rows, columns) { range in
      let start = range.lowerBound * columns * type.byteCount
      kernels.softmax_gradient(sent + start, source + start, range.count, columns, target + start)
    }
  }

  /// Writes g - exp(y) · Σ g to `gradient`, where `output` y is the logarithm of the softmax.
  package static func logSoftmaxGradient(
    cotangent: Region, output: Region, into gradient: Buffer, rows: Int, columns: Int, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.softmax)
    let (sent, source, target) = (cotangent.pointer, output.pointer, gradient.pointer)
    divide(rows, columns) { range in
      let start = range.lowerBound * columns * type.byteCount
      kernels.log_softmax_gradient(sent + start, source + start, range.count, columns, target + start)
    }
  }

  static func divide(_ rows: Int, _ columns: Int, _ body: (Range<Int>) -> Void) {
    // An exponential takes about as long as reading four elements from memory.
    ThreadPool.shared.divide(rows, elementsEach: 4 * columns, body)
  }
}
