import AdjointAutodiff
import AdjointKernels

/// Steps by the gradient over the root of its running square.
///
/// ```
/// g ← gradient + weightDecay · value
/// square ← smoothing · square + (1 − smoothing) · g²
/// mean ← smoothing · mean + (1 − smoothing) · g                         (0 unless centered)
/// direction ← g / (√(square − mean²) + epsilon)
/// velocity ← momentum · velocity + direction
/// value ← value − learningRate · velocity
/// ```
///
/// A steady gradient leaves a variance of almost 0, held at 0 where rounding makes it less. Then epsilon alone limits
/// a centered step, and should be larger than it is unless given.
///
/// - Source: Tieleman, Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012; centered: Graves,
///   Generating Sequences With Recurrent Neural Networks, 2013, arXiv:1308.0850.
public final class RMSprop: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running square is kept in a step.
  public let smoothing: Double
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// How much of the last step's direction is kept.
  public let momentum: Double
  /// Whether the running mean's square is subtracted, which leaves the running variance.
  public let isCentered: Bool
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - smoothing: How much of the running square is kept in a step, in 0 ..< 1.
  ///   - epsilon: Added to the root, 0 or more.
  ///   - momentum: How much of the last step's direction is kept, 0 or more.
  ///   - isCentered: Whether the running mean's square is subtracted.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.01, smoothing: Double = 0.99, epsilon: Double = 1e-8,
    momentum: Double = 0, isCentered: Bool = false, weightDecay: Double = 0
  ) {
    requireInRange(
      "RMSprop",
      notNegative: [
        "learningRate": learningRate, "epsilon": epsilon, "momentum": momentum, "weightDecay": weightDecay,
      ],
      below1: ["smoothing": smoothing])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let square = state.memory("square", like: value)
    let mean = isCentered ? state.memory("mean", like: value) : nil
    let velocity = momentum > 0 ? state.memory("velocity", like: value) : nil
    OptimizerUpdate.apply(
      OptimizerUpdate.RMSprop(
        learningRate: learningRate, smoothing: smoothing, epsilon: epsilon, momentum: momentum,
        weightDecay: weightDecay),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, square: square, mean: mean,
      velocity: velocity,
      count: value.count, type: value.dataType.elementType)
  }
}
