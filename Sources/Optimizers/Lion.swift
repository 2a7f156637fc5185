import AdjointAutodiff
import AdjointKernels

/// Steps of one size in each element, along the sign of the running mean.
///
/// ```
/// direction ← sign(β₁ · mean + (1 − β₁) · gradient)
/// value ← value − learningRate · (direction + weightDecay · value)
/// mean ← β₂ · mean + (1 − β₂) · gradient
/// ```
///
/// - Source: Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, arXiv:2302.06675.
public final class Lion: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean decides the direction, and how much of it is kept in a step.
  public let betas: (direction: Double, mean: Double)
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more; about a tenth of Adam's.
  ///   - betas: How much of the running mean decides the direction, and how much of it is kept in a step, each in
  ///     0 ..< 1.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-4,
    betas: (direction: Double, mean: Double) = (0.9, 0.99), weightDecay: Double = 0
  ) {
    requireInRange(
      "Lion", notNegative: ["learningRate": learningRate, "weightDecay": weightDecay],
      below1: ["betas.direction": betas.direction, "betas.mean": betas.mean])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let mean = state.memory("mean", like: value)
    OptimizerUpdate.apply(
      OptimizerUpdate.Lion(
        learningRate: learningRate, beta1: betas.direction, beta2: betas.mean, weightDecay: weightDecay),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, mean: mean,
      count: value.count,
      type: value.dataType.elementType)
  }
}
