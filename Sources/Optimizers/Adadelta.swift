import AdjointAutodiff
import AdjointKernels

/// Steps as large as earlier steps were, relative to the gradient's running size.
///
/// ```
/// g ← gradient + weightDecay · value
/// square ← smoothing · square + (1 − smoothing) · g²
/// step ← √(stepSquare + epsilon) / √(square + epsilon) · g
/// stepSquare ← smoothing · stepSquare + (1 − smoothing) · step²
/// value ← value − learningRate · step
/// ```
///
/// - Source: Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, arXiv:1212.5701.
public final class Adadelta: ParameterwiseOptimizer {
  public var progress: OptimizerProgress
  public var learningRate: Double
  /// How much of the running squares is kept in a step.
  public let smoothing: Double
  /// Added to the squares before the root is taken; sets the size of the first steps.
  public let epsilon: Double
  /// How strongly values are drawn toward 0.
  public let weightDecay: Double

  /// An optimizer of the given parameters.
  ///
  /// - Parameters:
  ///   - parameters: What to change.
  ///   - learningRate: What the steps are multiplied by, 0 or more.
  ///   - smoothing: How much of the running squares is kept in a step, in 0 ..< 1.
  ///   - epsilon: Added to the squares, 0 or more.
  ///   - weightDecay: How strongly values are drawn toward 0, 0 or more.
  /// - Traps: where a number is out of range, or there are no parameters.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1, smoothing: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0
  ) {
    requireInRange(
      "Adadelta",
      notNegative: ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay],
      below1: ["smoothing": smoothing])
    progress = OptimizerProgress(parameters: parameters)
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
    value.makeWritable()
    let square = state.memory("square", like: value)
    let stepSquare = state.memory("stepSquare", like: value)
    OptimizerUpdate.apply(
      OptimizerUpdate.Adadelta(
        learningRate: learningRate, smoothing: smoothing, epsilon: epsilon, weightDecay: weightDecay),
      gradient: state.memory(of: gradient, like: value), parameter: value.region, square: square,
      stepSquare: stepSquare,
      count: value.count, type: value.dataType.elementType)
  }
}
