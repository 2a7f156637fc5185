import CAdjointKernels

/// Updates of a parameter and of its optimizer's state where they lie, in one pass.
package enum OptimizerUpdate {
  /// Elements that a thread takes at once: an update reads and writes three or four arrays.
  private static let pieceLength = 1 << 14

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

  /// One step of Lion.
  package struct Lion: Sendable {
    package var learningRate: Double
    package var beta1: Double
    package var beta2: Double
    package var weightDecay: Double

    package init(
      learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.weightDecay = weightDecay
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
    let contract = AdjointGradientDescentStep(
      learning_rate: step.learningRate, momentum: step.momentum, dampening: step.dampening,
      weight_decay: step.weightDecay, is_nesterov: step.isNesterov, is_first_step: isFirstStep)
    let (g, p, v) = (gradient.pointer, parameter.pointer, velocity?.pointer)
    inPieces(of: count, type, contract) { kernels, contract, offset, count in
      kernels.gradient_descent(contract, g + offset, count, p + offset, v.map { $0 + offset })
    }
  }

  /// - Parameter mean: The moving mean of the gradient; zeros at first.
  package static func apply(
    _ step: Lion, gradient: Region, parameter: Region, mean: Region, count: Int, type: ElementType
  ) {
    let contract = AdjointLionStep(
      learning_rate: step.learningRate, beta1: step.beta1, beta2: step.beta2, weight_decay: step.weightDecay)
    let (g, p, m) = (gradient.pointer, parameter.pointer, mean.pointer)
    inPieces(of: count, type, contract) { kernels, contract, offset, count in
      kernels.lion(contract, g + offset, count, p + offset, m + offset)
    }
  }

  /// Calls a kernel, on all threads, for pieces of the elements.
  ///
  /// - Parameters:
  ///   - contract: The step's numbers in C.
  ///   - update: Calls the kernel with these numbers for a count of elements that begin so many bytes from the first.
  static func inPieces<Contract>(
    of count: Int, _ type: ElementType, _ contract: Contract,
    _ update: (
      _ kernels: AdjointOptimizerKernels, _ contract: UnsafePointer<Contract>, _ offset: Int, _ count: Int
    ) -> Void
  ) {
    let kernels = type.kernels(of: KernelTable.current.optimizer)
    withUnsafePointer(to: contract) { contract in
      forEachPiece(of: count, length: pieceLength) { start, length in
        update(kernels, contract, start * type.byteCount, length)
      }
    }
  }
}
