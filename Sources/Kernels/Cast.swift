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
    let kernel = KernelTable.current.copy.cast[from.index * ElementType.allCases.count + to.index]!
    forEachPiece(of: count, length: 1 << 16) { start, length in
      kernel(destination.pointer + start * to.byteCount, source.pointer + start * from.byteCount, length)
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
}
