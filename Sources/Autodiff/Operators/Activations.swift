import AdjointKernels

extension Tensor {
  /// max(0, x) of each element; NaN stays. The gradient at 0 is 0.
  public func relu() -> Tensor {
    Tensor.realUnary(.relu, self, "relu").recorded(
      as: "relu",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return .binary(.reluGradient, output, cotangent, "relu") }
          return cotangent * (output.detached() .> 0).cast(to: output.dataType)
        }))
  }

  /// x where it is positive, else `negativeSlope` · x. The gradient at 0 is `negativeSlope`.
  public func leakyRelu(negativeSlope: Double = 0.01) -> Tensor {
    let mask = self.detached() .> 0
    return Tensor.realUnary(.leakyRelu, self, "leakyRelu", (negativeSlope, 0)).recorded(
      as: "leakyRelu", GradientPath(to: self) { ($0 * negativeSlope).replacing(with: $0, where: mask) })
  }

  /// 1 / (1 + e⁻ˣ) of each element.
  public func sigmoid() -> Tensor {
    Tensor.realUnary(.sigmoid, self, "sigmoid").recorded(
      as: "sigmoid",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return .binary(.sigmoidGradient, output, cotangent, "sigmoid") }
          return cotangent * output * (1 - output)
        }))
  }

  /// The hyperbolic tangent of each element.
  public func tanh() -> Tensor {
    Tensor.realUnary(.tanh, self, "tanh").recorded(
      as: "tanh",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return .binary(.tanhGradient, output, cotangent, "tanh") }
          return cotangent * (1 - output.squared())
        }))
  }
}
