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
public final class SGD: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the last step's direction is kept.
  public let momentum: Double
  /// How much of the gradient is left out of the direction.
  public let dampening: Double
  /// Whether the step looks ahead along the direction.
  public let usesNesterov: Bool
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - momentum: How much of the last step's direction is kept, 0 or more; below 1 as a rule.
  ///   - dampening: How much of the gradient is left out of the direction, in 0 ... 1.
  ///   - usesNesterov: Whether the step looks ahead; takes momentum, and no dampening.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    usesNesterov: Bool = false, weightDecay: Double = 0
  ) {
    requireInRange(
      "SGD", notNegative: ["learningRate": learningRate, "momentum": momentum, "weightDecay": weightDecay])
    require(
      (0...1).contains(dampening), "SGD", "dampening is out of range", given: "\(dampening)",
      expected: "0 to 1")
    require(
      !usesNesterov || momentum > 0 && dampening == 0, "SGD", "Nesterov's variant does not fit",
      given: "momentum \(momentum), dampening \(dampening)", expected: "momentum above 0 and no dampening")
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.usesNesterov = usesNesterov
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let velocity = momentum > 0 ? state.memory("velocity", like: value) : nil
    OptimizerUpdate.apply(
      OptimizerUpdate.GradientDescent(
        learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
        isNesterov: usesNesterov),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, velocity: velocity,
      isFirstStep: state.stepCount == 1, count: value.count, type: value.dataType.elementType)
  }
}
