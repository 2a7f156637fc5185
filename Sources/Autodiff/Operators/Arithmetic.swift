import AdjointKernels

// A number written beside a tensor takes the tensor's type, which must hold it. Two tensors are broadcast: aligned at
// the last axis, sizes of 1 are repeated. Truth values have no arithmetic.
extension Tensor {
  /// The sum, element by element.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func + (x: Tensor, y: Tensor) -> Tensor {
    binary(.add, x, y, "add").recorded(as: "add", GradientPath(to: x) { $0 }, GradientPath(to: y) { $0 })
  }

  /// The difference, element by element.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func - (x: Tensor, y: Tensor) -> Tensor {
    binary(.subtract, x, y, "subtract")
      .recorded(as: "subtract", GradientPath(to: x) { $0 }, GradientPath(to: y) { -$0 })
  }

  /// The product, element by element; ``matrixProduct(_:bias:activation:)`` is the other one.
  ///
  /// - Gradient: where the cotangent is 0, as on a side that ``replacing(with:where:)`` did not take, nothing comes
  ///   back of a factor that is infinite or NaN.
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func * (x: Tensor, y: Tensor) -> Tensor {
    binary(.multiply, x, y, "multiply")
      .recorded(
        as: "multiply", GradientPath(to: x) { $0.passed(by: y) },
        GradientPath(to: y) { $0.passed(by: x) })
  }

  /// The quotient, element by element; of integers, cut off toward zero.
  ///
  /// - Gradient: where the cotangent is 0, as on a side that ``replacing(with:where:)`` did not take, nothing comes
  ///   back from a division by 0.
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func / (x: Tensor, y: Tensor) -> Tensor {
    binary(.divide, x, y, "divide").recorded(
      as: "divide",
      GradientPath(to: x) { $0.passed(dividedBy: y) },
      GradientPath(to: y) { $0.passed(by: -x / y).passed(dividedBy: y) })
  }

  /// The negative of each element.
  ///
  /// - Traps: where the type is `bool`.
  public static prefix func - (x: Tensor) -> Tensor {
    unary(.negate, x, "negate").recorded(as: "negate", GradientPath(to: x) { -$0 })
  }

  /// A number added to each element.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func + (x: Tensor, number: Double) -> Tensor {
    binary(.add, x, number).recorded(as: "add", GradientPath(to: x) { $0 })
  }

  /// A number added to each element.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func + (number: Double, x: Tensor) -> Tensor { x + number }

  /// A number subtracted from each element.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func - (x: Tensor, number: Double) -> Tensor {
    binary(.subtract, x, number).recorded(as: "subtract", GradientPath(to: x) { $0 })
  }

  /// Each element subtracted from a number.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func - (number: Double, x: Tensor) -> Tensor {
    binary(.subtract, number, x).recorded(as: "subtract", GradientPath(to: x) { -$0 })
  }

  /// Each element multiplied by a number.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func * (x: Tensor, number: Double) -> Tensor {
    binary(.multiply, x, number).recorded(as: "multiply", GradientPath(to: x) { $0.scaled(by: number) })
  }

  /// Each element multiplied by a number.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func * (number: Double, x: Tensor) -> Tensor { x * number }

  /// Each element divided by a number.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func / (x: Tensor, number: Double) -> Tensor {
    binary(.divide, x, number).recorded(as: "divide", GradientPath(to: x) { $0 / number })
  }

  /// A number divided by each element.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func / (number: Double, x: Tensor) -> Tensor {
    binary(.divide, number, x).recorded(
      as: "divide", GradientPath(to: x) { $0.passed(by: -number / x).passed(dividedBy: x) })
  }

  /// Adds a tensor to this one, in place where nobody else holds it; it takes the shape of the result.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func += (x: inout Tensor, y: Tensor) { x.combine(.add, y) { $0 + $1 } }

  /// Subtracts a tensor from this one, in place where nobody else holds it; it takes the shape of the result.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func -= (x: inout Tensor, y: Tensor) { x.combine(.subtract, y) { $0 - $1 } }

  /// Multiplies this tensor by another, in place where nobody else holds it; it takes the shape of the result.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func *= (x: inout Tensor, y: Tensor) { x.combine(.multiply, y) { $0 * $1 } }

  /// Divides this tensor by another, in place where nobody else holds it; it takes the shape of the result.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func /= (x: inout Tensor, y: Tensor) { x.combine(.divide, y) { $0 / $1 } }

  /// Adds a number to each element, in place where nobody else holds this tensor.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func += (x: inout Tensor, number: Double) {
    x.combine(.add, number) { $0 + $1 }
  }

  /// Subtracts a number from each element, in place where nobody else holds this tensor.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func -= (x: inout Tensor, number: Double) {
    x.combine(.subtract, number) { $0 - $1 }
  }

  /// Multiplies each element by a number, in place where nobody else holds this tensor.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func *= (x: inout Tensor, number: Double) {
    x.combine(.multiply, number) { $0 * $1 }
  }

  /// Divides each element by a number, in place where nobody else holds this tensor.
  ///
  /// - Traps: where the type does not hold the number, or is `bool`.
  public static func /= (x: inout Tensor, number: Double) {
    x.combine(.divide, number) { $0 / $1 }
  }

  /// The larger of two elements, NaN where either is. At ties each side takes half of the gradient.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func maximum(_ x: Tensor, _ y: Tensor) -> Tensor {
    extremum(.maximum, x, y, "maximum") { $0 .> $1 }
  }

  /// The smaller of two elements, NaN where either is. At ties each side takes half of the gradient.
  ///
  /// - Traps: where the types differ or are `bool`, or the shapes do not broadcast.
  public static func minimum(_ x: Tensor, _ y: Tensor) -> Tensor {
    extremum(.minimum, x, y, "minimum") { $0 .< $1 }
  }

  private static func extremum(
    _ operation: BinaryOperation, _ x: Tensor, _ y: Tensor, _ name: String,
    wins: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    /// All of a cotangent where the first wins, half of it at ties, 0 elsewhere, whatever it is there.
    @Sendable func share(of cotangent: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
      let (x, y) = (x.detached(), y.detached())
      let part = (wins(x, y).cast(to: x.dataType) + 1) * 0.5
      return (cotangent * part).passed(where: wins(y, x).logicalNot())
    }
    return binary(operation, x, y, name).recorded(
      as: name, GradientPath(to: x) { share(of: $0, x, y) }, GradientPath(to: y) { share(of: $0, y, x) })
  }

  /// This tensor times a number, in its own memory where nobody else holds it.
  consuming func scaled(by factor: Double) -> Tensor {
    self *= factor
    return self
  }

  /// Combines with another tensor in this one's own memory if that is possible, else by the operator, which those
  /// who look for anomalies see.
  private mutating func combine(
    _ operation: BinaryOperation, _ other: Tensor, otherwise operator: (Tensor, Tensor) -> Tensor
  ) {
    guard other.node == nil, other.isContiguous, shape == other.shape, dataType == other.dataType,
      dataType != .bool, !Anomalies.areWatched, mayBeOverwritten()
    else {
      self = `operator`(self, other)
      return
    }
    Elementwise.binary(
      operation, region, other.region, into: region.buffer, count: count, type: dataType.elementType)
  }
  private mutating func combine(
    _ operation: BinaryOperation, _ number: Double, otherwise operator: (Tensor, Double) -> Tensor
  ) {
    guard dataType != .bool, dataType.holds(number), !Anomalies.areWatched, mayBeOverwritten() else {
      self = `operator`(self, number)
      return
    }
    Elementwise.binary(
      operation, region, number, into: region.buffer, count: count, type: dataType.elementType)
  }
}
