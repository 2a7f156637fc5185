import AdjointKernels

extension Tensor {
  /// The elements converted to another type.
  ///
  /// Fractions are cut off toward zero and values outside an integer type's range are held to it; NaN becomes 0;
  /// to `bool`, all but 0 is true.
  ///
  /// - Gradient: is converted back; none passes through types without fractions.
  public func cast(to dataType: DataType) -> Tensor {
    if dataType == self.dataType { return self }
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
