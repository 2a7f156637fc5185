import CAdjointKernels

/// Adam's update, and those of the rules that are made from it.
extension OptimizerUpdate {
  /// One step of Adam, as PyTorch defines it; of AdamW where `isDecoupled`.
  package struct Adam: Sendable {
    package var learningRate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double
    package var weightDecay: Double
    /// Whether the weight decay shrinks the parameter itself and is no part of the gradient.
    package var isDecoupled: Bool

    package init(
      learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
      weightDecay: Double = 0, isDecoupled: Bool = false
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.isDecoupled = isDecoupled
    }

    fileprivate func contract(stepCount: Int) -> AdjointAdamStep {
      precondition(stepCount > 0)
      return AdjointAdamStep(
        learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
        is_decoupled: isDecoupled, correction1: 1 - beta1.raised(to: stepCount),
        correction2: 1 - beta2.raised(to: stepCount))
    }
  }

  /// - Parameters:
  ///   - stepCount: How many steps there have been, with this one: at least 1.
  ///   - mean: The moving mean of the gradient; zeros at first.
  ///   - square: The moving mean of its square; zeros at first.
  ///   - largest: The largest `square` so far, for AMSGrad; zeros at first.
  package static func apply(
    _ step: Adam, stepCount: Int, gradient: Region, parameter: Region, mean: Region, square: Region,
    largest: Region?, count: Int, type: ElementType
  ) {
    let (g, p, m, v) = (gradient.pointer, parameter.pointer, mean.pointer, square.pointer)
    let l = largest?.pointer
    inPieces(of: count, type, step.contract(stepCount: stepCount)) { kernels, contract, offset, count in
      kernels.adam(
        contract, g + offset, count, p + offset, m + offset, v + offset, l.map { $0 + offset })
    }
  }

  /// A step by the mean over the largest recent gradient.
  ///
  /// - Parameters:
  ///   - stepCount: How many steps there have been, with this one: at least 1.
  ///   - mean: The moving mean of the gradient; zeros at first.
  ///   - largest: The largest recent gradient, which fades as `beta2` says; zeros at first.
  package static func applyAsAdamax(
    _ step: Adam, stepCount: Int, gradient: Region, parameter: Region, mean: Region, largest: Region,
    count: Int, type: ElementType
  ) {
    let (g, p, m, l) = (gradient.pointer, parameter.pointer, mean.pointer, largest.pointer)
    inPieces(of: count, type, step.contract(stepCount: stepCount)) { kernels, contract, offset, count in
      kernels.adamax(contract, g + offset, count, p + offset, m + offset, l + offset)
    }
  }

  /// A step that looks ahead along the mean.
  ///
  /// - Parameters:
  ///   - stepCount: How many steps there have been, with this one: at least 1.
  ///   - parts: What the gradient and the mean are multiplied by before they are added to a direction.
  ///   - mean: The moving mean of the gradient; zeros at first.
  ///   - square: The moving mean of its square; zeros at first.
  package static func applyAsNAdam(
    _ step: Adam, stepCount: Int, parts: (gradient: Double, mean: Double), gradient: Region,
    parameter: Region, mean: Region, square: Region, count: Int, type: ElementType
  ) {
    let (g, p, m, v) = (gradient.pointer, parameter.pointer, mean.pointer, square.pointer)
    inPieces(of: count, type, step.contract(stepCount: stepCount)) { kernels, contract, offset, count in
      kernels.nadam(
        contract, parts.gradient, parts.mean, g + offset, count, p + offset, m + offset, v + offset)
    }
  }

  /// A step that divides by the root of the square as far as that is to be trusted.
  ///
  /// - Parameters:
  ///   - stepCount: How many steps there have been, with this one: at least 1.
  ///   - trust: What the step is multiplied by, above 0; without one it is along the mean alone.
  ///   - mean: The moving mean of the gradient; zeros at first.
  ///   - square: The moving mean of its square; zeros at first.
  package static func applyAsRAdam(
    _ step: Adam, stepCount: Int, trust: Double?, gradient: Region, parameter: Region, mean: Region,
    square: Region, count: Int, type: ElementType
  ) {
    let (g, p, m, v) = (gradient.pointer, parameter.pointer, mean.pointer, square.pointer)
    inPieces(of: count, type, step.contract(stepCount: stepCount)) { kernels, contract, offset, count in
      kernels.radam(contract, trust ?? 0, g + offset, count, p + offset, m + offset, v + offset)
    }
  }
}

extension Double {
  /// The number multiplied by itself so many times: by squaring, since the systems' `pow` differ in their last bits.
  package func raised(to exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
