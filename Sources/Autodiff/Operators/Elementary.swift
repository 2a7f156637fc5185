import AdjointKernels

extension Tensor {
  /// eˣ of each element.
  public func exp() -> Tensor {
    Tensor.realUnary(.exp, self, "exp")
      .recorded(as: "exp", GradientPath(to: self, keepingOutput: { $0 * $1 }))
  }

  /// eˣ − 1 of each element, exact near 0.
  public func expMinusOne() -> Tensor {
    Tensor.realUnary(.expm1, self, "expMinusOne")
      .recorded(as: "expMinusOne", GradientPath(to: self, keepingOutput: { $0 * ($1 + 1) }))
  }

  /// The natural logarithm of each element; −∞ at 0, NaN below.
  public func log() -> Tensor {
    Tensor.realUnary(.log, self, "log").recorded(as: "log", GradientPath(to: self) { $0 / self })
  }

  /// log(1 + x) of each element, exact near 0.
  public func logOnePlus() -> Tensor {
    Tensor.realUnary(.log1p, self, "logOnePlus")
      .recorded(as: "logOnePlus", GradientPath(to: self) { $0 / (self + 1) })
  }

  /// The square of each element.
  public func squared() -> Tensor {
    Tensor.unary(.square, self).recorded(as: "squared", GradientPath(to: self) { $0 * self * 2 })
  }

  /// The square root of each element; NaN below 0.
  ///
  /// - Gradient: g / (2√x), which is infinite at 0; but where the cotangent is 0, as it is on a side that
  ///   ``replacing(with:where:)`` did not take, it is 0 there too.
  public func squareRoot() -> Tensor {
    Tensor.realUnary(.sqrt, self, "squareRoot").recorded(
      as: "squareRoot",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, root in
          let isRegular = root.detached() .> 0
          let isUnwanted = (cotangent.detached() .== 0).logicalAnd(isRegular.logicalNot())
          return cotangent / (root.replacing(with: root.scalarLike(1), where: isUnwanted) * 2)
        }))
  }

  /// 1/√x of each element.
  public func reciprocalSquareRoot() -> Tensor {
    Tensor.realUnary(.rsqrt, self, "reciprocalSquareRoot")
      .recorded(
        as: "reciprocalSquareRoot",
        GradientPath(to: self, keepingOutput: { $0 * $1 * $1 * $1 * -0.5 }))
  }

  /// 1/x of each element.
  public func reciprocal() -> Tensor {
    Tensor.realUnary(.reciprocal, self, "reciprocal")
      .recorded(as: "reciprocal", GradientPath(to: self, keepingOutput: { -($0 * $1 * $1) }))
  }

  /// The magnitude of each element; the gradient at 0 is 0.
  public func absolute() -> Tensor {
    Tensor.unary(.absolute, self)
      .recorded(as: "absolute", GradientPath(to: self) { $0 * detached().sign() })
  }

  /// −1, 0 or 1 by the sign of each element; no gradient passes.
  public func sign() -> Tensor { Tensor.unary(.sign, self) }

  /// The sine of each element, in radians.
  public func sin() -> Tensor {
    Tensor.realUnary(.sin, self, "sin").recorded(as: "sin", GradientPath(to: self) { $0 * self.cos() })
  }

  /// The cosine of each element, in radians.
  public func cos() -> Tensor {
    Tensor.realUnary(.cos, self, "cos").recorded(as: "cos", GradientPath(to: self) { -($0 * self.sin()) })
  }

  /// Each element raised to a fixed power.
  ///
  /// - Gradient: `exponent · x^(exponent − 1)`, and nothing for an exponent of 0.
  public func raised(to exponent: Double) -> Tensor {
    Tensor.realUnary(.powerScalar, self, "raised", (exponent, 0)).recorded(
      as: "raised",
      GradientPath(to: self) { exponent == 0 ? nil : $0 * self.raised(to: exponent - 1) * exponent })
  }

  /// Each element held within bounds; the gradient is 0 outside and 1 inside, the bounds included.
  public func clamped(to bounds: ClosedRange<Double>) -> Tensor {
    Tensor.realUnary(.clamp, self, "clamped", (bounds.lowerBound, bounds.upperBound)).recorded(
      as: "clamped",
      GradientPath(to: self) {
        let value = detached()
        let isInside = (value .>= bounds.lowerBound).logicalAnd(value .<= bounds.upperBound)
        return $0 * isInside.cast(to: dataType)
      })
  }
}
