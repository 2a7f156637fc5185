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
      ThreadPool.shared.divide(count, elementsEach: 1) { range in
        update(kernels, contract, range.lowerBound * type.byteCount, range.count)
      }
    }
  }
}
