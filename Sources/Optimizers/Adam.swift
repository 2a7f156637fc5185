import AdjointAutodiff
import AdjointKernels

/// Steps by the gradient's running mean over the root of its running square.
///
/// ```
/// g ← gradient + weightDecay · value
/// mean ← β₁ · mean + (1 − β₁) · g
/// square ← β₂ · square + (1 − β₂) · g²
/// value ← value − learningRate · (mean / (1 − β₁ᵗ)) / (√(square / (1 − β₂ᵗ)) + epsilon)
/// ```
///
/// t counts the parameter's steps from 1. Decoupled weight decay is no part of g, but comes first:
/// `value ← (1 − learningRate · weightDecay) · value`. AMSGrad takes the largest square so far in the square's place
/// in the last line.
///
/// - Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, 2014, arXiv:1412.6980; for AMSGrad, Reddi,
///   Kale, Kumar, On the Convergence of Adam and Beyond, 2018, arXiv:1904.09237; for decoupled decay, Loshchilov,
///   Hutter, Decoupled Weight Decay Regularization, 2017, arXiv:1711.05101.
public final class Adam: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean and of the running square is kept in a step.
  public let betas: (mean: Double, square: Double)
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double
  /// Whether the decay shrinks the value itself (AdamW) instead of being added to the gradient.
  public let decouplesWeightDecay: Bool
  /// Whether the largest square so far is used instead of the present one.
  public let usesAMSGrad: Bool

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - betas: How much of the running mean and of the running square is kept in a step, each in 0 ..< 1.
  ///   - epsilon: Added to the root, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  ///   - decouplesWeightDecay: Whether the decay shrinks the value itself (AdamW).
  ///   - usesAMSGrad: Whether the largest square so far is used.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3,
    betas: (mean: Double, square: Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, decouplesWeightDecay: Bool = false,
    usesAMSGrad: Bool = false
  ) {
    requireInRange(
      "Adam",
      notNegative: ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay],
      below1: ["betas.mean": betas.mean, "betas.square": betas.square])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
    self.usesAMSGrad = usesAMSGrad
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let (mean, square) = (state.memory("mean", like: value), state.memory("square", like: value))
    let largest = usesAMSGrad ? state.memory("largestSquare", like: value) : nil
    OptimizerUpdate.apply(
      OptimizerUpdate.Adam(
        learningRate: learningRate, beta1: betas.mean, beta2: betas.square, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: decouplesWeightDecay),
      stepCount: state.stepCount, gradient: state.memory(of: gradient, like: value), parameter: value.region,
      mean: mean,
      square: square, largest: largest, count: value.count, type: value.dataType.elementType)
  }
}
