import AdjointKernels

extension Tensor {
  /// Where elements are equal, as `bool`, broadcast; NaN equals nothing.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .== (x: Tensor, y: Tensor) -> Tensor { compare(.equal, x, y) }

  /// Where elements differ, as `bool`, broadcast.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .!= (x: Tensor, y: Tensor) -> Tensor { compare(.notEqual, x, y) }

  /// Where the first is smaller, as `bool`, broadcast.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .< (x: Tensor, y: Tensor) -> Tensor { compare(.less, x, y) }

  /// Where the first is smaller or equal, as `bool`, broadcast.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .<= (x: Tensor, y: Tensor) -> Tensor { compare(.lessOrEqual, x, y) }

  /// Where the first is larger, as `bool`, broadcast.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .> (x: Tensor, y: Tensor) -> Tensor { compare(.greater, x, y) }

  /// Where the first is larger or equal, as `bool`, broadcast.
  ///
  /// - Traps: where the types differ, or the shapes do not broadcast.
  public static func .>= (x: Tensor, y: Tensor) -> Tensor { compare(.greaterOrEqual, x, y) }

  /// Where elements equal a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .== (x: Tensor, number: Double) -> Tensor { compare(.equal, x, number) }

  /// Where elements differ from a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .!= (x: Tensor, number: Double) -> Tensor { compare(.notEqual, x, number) }

  /// Where elements are smaller than a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .< (x: Tensor, number: Double) -> Tensor { compare(.less, x, number) }

  /// Where elements are smaller than or equal to a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .<= (x: Tensor, number: Double) -> Tensor { compare(.lessOrEqual, x, number) }

  /// Where elements are larger than a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .> (x: Tensor, number: Double) -> Tensor { compare(.greater, x, number) }

  /// Where elements are larger than or equal to a number.
  ///
  /// - Traps: where the type does not hold the number.
  public static func .>= (x: Tensor, number: Double) -> Tensor { compare(.greaterOrEqual, x, number) }

  /// Where both are true.
  ///
  /// - Traps: where either is not of type `bool`.
  public func logicalAnd(_ other: Tensor) -> Tensor { logical(.and, other, "logicalAnd") }

  /// Where at least one is true.
  ///
  /// - Traps: where either is not of type `bool`.
  public func logicalOr(_ other: Tensor) -> Tensor { logical(.or, other, "logicalOr") }

  /// Where this is false.
  ///
  /// - Traps: where the type is not `bool`.
  public func logicalNot() -> Tensor {
    requireBool("logicalNot")
    let source = contiguous()
    return Tensor(shape, .bool) {
      Elementwise.unary(.not, source.region, into: $0, count: count, type: .bool)
    }
  }

  /// Where elements are not numbers.
  public func isNaN() -> Tensor { self .!= self }

  /// Where elements are numbers and not infinite.
  public func isFinite() -> Tensor {
    guard dataType.isFloatingPoint else { return self .== self }
    let source = contiguous()
    return Tensor(shape, .bool) {
      Elementwise.isFinite(source.region, into: $0, count: count, type: dataType.elementType)
    }
  }

  /// This tensor's elements, but another's where a mask is true; all are broadcast.
  ///
  /// - Gradient: passes to the side taken. What the other side may hold there, NaN or infinity, does not matter.
  /// - Traps: where the mask is not of type `bool`, the types differ, or the shapes do not broadcast.
  public func replacing(with other: Tensor, where mask: Tensor) -> Tensor {
    mask.requireBool("replacing")
    Tensor.requireSameType(self, other, "replacing")
    let shape = self.shape.broadcast(with: other.shape, "replacing").broadcast(with: mask.shape, "replacing")
    let value = Tensor(shape, dataType) {
      Elementwise.select(
        mask.region, maskStrides: mask.shape.broadcastStrides(mask.effectiveStrides, to: shape),
        other.region, xStrides: other.shape.broadcastStrides(other.effectiveStrides, to: shape),
        region, yStrides: self.shape.broadcastStrides(effectiveStrides, to: shape),
        sizes: shape.sizes, into: $0, type: dataType.elementType)
    }
    return value.recorded(
      as: "replacing",
      GradientPath(to: self) { $0.replacing(with: .zeros([], dataType: $0.dataType), where: mask) },
      GradientPath(to: other) { Tensor.zeros(like: $0).replacing(with: $0, where: mask) })
  }

  /// This tensor's elements, but a number where a mask is true; both are broadcast.
  ///
  /// - Gradient: none passes where the number was taken.
  /// - Traps: where the mask is not of type `bool`, the type does not hold the number, or the shapes do not broadcast.
  public func replacing(with number: Double, where mask: Tensor) -> Tensor {
    requireHolds(number, "replacing")
    return replacing(with: scalarLike(number), where: mask)
  }

  private static func compare(_ comparison: Comparison, _ x: Tensor, _ number: Double) -> Tensor {
    x.requireHolds(number, "\(comparison)")
    return compare(comparison, x, x.scalarLike(number))
  }

  private static func compare(_ comparison: Comparison, _ x: Tensor, _ y: Tensor) -> Tensor {
    requireSameType(x, y, "\(comparison)")
    let shape = x.shape.broadcast(with: y.shape, "\(comparison)")
    return Tensor(shape, .bool) {
      Elementwise.compare(
        comparison, x.region, xStrides: x.shape.broadcastStrides(x.effectiveStrides, to: shape),
        y.region, yStrides: y.shape.broadcastStrides(y.effectiveStrides, to: shape), sizes: shape.sizes,
        into: $0, type: x.dataType.elementType)
    }
  }

  private func logical(_ operation: BinaryOperation, _ other: Tensor, _ name: String) -> Tensor {
    requireBool(name)
    other.requireBool(name)
    return Tensor.binary(operation, self, other, name)
  }

  func requireBool(_ name: String) {
    require(
      dataType == .bool, name, "a mask is not of type bool", given: "\(dataType)", expected: "bool",
      hint: "comparisons such as x .> 0 give masks")
  }

  /// A scalar tensor of this one's type, of which the caller knows that it holds the number.
  package func scalarLike(_ number: Double) -> Tensor {
    .filled(with: number, shape: .scalar, dataType: dataType)
  }
}
