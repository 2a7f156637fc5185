import CAdjointKernels

/// Updates of a parameter and of its optimizer's state where they lie, in one pass.
package enum OptimizerUpdate {
  /// One step of stochastic gradient descent, as PyTorch defines it.
  package struct GradientDescent: Sendable {
    package var learningRate: Double
    package var momentum = 0.0
    package var dampening = 0.0
    package var weightDecay = 0.0
    package var isNesterov = false

    package init(
      learningRate: Double, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
      isNesterov: Bool = false
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.dampening = dampening
      self.weightDecay = weightDecay
      self.isNesterov = isNesterov
    }
  }

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
  }

  /// - Parameters:
  ///   - velocity: Needed with momentum only.
  ///   - isFirstStep: Whether the velocity is undefined so far.
  package static func apply(
    _ step: GradientDescent, gradient: Region, parameter: Region, velocity: Region?, isFirstStep: Bool,
    count: Int,
    type: ElementType
  ) {
    precondition(step.momentum == 0 || velocity != nil)
    let kernels = type.kernels(of: KernelTable.current.optimizer)
    var contract = AdjointGradientDescentStep(
      learning_rate: step.learningRate, momentum: step.momentum, dampening: step.dampening,
      weight_decay: step.weightDecay, is_nesterov: step.isNesterov, is_first_step: isFirstStep)
    let (g, p, v) = (gradient.pointer, parameter.pointer, velocity?.pointer)
    withUnsafePointer(to: &contract) { contract in
      ThreadPool.shared.divide(count, elementsEach: 1) { range in
        let offset = range.lowerBound * type.byteCount
        kernels.gradient_descent(contract, g + offset, range.count, p + offset, v.map { $0 + offset })
      }
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
    precondition(stepCount > 0)
    let kernels = type.kernels(of: KernelTable.current.optimizer)
    var contract = AdjointAdamStep(
      learning_rate: step.learningRate, beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon,
      weight_decay: step.weightDecay, is_decoupled: step.isDecoupled,
      correction1: 1 - step.beta1.raised(to: stepCount), correction2: 1 - step.beta2.raised(to: stepCount))
    let (g, p, m, v) = (gradient.pointer, parameter.pointer, mean.pointer, square.pointer)
    let l = largest?.pointer
    withUnsafePointer(to: &contract) { contract in
      ThreadPool.shared.divide(count, elementsEach: 1) { range in
        let offset = range.lowerBound * type.byteCount
        kernels.adam(
          contract, g + offset, range.count, p + offset, m + offset, v + offset, l.map { $0 + offset })
      }
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
