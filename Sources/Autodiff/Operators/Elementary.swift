import AdjointKernels

extension Tensor {
  /// eˣ of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func exp() -> Tensor {
    Tensor.realUnary(.exp, self, "exp")
      .recorded(as: "exp", GradientPath(to: self, keepingOutput: { $0.passed(by: $1) }))
  }

  /// eˣ − 1 of each element, exact near 0.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func expMinusOne() -> Tensor {
    Tensor.realUnary(.expm1, self, "expMinusOne")
      .recorded(
        as: "expMinusOne", GradientPath(to: self, keepingOutput: { $0.passed(by: $1 + 1) }))
  }

  /// The natural logarithm of each element; −∞ at 0, NaN below.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func log() -> Tensor {
    Tensor.realUnary(.log, self, "log")
      .recorded(as: "log", GradientPath(to: self) { $0.passed(dividedBy: self) })
  }

  /// log(1 + x) of each element, exact near 0.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func logOnePlus() -> Tensor {
    Tensor.realUnary(.log1p, self, "logOnePlus")
      .recorded(as: "logOnePlus", GradientPath(to: self) { $0.passed(dividedBy: self + 1) })
  }

  /// The error function of each element, 2/√π ∫ exp(−t²) dt from 0 to x.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func erf() -> Tensor {
    Tensor.realUnary(.erf, self, "erf")
      .recorded(
        as: "erf",
        GradientPath(to: self) { $0.passed(by: (-self.squared()).exp() * (2 / Double.pi.squareRoot())) })
  }

  /// The magnitude of each element; the gradient at 0 is 0.
  ///
  /// - Traps: where the type is `bool`.
  public func absolute() -> Tensor {
    Tensor.unary(.absolute, self, "absolute").recorded(
      as: "absolute",
      GradientPath(to: self) {
        $0.through(.absoluteGradient, at: self) { $0.passed(by: detached().sign()) }
      })
  }

  /// −1, 0 or 1 by the sign of each element; no gradient passes.
  ///
  /// - Traps: where the type is `bool`.
  public func sign() -> Tensor { Tensor.unary(.sign, self, "sign") }

  /// The largest whole number not above each element; no gradient passes.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func floor() -> Tensor { Tensor.realUnary(.floor, self, "floor") }

  /// The smallest whole number not below each element; no gradient passes.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func ceiling() -> Tensor { Tensor.realUnary(.ceil, self, "ceiling") }

  /// The whole number nearest to each element, the even one of two; no gradient passes.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func rounded() -> Tensor { Tensor.realUnary(.round, self, "rounded") }

  /// Each element held within bounds; the gradient is 0 outside and 1 inside, the bounds included.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func clamped(to bounds: ClosedRange<Double>) -> Tensor {
    let parameters = (bounds.lowerBound, bounds.upperBound)
    return Tensor.realUnary(.clamp, self, "clamped", parameters).recorded(
      as: "clamped",
      GradientPath(to: self) {
        $0.through(.clampGradient, at: self, parameters) { cotangent in
          let value = detached()
          return cotangent.passed(
            where: (value .>= bounds.lowerBound).logicalAnd(value .<= bounds.upperBound))
        }
      })
  }

  /// This slope, but 0 where it is infinite or NaN and the cotangent it is for is 0: from a side that
  /// ``replacing(with:where:)`` did not take, nothing may come back.
  func regularized(by cotangent: Tensor) -> Tensor {
    // The sum of finite numbers is finite, or the long way is taken for nothing.
    let total = detached().reduced(.sum, Array(0..<rank), false)
    if total.scalar(as: Double.self).isFinite { return self }
    let isWanted = (cotangent.detached() .!= 0).logicalOr(detached().isFinite())
    return scalarLike(0).replacing(with: self, where: isWanted)
  }

  /// This divisor, but infinite where it is 0 or NaN and the cotangent it is for is 0: then neither that nor its slope
  /// comes back.
  private func dividing(_ cotangent: Tensor) -> Tensor {
    let isUnwanted = (cotangent.detached() .== 0).logicalAnd((detached().absolute() .> 0).logicalNot())
    return replacing(with: scalarLike(.infinity), where: isUnwanted)
  }

  /// This cotangent times a slope, but 0 where it is 0, whatever the slope is there; in the cotangent's memory where
  /// nobody else holds it.
  consuming func passed(by slope: Tensor) -> Tensor {
    if Recording.isOn || Anomalies.areWatched { return self * slope.regularized(by: self) }
    return .binary(.multiplyGradient, slope, overwriting: self, "multiply")
  }

  /// This cotangent divided by the inverse of a slope, but 0 where it is 0, whatever the divisor is there; in the
  /// cotangent's memory where nobody else holds it.
  consuming func passed(dividedBy divisor: Tensor) -> Tensor {
    if Recording.isOn || Anomalies.areWatched { return self / divisor.dividing(self) }
    return .binary(.divideGradient, divisor, overwriting: self, "divide")
  }

  /// This cotangent where a condition holds, and 0 elsewhere, whatever it is there.
  func passed(where condition: Tensor) -> Tensor { scalarLike(0).replacing(with: self, where: condition) }

  /// What a kernel makes of this cotangent at a point, in the cotangent's memory where nobody else holds it; but while
  /// gradients are themselves recorded, what differentiable operators make of it.
  consuming func through(
    _ gradient: BinaryOperation, at point: Tensor, _ parameters: (Double, Double) = (0, 0),
    otherwise recorded: (_ cotangent: Tensor) -> Tensor
  ) -> Tensor {
    if Recording.isOn { return recorded(self) }
    return .binary(gradient, point, overwriting: self, "\(gradient)", parameters)
  }
}
