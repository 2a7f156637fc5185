import AdjointAutodiff
import AdjointKernels

/// Adam whose step for each parameter is as long as a part of the parameter itself: for very large batches.
///
/// ```
/// mean ← β₁ · mean + (1 − β₁) · gradient
/// square ← β₂ · square + (1 − β₂) · gradient²
/// direction ← (mean / (1 − β₁ᵗ)) / (√(square / (1 − β₂ᵗ)) + epsilon) + weightDecay · value
/// value ← value − learningRate · ‖value‖ / ‖direction‖ · direction
/// ```
///
/// t counts the parameter's steps from 1. Where either norm is 0, or the value's is not finite, their ratio
/// counts as 1.
///
/// - Source: You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes, 2019,
///   arXiv:1904.00962.
public final class LAMB: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean and of the running square is kept in a step.
  public let betas: (mean: Double, square: Double)
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The length of the steps relative to the parameters, 0 or more.
  ///   - betas: How much of the running mean and of the running square is kept in a step, each in 0 ..< 1.
  ///   - epsilon: Added to the root, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3,
    betas: (mean: Double, square: Double) = (0.9, 0.999), epsilon: Double = 1e-6, weightDecay: Double = 0.01
  ) {
    requireInRange(
      "LAMB",
      notNegative: ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay],
      below1: ["betas.mean": betas.mean, "betas.square": betas.square])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    let mean = state.average(of: gradient, in: "mean", keeping: betas.mean)
    let square = state.average(of: gradient.squared(), in: "square", keeping: betas.square)
    let size = (square / (1 - betas.square.raised(to: state.stepCount))).squareRoot() + epsilon
    var direction = mean / (1 - betas.mean.raised(to: state.stepCount)) / size
    // 0 times an infinite value is no number.
    if weightDecay > 0 { direction += value * weightDecay }
    let (valueNorm, directionNorm) = (
      value.l2Norm().scalar(as: Double.self), direction.l2Norm().scalar(as: Double.self)
    )
    let ratio = valueNorm > 0 && valueNorm.isFinite && directionNorm > 0 ? valueNorm / directionNorm : 1
    value -= direction * (learningRate * ratio)
  }
}

extension ParameterState {
  /// Moves a running average toward a new term, and gives it.
  ///
  /// - Traps: where what is remembered is not like the term.
  fileprivate mutating func average(of term: Tensor, in name: String, keeping kept: Double) -> Tensor {
    let last = tensors[name] ?? .zeros(like: term)
    requireLike(term, last, named: name, of: parameter)
    let average = last * kept + term * (1 - kept)
    tensors[name] = average
    return average
  }
}
