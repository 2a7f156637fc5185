import AdjointAutodiff
import AdjointKernels

/// Adam that trusts the running square only as far as the number of steps allows.
///
/// ```
/// ρ∞ = 2 / (1 − β₂) − 1,   ρₜ = ρ∞ − 2 · t · β₂ᵗ / (1 − β₂ᵗ)
/// rₜ = √((ρₜ − 4) · (ρₜ − 2) · ρ∞ / ((ρ∞ − 4) · (ρ∞ − 2) · ρₜ))
/// g ← gradient + weightDecay · value
/// mean ← β₁ · mean + (1 − β₁) · g
/// square ← β₂ · square + (1 − β₂) · g²
/// value ← value − learningRate · mean / (1 − β₁ᵗ) · rₜ · √(1 − β₂ᵗ) / (√square + epsilon)    where ρₜ > 5
/// value ← value − learningRate · mean / (1 − β₁ᵗ)                                            elsewhere
/// ```
///
/// t counts the parameter's steps from 1. Decoupled weight decay is no part of g, but comes first:
/// `value ← (1 − learningRate · weightDecay) · value`.
///
/// - Source: Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2019, arXiv:1908.03265.
public final class RAdam: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean and of the running square is kept in a step.
  public let betas: (mean: Double, square: Double)
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double
  /// Whether the decay shrinks the value itself instead of being added to the gradient.
  public let decouplesWeightDecay: Bool

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - betas: How much of the running mean and of the running square is kept in a step, each in 0 ..< 1.
  ///   - epsilon: Added to the root, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  ///   - decouplesWeightDecay: Whether the decay shrinks the value itself.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3,
    betas: (mean: Double, square: Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    decouplesWeightDecay: Bool = false
  ) {
    requireInRange(
      "RAdam",
      notNegative: ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay],
      below1: ["betas.mean": betas.mean, "betas.square": betas.square])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let (mean, square) = (state.memory("mean", like: value), state.memory("square", like: value))
    OptimizerUpdate.applyAsRAdam(
      OptimizerUpdate.Adam(
        learningRate: learningRate, beta1: betas.mean, beta2: betas.square, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: decouplesWeightDecay),
      stepCount: state.stepCount, trust: trustInSquare(at: state.stepCount),
      gradient: state.memory(of: gradient, like: value),
      parameter: value.region, mean: mean, square: square, count: value.count,
      type: value.dataType.elementType)
  }

  /// rₜ · √(1 − β₂ᵗ), or nil where there were too few steps.
  private func trustInSquare(at step: Int) -> Double? {
    let kept = betas.square.raised(to: step)
    let longest = 2 / (1 - betas.square) - 1
    let length = longest - 2 * Double(step) * kept / (1 - kept)
    guard length > 5 else { return nil }
    let rectification =
      (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    return (rectification * (1 - kept)).squareRoot()
  }
}
