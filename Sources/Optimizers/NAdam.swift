import AdjointAutodiff
import AdjointKernels

/// Adam that looks ahead along the running mean, as Nesterov's momentum does.
///
/// ```
/// μₜ = β₁ · (1 − ½ · 0.96^(t · momentumDecay)),   Πₜ = μ₁ · … · μₜ
/// g ← gradient + weightDecay · value
/// mean ← β₁ · mean + (1 − β₁) · g
/// square ← β₂ · square + (1 − β₂) · g²
/// direction ← (1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · mean
/// value ← value − learningRate · direction / (√(square / (1 − β₂ᵗ)) + epsilon)
/// ```
///
/// t counts the parameter's steps from 1. Decoupled weight decay is no part of g, but comes first:
/// `value ← (1 − learningRate · weightDecay) · value`.
///
/// - Source: Dozat, Incorporating Nesterov Momentum into Adam, 2016.
public final class NAdam: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running mean and of the running square is kept in a step.
  public let betas: (mean: Double, square: Double)
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// How quickly the look ahead grows to its full length.
  public let momentumDecay: Double
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
  ///   - momentumDecay: How quickly the look ahead grows to its full length, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  ///   - decouplesWeightDecay: Whether the decay shrinks the value itself.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 2e-3,
    betas: (mean: Double, square: Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    momentumDecay: Double = 4e-3, weightDecay: Double = 0, decouplesWeightDecay: Bool = false
  ) {
    requireInRange(
      "NAdam",
      notNegative: [
        "learningRate": learningRate, "epsilon": epsilon, "momentumDecay": momentumDecay,
        "weightDecay": weightDecay,
      ],
      below1: ["betas.mean": betas.mean, "betas.square": betas.square])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    let step = state.stepCount
    let (momentum, nextMomentum) = (self.momentum(at: step), self.momentum(at: step + 1))
    let one = Tensor(1.0, dataType: .float64)
    let product = (state.tensors["momentumProduct"] ?? one) * momentum
    state.tensors["momentumProduct"] = product
    let past = product.scalar(as: Double.self)

    value.makeWritable()
    let (mean, square) = (state.memory("mean", like: value), state.memory("square", like: value))
    OptimizerUpdate.applyAsNAdam(
      OptimizerUpdate.Adam(
        learningRate: learningRate, beta1: betas.mean, beta2: betas.square, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: decouplesWeightDecay),
      stepCount: step, parts: ((1 - momentum) / (1 - past), nextMomentum / (1 - past * nextMomentum)),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, mean: mean, square: square,
      count: value.count,
      type: value.dataType.elementType)
  }

  private func momentum(at step: Int) -> Double {
    betas.mean * (1 - 0.5 * 0.96.raised(to: Double(step) * momentumDecay))
  }
}
