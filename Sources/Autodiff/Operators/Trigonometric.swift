import AdjointKernels

// Angles are in radians.
extension Tensor {
  /// The sine of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func sin() -> Tensor {
    Tensor.realUnary(.sin, self, "sin").recorded(
      as: "sin", GradientPath(to: self) { $0.passed(by: self.cos()) })
  }

  /// The cosine of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func cos() -> Tensor {
    Tensor.realUnary(.cos, self, "cos").recorded(
      as: "cos", GradientPath(to: self) { -$0.passed(by: self.sin()) })
  }

  /// The tangent of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func tan() -> Tensor {
    Tensor.realUnary(.tan, self, "tan")
      .recorded(
        as: "tan", GradientPath(to: self, keepingOutput: { $0.passed(by: $1.squared() + 1) }))
  }

  /// The hyperbolic sine of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func sinh() -> Tensor {
    Tensor.realUnary(.sinh, self, "sinh")
      .recorded(as: "sinh", GradientPath(to: self) { $0.passed(by: self.cosh()) })
  }

  /// The hyperbolic cosine of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func cosh() -> Tensor {
    Tensor.realUnary(.cosh, self, "cosh")
      .recorded(as: "cosh", GradientPath(to: self) { $0.passed(by: self.sinh()) })
  }

  /// The angle in −π/2 ... π/2 whose sine is each element; NaN outside −1 ... 1.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func asin() -> Tensor {
    Tensor.realUnary(.asin, self, "asin")
      .recorded(as: "asin", GradientPath(to: self) { $0.passed(by: self.asinSlope()) })
  }

  /// The angle in 0 ... π whose cosine is each element; NaN outside −1 ... 1.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func acos() -> Tensor {
    Tensor.realUnary(.acos, self, "acos")
      .recorded(as: "acos", GradientPath(to: self) { -$0.passed(by: self.asinSlope()) })
  }

  /// The angle in −π/2 ... π/2 whose tangent is each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func atan() -> Tensor {
    Tensor.realUnary(.atan, self, "atan")
      .recorded(as: "atan", GradientPath(to: self) { $0.passed(by: (self.squared() + 1).reciprocal()) })
  }

  /// The angle in −π ... π from the first axis to each point (x, y), broadcast.
  ///
  /// - Parameters:
  ///   - y: The points' second coordinates.
  ///   - x: The points' first coordinates.
  /// - Gradient: of y `x / (x² + y²)`, of x `−y / (x² + y²)`; both are 0 at the origin and infinitely far from it.
  /// - Traps: where the types differ or are not floating-point ones, or the shapes do not broadcast.
  public static func atan2(_ y: Tensor, _ x: Tensor) -> Tensor {
    y.requireFloatingPoint("atan2")
    /// a / (a² + b²) by way of numbers around 1, whose squares neither overflow nor vanish.
    @Sendable func slope(_ a: Tensor, _ b: Tensor) -> Tensor {
      let one = a.scalarLike(1)
      let size = maximum(a.detached().absolute(), b.detached().absolute())
      let (isOrigin, isFar) = (size .== 0, size .== .infinity)
      let unit = size.replacing(with: one, where: isOrigin.logicalOr(isFar))
      let (a, b) = (a / unit, b / unit)
      let squares = a.squared() + b.squared()
      let slope = a / squares.replacing(with: one, where: isOrigin) / unit
      return slope.replacing(with: a.scalarLike(0), where: isFar)
    }
    return binary(.atan2, y, x, "atan2").recorded(
      as: "atan2", GradientPath(to: y) { $0.passed(by: slope(x, y)) },
      GradientPath(to: x) { -$0.passed(by: slope(y, x)) })
  }

  /// 1/√(1 − x²), without the loss of digits near 1 and −1; nor near 0 in its own slope, x/√(1 − x²)³.
  private func asinSlope() -> Tensor {
    withoutRecording { ((1 - self) * (1 + self)).reciprocalSquareRoot() }.recorded(
      as: "asinSlope", GradientPath(to: self) { $0.passed(by: self * self.asinSlope().raised(to: 3)) })
  }
}
