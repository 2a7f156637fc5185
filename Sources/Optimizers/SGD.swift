import AdjointAutodiff
import AdjointKernels

/// Stochastic gradient descent, with momentum, Nesterov's variant, and decay.
///
/// ```
/// g ← gradient + weightDecay · value
/// velocity ← momentum · velocity + (1 − dampening) · g        (the first velocity is g)
/// value ← value − learningRate · (g + momentum · velocity with Nesterov, else velocity)
/// ```
///
/// - Source: Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum in deep learning,
///   2013.
public final class SGD: Optimizer {
  public let parameters: [Parameter]
  public var learningRate: Double
  public private(set) var stepCount = 0
  /// How much of the last step's direction is kept.
  public let momentum: Double
  /// How much of the gradient is left out of the direction.
  public let dampening: Double
  /// Whether the step looks ahead along the direction.
  public let usesNesterov: Bool
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double
  private var velocities: [Tensor?]

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - momentum: In 0 ..< 1 as a rule.
  ///   - dampening: How much of the gradient is left out of the direction.
  ///   - usesNesterov: Whether the step looks ahead; takes momentum, and no dampening.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range.
  public init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    usesNesterov: Bool = false, weightDecay: Double = 0
  ) {
    require(
      learningRate >= 0 && momentum >= 0 && weightDecay >= 0, "SGD", "a number is negative",
      given: "learningRate \(learningRate), momentum \(momentum), weightDecay \(weightDecay)",
      expected: "0 or more")
    require(
      !usesNesterov || momentum > 0 && dampening == 0, "SGD", "Nesterov's variant does not fit",
      given: "momentum \(momentum), dampening \(dampening)", expected: "momentum above 0 and no dampening")
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.usesNesterov = usesNesterov
    self.weightDecay = weightDecay
    velocities = Array(repeating: nil, count: parameters.count)
  }

  public func step() {
    stepCount += 1
    let update = OptimizerUpdate.GradientDescent(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      isNesterov: usesNesterov)
    for (index, parameter, gradient) in takeGradients(of: parameters) {
      let isFirstStep = velocities[index] == nil
      if momentum > 0, isFirstStep { velocities[index] = .zeros(like: gradient) }
      parameter.update { value in
        value.makeWritable()
        OptimizerUpdate.apply(
          update, gradient: gradient.region, parameter: value.region, velocity: velocities[index]?.region,
          isFirstStep: isFirstStep, count: value.count, type: value.dataType.elementType)
      }
    }
  }
}
