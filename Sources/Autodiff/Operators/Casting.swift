import AdjointKernels

extension Tensor {
  /// The elements converted to another type.
  ///
  /// From floating-point to integer types, fractions are cut off toward zero, numbers outside the range are held to
  /// it and NaN becomes 0. Between integer types the low bits are taken: 300 becomes 44 as `uint8`. To floating-point
  /// types, numbers are rounded to the nearest. To `bool`, all but 0 is true, NaN too; from it, true becomes 1.
  ///
  /// ```swift
  /// Tensor([-1.5, 300]).cast(to: .uint8)  // [0, 255]
  /// Tensor([-1, 300]).cast(to: .uint8)  // [255, 44]
  /// ```
  ///
  /// - Gradient: is converted back; none passes through types without fractions.
  public func cast(to dataType: DataType) -> Tensor {
    if dataType == self.dataType { return unchanged }
    let source = contiguous()
    let original = self.dataType
    let value = Tensor(shape, dataType) {
      Cast.convert(
        source.region, from: original.elementType, into: $0, to: dataType.elementType, count: count)
    }
    guard dataType.isFloatingPoint else { return value }
    return value.recorded(as: "cast", GradientPath(to: self) { $0.cast(to: original) })
  }
}
