import AdjointKernels

// Activations of straight pieces. At a kink the gradient is that of the piece on the left, unless said.
extension Tensor {
  /// max(0, x) of each element; NaN stays. The gradient at 0 is 0.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func relu() -> Tensor {
    guard Recording.isOn, node != nil, count >= Tensor.fewestMarked else {
      return Tensor.realUnary(.relu, self, "relu").recorded(asReluOf: self)
    }
    requireFloatingPoint("relu")
    let source = contiguous()
    let positive = Marks(count: count)
    let value = Tensor(shape, dataType) {
      positive.rectify(source.region, into: $0, type: dataType.elementType)
    }
    return value.recorded(as: "relu", GradientPath(to: self) { $0.whereMarked(by: positive) })
  }

  /// Elements from which on marks are kept instead of the output: of less memory there is nothing to save.
  private static let fewestMarked = 1 << 12

  /// This value as max(0, x) of an input's elements, where a kernel has computed both; the rule reads the output,
  /// and the input need not be kept.
  func recorded(asReluOf input: Tensor) -> Tensor {
    recorded(
      as: "relu",
      GradientPath(
        to: input,
        keepingOutput: { cotangent, output in
          cotangent.through(.reluGradient, at: output) { $0.passed(where: output.detached() .> 0) }
        }))
  }

  /// min(max(0, x), 6) of each element. The gradient at 0 and 6 is 0.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func relu6() -> Tensor {
    activatedPiecewise("relu6", .relu6, gradient: .relu6Gradient) {
      $0.passed(where: ($1 .> 0).logicalAnd($1 .< 6))
    }
  }

  /// x where it is positive, else `negativeSlope` · x. The gradient at 0 is `negativeSlope`.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func leakyRelu(negativeSlope: Double = 0.01) -> Tensor {
    activated("leakyRelu", .leakyRelu, gradient: .leakyReluGradient, (negativeSlope, 0)) { x in
      x.scalarLike(negativeSlope).replacing(with: x.scalarLike(1), where: x.detached() .> 0)
    }
  }

  /// x where it is positive, else a slope of its channel's own times x.
  ///
  /// - Parameter slopes: One number for each channel, shape `[channels]`, or one for all, shape `[1]`.
  /// - Gradient: At 0, that of the left piece.
  /// - Traps: where the number of slopes is another, or the type.
  /// - Source: He, Zhang, Ren, Sun, Delving Deep into Rectifiers, 2015, arXiv:1502.01852.
  public func prelu(slopes: Tensor) -> Tensor {
    requireFloatingPoint("prelu")
    require(
      rank >= 1 && (slopes.shape == [shape.sizes[rank - 1]] || slopes.shape == [1]), "prelu",
      "the slopes are not one number a channel", given: "slopes \(slopes.shape), input \(shape)",
      expected: "slopes [channels] or [1], and the input's last axis the channels")
    return Tensor.binary(.prelu, self, slopes, "prelu").recorded(
      as: "prelu",
      GradientPath(to: self) { cotangent in
        cotangent.passed(by: slopes).replacing(with: cotangent, where: self.detached() .> 0)
      },
      GradientPath(to: slopes) { cotangent in
        cotangent.passed(by: self).replacing(with: self.scalarLike(0), where: self.detached() .> 0)
      })
  }

  /// Each element held within bounds. The gradient is 0 at the bounds, unlike that of ``clamped(to:)``.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func hardTanh(bounds: ClosedRange<Double> = -1...1) -> Tensor {
    let (lowest, highest) = (bounds.lowerBound, bounds.upperBound)
    return activatedPiecewise("hardTanh", .hardTanh, gradient: .hardTanhGradient, (lowest, highest)) {
      $0.passed(where: ($1 .> lowest).logicalAnd($1 .< highest))
    }
  }

  /// x / 6 + ½ of each element, held within 0 and 1. The gradient at the kinks −3 and 3 is 0.
  ///
  /// - Traps: where the type is not a floating-point one.
  public func hardSigmoid() -> Tensor {
    activatedPiecewise("hardSigmoid", .hardSigmoid, gradient: .hardSigmoidGradient) {
      ($0 / 6).passed(where: $1.absolute() .< 3)
    }
  }

  /// x · ``hardSigmoid()`` of each element. The gradient is 0 at the kink −3, and 1 at the kink 3.
  ///
  /// - Traps: where the type is not a floating-point one.
  /// - Source: Howard et al., Searching for MobileNetV3, 2019, arXiv:1905.02244.
  public func hardSwish() -> Tensor {
    activated("hardSwish", .hardSwish, gradient: .hardSwishGradient) { x in
      (x / 3 + 0.5)
        .replacing(with: x.scalarLike(0), where: x.detached() .<= -3)
        .replacing(with: x.scalarLike(1), where: x.detached() .>= 3)
    }
  }

  /// An activation with a kernel for its value and one for its gradient; while gradients are themselves recorded,
  /// `slope` gives its derivative at this tensor in differentiable operators.
  func activated(
    _ name: String, _ operation: UnaryOperation, gradient: BinaryOperation,
    _ parameters: (Double, Double) = (0, 0), slope: @escaping @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    activatedPiecewise(name, operation, gradient: gradient, parameters) { $0.passed(by: slope($1)) }
  }

  /// The same, of straight pieces that let a cotangent pass or do not: while gradients are themselves recorded,
  /// `passed` gives what becomes of it at this tensor.
  private func activatedPiecewise(
    _ name: String, _ operation: UnaryOperation, gradient: BinaryOperation,
    _ parameters: (Double, Double) = (0, 0),
    passed: @escaping @Sendable (_ cotangent: Tensor, _ x: Tensor) -> Tensor
  ) -> Tensor {
    Tensor.realUnary(operation, self, name, parameters).recorded(
      as: name,
      GradientPath(to: self) {
        $0.through(gradient, at: self, parameters) { passed($0, self) }
      })
  }
}
