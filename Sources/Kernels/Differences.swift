import CAdjointKernels

/// Sums of a function of the differences of two arrays, and gradients of such sums.
///
/// Arrays are taken block by block, and all that is done to a block is done while it lies in a core's nearest cache: the
/// differences and the values in between never reach memory.
package enum Differences {
  /// Elements of a block, each of which has a sum of its own: of float32, half of the nearest cache of a small core.
  private static let block = 1 << 12
  /// Elements that a thread takes at once.
  private static let piece = 4 * block

  /// Writes Σ f(x − y) over `count` real numbers to `output`, one number, where f is the operation.
  package static func sum(
    of operation: UnaryOperation, _ x: Region, _ y: Region, into output: Buffer, count: Int,
    type: ElementType, parameters: (Double, Double)
  ) {
    let subtract = Elementwise.binaryKernel(.subtract, type)
    let function = Elementwise.unaryKernel(operation, type, parameters)
    let kernels = type.kernels(of: KernelTable.current.reduction)
    let size = type.byteCount
    let blocks = count.dividedUp(by: block)
    let sums = Buffer(byteCount: blocks * size)
    let (first, second, target) = (x.pointer, y.pointer, sums.pointer)
    forEachPiece(of: count, length: piece, multiple: block) { start, length in
      let values = Buffer(byteCount: min(block, length) * size)
      defer { withExtendedLifetime(values) {} }
      forEachBlock(start, length) { start, length in
        subtract(
          values.pointer, first + start * size, second + start * size, 1, length, inOrder, inOrder, 0, 0)
        function(values.pointer, values.pointer, length, parameters.0, parameters.1)
        kernels.rows(
          Reduction.Operation.sum.rawValue, values.pointer, 1, length, target + start / block * size)
      }
    }
    Reduction.reduce(.sum, x: Region(sums), into: output, outer: 1, middle: blocks, inner: 1, type: type)
  }

  /// Writes g · f′(x − y) to `gradient`, `count` real numbers, where the cotangent g is one number and the operation
  /// is the gradient of f.
  package static func gradient(
    of operation: BinaryOperation, _ x: Region, _ y: Region, cotangent: Region, into gradient: Buffer,
    count: Int, type: ElementType, parameters: (Double, Double)
  ) {
    let subtract = Elementwise.binaryKernel(.subtract, type)
    let slope = Elementwise.binaryKernel(operation, type)
    let size = type.byteCount
    let (first, second, sent) = (x.pointer, y.pointer, cotangent.pointer)
    forEachPiece(of: count, length: piece) { start, length in
      forEachBlock(start, length) { start, length in
        let target = gradient.pointer + start * size
        subtract(target, first + start * size, second + start * size, 1, length, inOrder, inOrder, 0, 0)
        slope(
          target, target, sent, 1, length, inOrder, AdjointPlaces(row_stride: 0, step: 0), parameters.0,
          parameters.1)
      }
    }
  }

  private static let inOrder = AdjointPlaces(row_stride: 0, step: 1)

  private static func forEachBlock(_ start: Int, _ length: Int, _ body: (_ start: Int, _ length: Int) -> Void)
  {
    for first in stride(from: start, to: start + length, by: block) {
      body(first, min(block, start + length - first))
    }
  }
}
