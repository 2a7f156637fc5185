import AdjointAutodiff
import AdjointKernels

/// Adam with the largest recent gradient instead of the root of the running square.
///
/// ```
/// g ← gradient + weightDecay · value
/// mean ← β₁ · mean + (1 − β₁) · g
/// largest ← max(β₂ · largest, |g| + epsilon)
/// value ← value − learningRate / (1 − β₁ᵗ) · mean / largest
/// ```
///
/// t counts the parameter's steps from 1.
///
/// - Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, 2014, arXiv:1412.6980, section 7.1.
public final class Adamax: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean and of the largest gradient is kept in a step.
  public let betas: (mean: Double, largest: Double)
  /// Added to the gradient's magnitude, so that nothing is divided by 0.
  public let epsilon: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - betas: How much of the running mean and of the largest gradient is kept in a step, each in 0 ..< 1.
  ///   - epsilon: Added to the gradient's magnitude, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 2e-3,
    betas: (mean: Double, largest: Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    requireInRange(
      "Adamax",
      notNegative: ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay],
      below1: ["betas.mean": betas.mean, "betas.largest": betas.largest])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let (mean, largest) = (state.memory("mean", like: value), state.memory("largest", like: value))
    OptimizerUpdate.applyAsAdamax(
      OptimizerUpdate.Adam(
        learningRate: learningRate, beta1: betas.mean, beta2: betas.largest, epsilon: epsilon,
        weightDecay: weightDecay),
      stepCount: state.stepCount, gradient: state.memory(of: gradient, like: value), parameter: value.region,
      mean: mean,
      largest: largest, count: value.count, type: value.dataType.elementType)
  }
}
