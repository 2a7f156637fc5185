import AdjointAutodiff
import AdjointKernels

/// Steps by the gradient over the root of the sum of all its squares so far.
///
/// ```
/// g ← gradient + weightDecay · value
/// sum ← sum + g²                                                  (initialSum at first)
/// value ← value − learningRate / (1 + (t − 1) · learningRateDecay) · g / (√sum + epsilon)
/// ```
///
/// t counts the parameter's steps from 1.
///
/// - Source: Duchi, Hazan, Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
///   2011.
public final class Adagrad: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How quickly the learning rate falls.
  public let learningRateDecay: Double
  /// Added to the root, so that nothing is divided by 0.
  public let epsilon: Double
  /// What the sum of squares begins with.
  public let initialSum: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: The size of the steps, 0 or more.
  ///   - learningRateDecay: How quickly the learning rate falls, 0 or more.
  ///   - epsilon: Added to the root, 0 or more.
  ///   - initialSum: What the sum of squares begins with, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 0.01, learningRateDecay: Double = 0,
    epsilon: Double = 1e-10, initialSum: Double = 0, weightDecay: Double = 0
  ) {
    requireInRange(
      "Adagrad",
      notNegative: [
        "learningRate": learningRate, "learningRateDecay": learningRateDecay, "epsilon": epsilon,
        "initialSum": initialSum, "weightDecay": weightDecay,
      ])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.epsilon = epsilon
    self.initialSum = initialSum
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let sum = state.memory("sum", like: value, initially: initialSum)
    OptimizerUpdate.apply(
      OptimizerUpdate.Adagrad(
        learningRate: learningRate / (1 + Double(state.stepCount - 1) * learningRateDecay), epsilon: epsilon,
        weightDecay: weightDecay),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, sum: sum,
      count: value.count,
      type: value.dataType.elementType)
  }
}
