import AdjointAutodiff

/// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it.
///
/// In training, the batch's own statistics are used, and running ones are kept:
/// `running = (1 − momentum) · running + momentum · batch`, the variance being the unbiased one. In inference the
/// running statistics are used.
///
/// - Source: Ioffe, Szegedy, Batch Normalization, 2015, arXiv:1502.03167.
public final class BatchNorm: Layer, ModeDependent, Initializable {
  /// What each channel is multiplied by, 1 at first.
  public let scale: Parameter
  /// What is added to each channel, 0 at first.
  public let offset: Parameter
  /// The running mean of each channel, 0 at first.
  public let runningMean: StateTensor
  /// The running variance of each channel, 1 at first.
  public let runningVariance: StateTensor
  /// The weight of a new batch in the running statistics.
  public let momentum: Double
  /// Added to the variance.
  public let epsilon: Double
  public var mode: Mode = .training

  /// A layer for images or vectors with the given number of channels.
  ///
  /// - Parameters:
  ///   - channels: The size of the last axis.
  ///   - momentum: The weight of a new batch in the running statistics, in 0 ... 1.
  ///   - epsilon: Added to the variance, above 0.
  ///   - dataType: The type of the parameters.
  /// - Traps: where a number is out of range.
  public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, dataType: DataType = .float32) {
    require(
      channels >= 1 && (0...1).contains(momentum) && epsilon > 0, "BatchNorm", "a number is out of range",
      given: "channels \(channels), momentum \(momentum), epsilon \(epsilon)",
      expected: "channels of 1 or more, momentum in 0...1, epsilon above 0")
    scale = Parameter(.ones([channels], dataType: dataType), name: "scale")
    offset = Parameter(.zeros([channels], dataType: dataType), name: "offset")
    runningMean = StateTensor(.zeros([channels], dataType: dataType))
    runningVariance = StateTensor(.ones([channels], dataType: dataType))
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) { normalized(input) }
  }

  /// This layer, then an addition and an activation, in one pass over memory in each direction.
  ///
  /// ```swift
  /// let output = norm(change, adding: shortcut, activation: .relu)  // (norm(change) + shortcut).relu()
  /// ```
  ///
  /// The result has the bits of the three one after the other, which is what they are while layers are observed.
  ///
  /// - Parameters:
  ///   - input: Shape `[batch, …, channels]`.
  ///   - addend: What is added, in the input's shape; nil for nothing.
  ///   - activation: What is applied last.
  /// - Returns: A tensor in the input's shape.
  /// - Traps: where shapes or types do not fit, or a batch in training has one value a channel.
  public func callAsFunction(
    _ input: Tensor, adding addend: Tensor? = nil, activation: OutputActivation = .identity
  ) -> Tensor {
    layersAreObserved
      ? self(input).followed(adding: addend, activation: activation)
      : normalized(input, adding: addend, activation: activation)
  }

  public func initialize(from stream: (String) -> RandomStream) {
    scale.update { $0 = .ones(like: $0) }
    offset.update { $0 = .zeros(like: $0) }
    runningMean.value = .zeros(like: runningMean.value)
    runningVariance.value = .ones(like: runningVariance.value)
  }

  /// The factor and the summand that each channel gets in inference.
  var inferenceScaling: (factor: Tensor, shift: Tensor) {
    Tensor.channelScaling(
      mean: runningMean.value, variance: runningVariance.value, scale: scale.value, offset: offset.value,
      epsilon: epsilon)
  }

  private func normalized(
    _ input: Tensor, adding addend: Tensor? = nil, activation: OutputActivation = .identity
  ) -> Tensor {
    switch mode {
    case .training:
      normalizedByBatch(input, adding: addend, activation: activation)
    case .inference:
      input.batchNormalized(
        mean: runningMean.value, variance: runningVariance.value, scale: scale.value, offset: offset.value,
        epsilon: epsilon, adding: addend, activation: activation)
    }
  }

  private func normalizedByBatch(
    _ input: Tensor, adding addend: Tensor?, activation: OutputActivation
  ) -> Tensor {
    // The operator goes first: it checks that the channels are this layer's, by which values are counted.
    let (output, mean, variance) = input.batchNormalized(
      scale: scale.value, offset: offset.value, epsilon: epsilon, adding: addend, activation: activation)
    let rows = input.count / scale.count
    require(
      rows != 1, "BatchNorm", "one value a channel has no variance", given: "input \(input.shape)",
      expected: "more than one value a channel in training", hint: "setMode(.inference) uses the running ones"
    )
    if leavesStatistics { return output }
    let unbiased = variance * (Double(rows) / Double(rows - 1))
    runningMean.value = runningMean.value * (1 - momentum) + mean * momentum
    runningVariance.value = runningVariance.value * (1 - momentum) + unbiased * momentum
    return output
  }
}
