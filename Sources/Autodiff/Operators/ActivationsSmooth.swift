import AdjointKernels

// Smooth activations: values and gradients are exact for numbers of any size.
extension Tensor {
  /// 1 / (1 + e⁻ˣ) of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func sigmoid() -> Tensor {
    Tensor.realUnary(.sigmoid, self, "sigmoid").recorded(
      as: "sigmoid",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          cotangent.through(.sigmoidGradient, at: output) { $0.passed(by: output * (1 - output)) }
        }))
  }

  /// The logarithm of ``sigmoid()`` of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func logSigmoid() -> Tensor {
    activated("logSigmoid", .logSigmoid, gradient: .logSigmoidGradient) { (-$0).exactSigmoid() }
  }

  /// log(1 + eˣ) of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func softplus() -> Tensor {
    activated("softplus", .softplus, gradient: .softplusGradient) { $0.exactSigmoid() }
  }

  /// The hyperbolic tangent of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func tanh() -> Tensor {
    Tensor.realUnary(.tanh, self, "tanh").recorded(
      as: "tanh",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          cotangent.through(.tanhGradient, at: output) { $0.passed(by: 1 - output.squared()) }
        }))
  }

  /// x / (1 + |x|) of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func softsign() -> Tensor {
    activated("softsign", .softsign, gradient: .softsignGradient) {
      ($0.absolute() + 1).reciprocal().squared()
    }
  }

  /// x where it is positive, else alpha · (eˣ − 1). The gradient at 0 is alpha.
  ///
  /// - Parameter alpha: How far below 0 the activation reaches.
  /// - Traps: where the type is not a floating-point one.
  /// - Source: Clevert, Unterthiner, Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear
  ///   Units, 2015, arXiv:1511.07289.
  public func elu(alpha: Double = 1) -> Tensor {
    activated("elu", .elu, gradient: .eluGradient, (alpha, 0)) { $0.eluSlope(left: alpha, right: 1) }
  }

  /// The multiple of ``elu(alpha:)`` that keeps mean 0 and variance 1 from layer to layer.
  ///
  /// - Gradient: At 0, that of the left piece.
  /// - Traps: where the type is not a floating-point one.
  /// - Source: Klambauer, Unterthiner, Mayr, Hochreiter, Self-Normalizing Neural Networks, 2017, arXiv:1706.02515.
  public func selu() -> Tensor {
    let (alpha, scale) = (1.673_263_242_354_377_2, 1.050_700_987_355_480_5)
    return activated("selu", .selu, gradient: .seluGradient) {
      $0.eluSlope(left: alpha * scale, right: scale)
    }
  }

  /// x Φ(x) of each element, where Φ is the probability that a normal number is below x.
  ///
  /// - Parameter isApproximate: Whether Φ is taken as ½ (1 + tanh(√(2/π) (x + 0.044715 x³))).
  /// - Traps: where the type is not a floating-point one.
  /// - Source: Hendrycks, Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415.
  public func gelu(isApproximate: Bool = false) -> Tensor {
    if isApproximate {
      return activated("gelu", .geluTanh, gradient: .geluTanhGradient) { x in
        // Further out the probability is 0 or 1 even in float64, but the cube would be infinite in the end.
        let x = x.clamped(to: -30...30)
        // ½ (1 + tanh(u / 2)) is the sigmoid of u.
        let root = (8 / Double.pi).squareRoot()
        let exponent = x * (x.squared() * (0.044_715 * root) + root)
        let bend = x * (x.squared() * (3 * 0.044_715 * root) + root)
        return exponent.exactSigmoid() * (1 + (-exponent).exactSigmoid() * bend)
      }
    }
    return activated("gelu", .gelu, gradient: .geluGradient) { $0.geluSlope() }
  }

  /// x · ``sigmoid()`` of each element, also called swish.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func silu() -> Tensor {
    activated("silu", .silu, gradient: .siluGradient) { x in
      let x = x.clamped(to: Self.whereSigmoidsVary)
      return x.exactSigmoid() * (1 + x * (-x).exactSigmoid())
    }
  }

  /// x · tanh(softplus(x)) of each element.
  ///
  /// - Traps: where the type is not a floating-point one.
  /// - Source: Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019, arXiv:1908.08681.
  public func mish() -> Tensor {
    activated("mish", .mish, gradient: .mishGradient) { x in
      let x = x.clamped(to: Self.whereSigmoidsVary)
      let gate = x.softplus().tanh()
      return gate + x * (1 - gate.squared()) * x.sigmoid()
    }
  }

  /// ``sigmoid()`` as a slope: its own slope, which is a second derivative, has all of its digits where it is nearly 1.
  private func exactSigmoid() -> Tensor {
    Tensor.realUnary(.sigmoid, self, "sigmoid").recorded(
      as: "sigmoid",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          cotangent.passed(by: output).passed(by: (-self).exactSigmoid())
        }))
  }

  /// Φ(x) + x φ(x), without the loss of digits that 1 + erf has below 0; its own slope is φ(x) (2 − x²).
  private func geluSlope() -> Tensor {
    Tensor.binary(.geluGradient, self, scalarLike(1), "gelu").recorded(
      as: "geluSlope",
      GradientPath(to: self) { cotangent in
        // Further out the density is 0 even in float64, but infinity times that is not a number.
        let square = self.clamped(to: -40...40).squared()
        let density = (square * -0.5).exp() / (2 * Double.pi).squareRoot()
        return cotangent.passed(by: density * (2 - square))
      })
  }

  /// Further out a sigmoid is 0 or 1 even in float64, but infinity times its slope of 0 is not a number.
  private static let whereSigmoidsVary = -800.0...800.0

  /// `left` · eˣ where x is not positive, else `right`.
  private func eluSlope(left: Double, right: Double) -> Tensor {
    let isPositive = detached() .> 0
    // The exponential of large numbers, which is not wanted, would be infinite.
    return (replacing(with: scalarLike(0), where: isPositive).exp() * left)
      .replacing(with: scalarLike(right), where: isPositive)
  }
}
