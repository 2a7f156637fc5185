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
}

/// Calls `body` with the place of one element of the given type that holds the value, as `Cast` would convert it.
@inline(__always)
func withScalar(_ value: Double, type: ElementType, _ body: (UnsafeRawPointer) -> Void) {
  switch type {
  case .float32: withUnsafePointer(to: Float(value)) { body($0) }
  case .float64: withUnsafePointer(to: value) { body($0) }
  case .int32: withUnsafePointer(to: saturated(value, as: Int32.self)) { body($0) }
  case .int64: withUnsafePointer(to: saturated(value, as: Int64.self)) { body($0) }
  case .uint8: withUnsafePointer(to: saturated(value, as: UInt8.self)) { body($0) }
  case .bool: withUnsafePointer(to: value != 0 ? 1 as UInt8 : 0) { body($0) }
  }
}

private func saturated<Integer: FixedWidthInteger>(_ value: Double, as type: Integer.Type) -> Integer {
  if value.isNaN { return 0 }
  if value <= Double(Integer.min) { return .min }
  return value >= Double(Integer.max) ? .max : Integer(value)
}
