import CAdjointKernels

/// Conversions between element types.
package enum Cast {
  /// Converts `count` elements.
  ///
  /// Real to integer: toward zero; what is too large or too small becomes the largest or smallest integer, and
  /// NaN becomes 0. Integer to a smaller integer: the low bits. Anything to bool: whether it differs from 0.
  package static func convert(
    _ source: Region, from: ElementType, into destination: Buffer, to: ElementType, count: Int
  ) {
    let kernel = kernel(from: from, to: to)
    forEachPiece(of: count, length: 1 << 16) { start, length in
      kernel(destination.pointer + start * to.byteCount, source.pointer + start * from.byteCount, length)
    }
  }

  fileprivate static func kernel(from: ElementType, to: ElementType) -> AdjointCastKernel {
    KernelTable.current.copy.cast[from.index * ElementType.allCases.count + to.index]!
  }
}

/// Calls `body` with the place of one element of the given type that holds the value, as `Cast` would convert it.
@inline(__always)
func withScalar(_ value: Double, type: ElementType, _ body: (UnsafeRawPointer) -> Void) {
  switch type {
  case .float32: withUnsafePointer(to: Float(value)) { body($0) }
  case .float64: withUnsafePointer(to: value) { body($0) }
  case .int32, .int64, .uint8, .bool:
    withUnsafeTemporaryAllocation(byteCount: type.byteCount, alignment: type.byteCount) { element in
      withUnsafePointer(to: value) { Cast.kernel(from: .float64, to: type)(element.baseAddress, $0, 1) }
      body(UnsafeRawPointer(element.baseAddress!))
    }
  }
}
