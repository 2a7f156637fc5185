import AdjointAutodiff
import AdjointKernels

/// Steps by the gradient's running mean over the root of its running square.
///
/// ```
/// mean ← β₁ · mean + (1 − β₁) · g
/// square ← β₂ · square + (1 − β₂) · g²
/// value ← value − learningRate · (mean / (1 − β₁ᵗ)) / (√(square / (1 − β₂ᵗ)) + epsilon)
/// ```
///
/// - Source: Kingma, Ba, Adam: A Method for Stochastic Optimization, 2014, arXiv:1412.6980; for AMSGrad, Reddi,
///   Kale, Kumar, On the Convergence of Adam and Beyond, 2018, arXiv:1904.09237; for decoupled decay, Loshchilov,
///   Hutter, Decoupled Weight Decay Regularization, 2017, arXiv:1711.05101.
public final class Adam: Optimizer {
  public let parameters: [Parameter]
  public var learningRate: Double
  public private(set) var stepCount = 0
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
  private var moments: [Moments?]

  private struct Moments {
    var mean: Tensor
    var square: Tensor
    var largest: Tensor?
    var stepCount = 0
  }

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
  /// - Traps: where a number is out of range.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3,
    betas: (mean: Double, square: Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, decouplesWeightDecay: Bool = false,
    usesAMSGrad: Bool = false
  ) {
    require(
      learningRate >= 0 && epsilon >= 0 && weightDecay >= 0 && (0..<1).contains(betas.mean)
        && (0..<1).contains(betas.square),
      "Adam", "a number is out of range",
      given: "learningRate \(learningRate), betas \(betas), epsilon \(epsilon), weightDecay \(weightDecay)",
      expected: "0 or more, and betas below 1")
    self.parameters = parameters
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
    self.usesAMSGrad = usesAMSGrad
    moments = Array(repeating: nil, count: parameters.count)
  }

  public func step() {
    stepCount += 1
    let update = OptimizerUpdate.Adam(
      learningRate: learningRate, beta1: betas.mean, beta2: betas.square, epsilon: epsilon,
      weightDecay: weightDecay, isDecoupled: decouplesWeightDecay)
    for (index, parameter, gradient) in takeGradients(of: parameters) {
      var moments =
        moments[index]
        ?? Moments(
          mean: .zeros(like: gradient), square: .zeros(like: gradient),
          largest: usesAMSGrad ? .zeros(like: gradient) : nil)
      moments.stepCount += 1
      self.moments[index] = moments
      parameter.update { value in
        value.makeWritable()
        OptimizerUpdate.apply(
          update, stepCount: moments.stepCount, gradient: gradient.region, parameter: value.region,
          mean: moments.mean.region, square: moments.square.region, largest: moments.largest?.region,
          count: value.count, type: value.dataType.elementType)
      }
    }
  }
}
