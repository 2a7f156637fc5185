import CAdjointKernels

/// Updates by the gradient over the root of what is remembered of its square.
extension OptimizerUpdate {
  /// One step of RMSprop, as PyTorch defines it.
  package struct RMSprop: Sendable {
    package var learningRate: Double
    package var smoothing: Double
    package var epsilon: Double
    package var momentum: Double
    package var weightDecay: Double

    package init(
      learningRate: Double, smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
      weightDecay: Double = 0
    ) {
      self.learningRate = learningRate
      self.smoothing = smoothing
      self.epsilon = epsilon
      self.momentum = momentum
      self.weightDecay = weightDecay
    }
  }

  /// One step of Adagrad, as PyTorch defines it.
  package struct Adagrad: Sendable {
    package var learningRate: Double
    package var epsilon: Double
    package var weightDecay: Double

    package init(learningRate: Double, epsilon: Double = 1e-10, weightDecay: Double = 0) {
      self.learningRate = learningRate
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }
  }

  /// One step of Adadelta, as PyTorch defines it.
  package struct Adadelta: Sendable {
    package var learningRate: Double
    package var smoothing: Double
    package var epsilon: Double
    package var weightDecay: Double

    package init(
      learningRate: Double, smoothing: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0
    ) {
      self.learningRate = learningRate
      self.smoothing = smoothing
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }
  }

  /// - Parameters:
  ///   - square: The moving mean of the gradient's square; zeros at first.
  ///   - mean: The moving mean of the gradient, for centered steps; zeros at first.
  ///   - velocity: Needed with momentum only; zeros at first.
  package static func apply(
    _ step: RMSprop, gradient: Region, parameter: Region, square: Region, mean: Region?, velocity: Region?,
    count: Int, type: ElementType
  ) {
    precondition((step.momentum == 0) == (velocity == nil))
    let contract = AdjointRMSpropStep(
      learning_rate: step.learningRate, smoothing: step.smoothing, epsilon: step.epsilon,
      momentum: step.momentum, weight_decay: step.weightDecay)
    let (g, p, s) = (gradient.pointer, parameter.pointer, square.pointer)
    let (m, v) = (mean?.pointer, velocity?.pointer)
    inPieces(of: count, type, contract) { kernels, contract, offset, count in
      kernels.rmsprop(
        contract, g + offset, count, p + offset, s + offset, m.map { $0 + offset }, v.map { $0 + offset })
    }
  }

  /// - Parameter sum: The sum of the gradient's squares.
  package static func apply(
    _ step: Adagrad, gradient: Region, parameter: Region, sum: Region, count: Int, type: ElementType
  ) {
    let contract = AdjointAdagradStep(
      learning_rate: step.learningRate, epsilon: step.epsilon, weight_decay: step.weightDecay)
    let (g, p, s) = (gradient.pointer, parameter.pointer, sum.pointer)
    inPieces(of: count, type, contract) { kernels, contract, offset, count in
      kernels.adagrad(contract, g + offset, count, p + offset, s + offset)
    }
  }

  /// - Parameters:
  ///   - square: The moving mean of the gradient's square; zeros at first.
  ///   - stepSquare: That of the square of the steps before the learning rate; zeros at first.
  package static func apply(
    _ step: Adadelta, gradient: Region, parameter: Region, square: Region, stepSquare: Region, count: Int,
    type: ElementType
  ) {
    let contract = AdjointAdadeltaStep(
      learning_rate: step.learningRate, smoothing: step.smoothing, epsilon: step.epsilon,
      weight_decay: step.weightDecay)
    let (g, p, s, d) = (gradient.pointer, parameter.pointer, square.pointer, stepSquare.pointer)
    inPieces(of: count, type, contract) { kernels, contract, offset, count in
      kernels.adadelta(contract, g + offset, count, p + offset, s + offset, d + offset)
    }
  }
}
