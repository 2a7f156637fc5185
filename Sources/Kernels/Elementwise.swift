import CAdjointKernels

/// Operations on each element of one, two or three inputs. Outputs are contiguous and may be the memory of an
/// input whose elements lie as the output's do.
package enum Elementwise {
  /// The most elements a thread takes at once, of operations that are bound by memory and of costly ones.
  private static let cheapPiece = 1 << 16
  private static let costlyPiece = 1 << 15

  /// Applies the operation to `count` elements that lie one after another.
  package static func unary(
    _ operation: UnaryOperation, _ x: Region, into output: Buffer, count: Int, type: ElementType,
    parameters: (Double, Double) = (0, 0)
  ) {
    let kernel = unaryKernel(operation, type, parameters)
    let size = type.byteCount
    forEachPiece(of: count, length: operation.isCostly ? costlyPiece : cheapPiece) { start, length in
      kernel(
        output.pointer + start * size, x.pointer + start * size, length, parameters.0, parameters.1)
    }
  }

  /// Applies the operation to two inputs of `count` elements each, that lie one after another.
  package static func binary(
    _ operation: BinaryOperation, _ x: Region, _ y: Region, into output: Buffer, count: Int,
    type: ElementType,
    parameters: (Double, Double) = (0, 0)
  ) {
    contiguous(
      operation, x.pointer, y.pointer, into: output, count: count, type: type, xStep: 1, yStep: 1,
      parameters: parameters)
  }

  /// Applies the operation to each element and a number.
  package static func binary(
    _ operation: BinaryOperation, _ x: Region, _ y: Double, into output: Buffer, count: Int,
    type: ElementType,
    parameters: (Double, Double) = (0, 0)
  ) {
    withScalar(y, type: type) { scalar in
      contiguous(
        operation, x.pointer, scalar, into: output, count: count, type: type, xStep: 1, yStep: 0,
        parameters: parameters)
    }
  }

  /// Applies the operation to a number and each element.
  package static func binary(
    _ operation: BinaryOperation, _ x: Double, _ y: Region, into output: Buffer, count: Int,
    type: ElementType,
    parameters: (Double, Double) = (0, 0)
  ) {
    withScalar(x, type: type) { scalar in
      contiguous(
        operation, scalar, y.pointer, into: output, count: count, type: type, xStep: 0, yStep: 1,
        parameters: parameters)
    }
  }

  /// Applies the operation to two views of the given sizes: a stride of 0 repeats an input along an axis.
  package static func binary(
    _ operation: BinaryOperation, _ x: Region, xStrides: [Int], _ y: Region, yStrides: [Int], sizes: [Int],
    into output: Buffer, type: ElementType, parameters: (Double, Double) = (0, 0)
  ) {
    let kernel = binaryKernel(operation, type)
    let size = type.byteCount
    let loop = BroadcastLoop(
      [.init(x, strides: xStrides, size: size), .init(y, strides: yStrides, size: size)], sizes: sizes)
    loop.forEachBlock(elementsPerPiece: operation.isCostly ? costlyPiece : cheapPiece) { block in
      kernel(
        output.pointer + block.index * size, loop.pointer(of: block, operand: 0),
        loop.pointer(of: block, operand: 1), block.rows, block.columns, loop.places(operand: 0),
        loop.places(operand: 1), parameters.0, parameters.1)
    }
  }

  /// Writes for each of `count` real numbers that lie one after another whether it is neither infinite nor NaN.
  package static func isFinite(_ x: Region, into output: Buffer, count: Int, type: ElementType) {
    let kernel = type.kernel(of: KernelTable.current.elementwise.is_finite)
    forEachPiece(of: count, length: cheapPiece) { start, length in
      kernel(
        (output.pointer + start).assumingMemoryBound(to: UInt8.self), x.pointer + start * type.byteCount,
        length)
    }
  }

  /// Compares two views of the given sizes and writes a bool for each pair.
  package static func compare(
    _ comparison: Comparison, _ x: Region, xStrides: [Int], _ y: Region, yStrides: [Int], sizes: [Int],
    into output: Buffer, type: ElementType
  ) {
    let kernel = KernelTable.current.elementwise.comparison[tableIndex(comparison.rawValue, type)]!
    let size = type.byteCount
    let loop = BroadcastLoop(
      [.init(x, strides: xStrides, size: size), .init(y, strides: yStrides, size: size)], sizes: sizes)
    loop.forEachBlock(elementsPerPiece: cheapPiece) { block in
      kernel(
        (output.pointer + block.index).assumingMemoryBound(to: UInt8.self),
        loop.pointer(of: block, operand: 0),
        loop.pointer(of: block, operand: 1), block.rows, block.columns, loop.places(operand: 0),
        loop.places(operand: 1))
    }
  }

  /// Writes x where the mask, a view of bools, holds, and y elsewhere.
  package static func select(
    _ mask: Region, maskStrides: [Int], _ x: Region, xStrides: [Int], _ y: Region, yStrides: [Int],
    sizes: [Int], into output: Buffer, type: ElementType
  ) {
    let kernel = KernelTable.current.elementwise.select[type.index]!
    let size = type.byteCount
    let loop = BroadcastLoop(
      [
        .init(mask, strides: maskStrides, size: 1), .init(x, strides: xStrides, size: size),
        .init(y, strides: yStrides, size: size),
      ], sizes: sizes)
    loop.forEachBlock(elementsPerPiece: cheapPiece) { block in
      kernel(
        output.pointer + block.index * size,
        loop.pointer(of: block, operand: 0).assumingMemoryBound(to: UInt8.self),
        loop.pointer(of: block, operand: 1), loop.pointer(of: block, operand: 2), block.rows, block.columns,
        loop.places(operand: 0), loop.places(operand: 1), loop.places(operand: 2))
    }
  }

  @inline(__always)
  private static func contiguous(
    _ operation: BinaryOperation, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer, into output: Buffer,
    count: Int,
    type: ElementType, xStep: Int, yStep: Int, parameters: (Double, Double)
  ) {
    let kernel = binaryKernel(operation, type)
    let size = type.byteCount
    forEachPiece(of: count, length: operation.isCostly ? costlyPiece : cheapPiece) { start, length in
      kernel(
        output.pointer + start * size, x + start * xStep * size, y + start * yStep * size, 1, length,
        AdjointPlaces(row_stride: 0, step: xStep), AdjointPlaces(row_stride: 0, step: yStep), parameters.0,
        parameters.1)
    }
  }

  /// Powers of few instructions are taken as such.
  static func unaryKernel(
    _ operation: UnaryOperation, _ type: ElementType, _ parameters: (Double, Double)
  ) -> AdjointUnaryKernel {
    let taken: UnaryOperation =
      switch (operation, parameters.0) {
      case (.powerScalar, 2): .square
      case (.powerScalar, -1): .reciprocal
      case (.powerScalar, 3): .cube
      case (.powerScalar, -2): .inverseSquare
      case (.powerScalar, 0.5): .powerHalf
      case (.powerScalar, -0.5): .powerMinusHalf
      default: operation
      }
    guard let kernel = KernelTable.current.elementwise.unary[tableIndex(taken.rawValue, type)] else {
      missing("\(operation)", type)
    }
    return kernel
  }

  @inline(__always)
  static func binaryKernel(_ operation: BinaryOperation, _ type: ElementType) -> AdjointBinaryKernel {
    guard let kernel = KernelTable.current.elementwise.binary[tableIndex(operation.rawValue, type)] else {
      missing("\(operation)", type)
    }
    return kernel
  }

  @inline(__always)
  private static func tableIndex(_ operation: Int, _ type: ElementType) -> Int {
    operation * ADJOINT_TYPE_COUNT + type.index
  }

  private static func missing(_ operation: String, _ type: ElementType) -> Never {
    trap(
      "elementwise", "no kernel", given: "\(operation) of \(type)",
      expected: "a type that has the operation")
  }
}
