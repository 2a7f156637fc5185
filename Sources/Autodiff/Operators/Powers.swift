import AdjointKernels

extension Tensor {
  /// The square of each element.
  ///
  /// - Traps: where the type is `bool`.
  public func squared() -> Tensor {
    Tensor.unary(.square, self, "squared").recorded(
      as: "squared",
      GradientPath(to: self) {
        $0.through(.squareGradient, at: self) { $0.passed(by: self) * 2 }
      })
  }

  /// The square root of each element; NaN below 0.
  ///
  /// - Gradient: g / (2√x), which is infinite at 0; but where the cotangent is 0, as it is on a side that
  ///   ``replacing(with:where:)`` did not take, it is 0 there too.
  /// - Traps: where the type is not a floating-point one.
  public func squareRoot() -> Tensor {
    Tensor.realUnary(.sqrt, self, "squareRoot").recorded(
      as: "squareRoot",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, root in
          cotangent.through(.sqrtGradient, at: root) { $0.passed(dividedBy: root * 2) }
        }))
  }

  /// 1/√x of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func reciprocalSquareRoot() -> Tensor {
    Tensor.realUnary(.rsqrt, self, "reciprocalSquareRoot")
      .recorded(
        as: "reciprocalSquareRoot",
        GradientPath(
          to: self,
          keepingOutput: { cotangent, output in
            let output = output.regularized(by: cotangent)
            return cotangent * output * output * output * -0.5
          }))
  }

  /// 1/x of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func reciprocal() -> Tensor {
    Tensor.realUnary(.reciprocal, self, "reciprocal")
      .recorded(
        as: "reciprocal",
        GradientPath(to: self, keepingOutput: { -$0.passed(by: $1).passed(by: $1) }))
  }

  /// Each element raised to a fixed power.
  ///
  /// - Gradient: `exponent · x^(exponent − 1)`, and nothing for an exponent of 0.
  /// - Traps: where the type is not a floating-point one.
  public func raised(to exponent: Double) -> Tensor {
    Tensor.realUnary(.powerScalar, self, "raised", (exponent, 0)).recorded(
      as: "raised",
      GradientPath(to: self) { cotangent in
        if exponent == 0 { return nil }
        let power = self.raised(to: exponent - 1)
        // The smaller factor goes first, so that nothing on the way is too large.
        return abs(exponent) < 1
          ? cotangent.scaled(by: exponent).passed(by: power)
          : cotangent.passed(by: power).scaled(by: exponent)
      })
  }

  /// Each element raised to the power of another's, broadcast.
  ///
  /// x⁰ is 1 for any x. A negative base gives NaN unless the exponent is whole.
  ///
  /// - Parameter exponents: What to raise to.
  /// - Gradient: of the base `exponent · x^(exponent − 1)`, and 0 where the exponent is 0; of the exponent
  ///   `x^exponent · log x`, which is NaN for a negative base, and 0 where the base is 0 and the exponent is not
  ///   negative.
  /// - Traps: where the types differ or are not floating-point ones, or the shapes do not broadcast.
  public func raised(to exponents: Tensor) -> Tensor {
    requireFloatingPoint("raised")
    let one = scalarLike(1)
    return Tensor.binary(.power, self, exponents, "raised").recorded(
      as: "raised",
      GradientPath(to: self) { cotangent in
        // For an exponent of 0, x⁻¹ meets a factor of 0, and must be finite.
        let isConstant = Anomalies.unwatched {
          (1 / detached()).isFinite().logicalNot().logicalAnd(exponents.detached() .== 0)
        }
        let base = self.replacing(with: one, where: isConstant)
        // The exponents go first: where one is 0, an infinite power is not looked at.
        return cotangent.passed(by: exponents).passed(by: base.raised(to: exponents - 1))
      },
      GradientPath(
        to: exponents,
        keepingOutput: { cotangent, power in
          let isConstant = (detached() .== 0).logicalAnd(exponents.detached() .>= 0)
          let logarithm = self.replacing(with: one, where: isConstant).log()
          return cotangent.passed(by: power).passed(by: logarithm)
        }))
  }
}
