import AdjointKernels

extension Tensor {
  /// Each channel brought to mean 0 and variance 1 over the batch and all positions, then scaled and shifted.
  ///
  /// ```
  /// output = scale · (x − mean) / √(variance + epsilon) + offset
  /// ```
  ///
  /// - Parameters:
  ///   - scale: Shape `[channels]`.
  ///   - offset: Shape `[channels]`.
  ///   - epsilon: Added to the variance, above 0.
  /// - Returns: The output, and the batch's mean and biased variance, shape `[channels]`, which are not recorded.
  /// - Traps: where shapes or types do not fit, or the batch holds nothing.
  /// - Source: Ioffe, Szegedy, Batch Normalization, 2015, arXiv:1502.03167.
  public func batchNormalized(
    scale: Tensor, offset: Tensor, epsilon: Double = 1e-5
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    checkChannelwise("batchNormalized", ["scale": scale, "offset": offset])
    require(
      count > 0, "batchNormalized", "the batch is empty", given: "shape \(shape)",
      expected: "at least one element")
    let normalization = BatchNormalization(input: contiguous(), epsilon: epsilon)
    let output = normalization.output(scale: scale, offset: offset)
      .recorded(as: "batchNormalized", from: [self, scale, offset]) { cotangent, _ in
        Recording.isOn
          ? self.batchNormalizationGradients(cotangent, scale: scale, epsilon: epsilon)
          : normalization.gradients(cotangent, scale: scale)
      }
    return (output, normalization.mean, normalization.variance)
  }

  /// Each channel normalised with given statistics, then scaled and shifted: what a trained network does.
  ///
  /// - Parameters:
  ///   - mean: Shape `[channels]`.
  ///   - variance: Shape `[channels]`.
  ///   - scale: Shape `[channels]`.
  ///   - offset: Shape `[channels]`.
  ///   - epsilon: Added to the variance, above 0.
  /// - Traps: where shapes or types do not fit.
  public func batchNormalized(
    mean: Tensor, variance: Tensor, scale: Tensor, offset: Tensor, epsilon: Double = 1e-5
  ) -> Tensor {
    checkChannelwise(
      "batchNormalized", ["mean": mean, "variance": variance, "scale": scale, "offset": offset])
    let factor = scale * (variance + epsilon).reciprocalSquareRoot()
    return self * factor + (offset - mean * factor)
  }

  /// The gradients of input, scale and offset as recorded operators, so that they can be differentiated again.
  private func batchNormalizationGradients(
    _ cotangent: Tensor, scale: Tensor, epsilon: Double
  ) -> [Tensor?] {
    let axes = Array(0..<rank - 1)
    let rows = Double(count / shape.sizes[rank - 1])
    let inverseDeviation = (variance(axes: axes) + epsilon).reciprocalSquareRoot()
    let normalized = (self - mean(axes: axes)) * inverseDeviation
    let scaleGradient = (cotangent * normalized).sum(axes: axes)
    let offsetGradient = cotangent.sum(axes: axes)
    let centered = cotangent - offsetGradient / rows - normalized * (scaleGradient / rows)
    return [centered * (scale * inverseDeviation), scaleGradient, offsetGradient]
  }

  private func checkChannelwise(_ name: String, _ operands: KeyValuePairs<String, Tensor>) {
    requireFloatingPoint(name)
    require(
      rank >= 2, name, "there is no channel axis", given: "shape \(shape)", expected: "[batch, …, channels]")
    let channels = shape.sizes[rank - 1]
    for (operandName, operand) in operands {
      require(
        operand.shape.sizes == [channels], name, "\(operandName) is not one number a channel",
        given: "\(operandName) \(operand.shape), input \(shape)", expected: "\(operandName) [\(channels)]")
      Tensor.requireSameType(self, operand, name)
    }
  }
}

/// The statistics of a batch, and the passes over memory that use them; nothing here is recorded.
private struct BatchNormalization: Sendable {
  let input: Tensor
  let rows: Int
  let channels: Int
  let moments: Normalization.Moments

  init(input: Tensor, epsilon: Double) {
    self.input = input
    channels = input.shape.sizes[input.rank - 1]
    rows = input.count / channels
    moments = Normalization.channelMoments(
      x: input.region, rows: rows, channels: channels, epsilon: epsilon, type: input.dataType.elementType)
  }

  var mean: Tensor { channelwise(Region(moments.mean)) }
  var variance: Tensor { channelwise(Region(moments.variance)) }

  func output(scale: Tensor, offset: Tensor) -> Tensor {
    let (scale, offset) = (scale.contiguous(), offset.contiguous())
    return Tensor(input.shape, input.dataType) {
      Normalization.normalizeChannels(
        x: input.region, into: $0, rows: rows, channels: channels, mean: Region(moments.mean),
        inverseDeviation: Region(moments.inverseDeviation), scale: scale.region, offset: offset.region,
        type: input.dataType.elementType)
    }
  }

  func gradients(_ cotangent: Tensor, scale: Tensor) -> [Tensor?] {
    let (cotangent, scale) = (cotangent.contiguous(), scale.contiguous())
    let type = input.dataType.elementType
    let parameters = Normalization.channelParameterGradients(
      cotangent: cotangent.region, x: input.region, rows: rows, channels: channels,
      mean: Region(moments.mean),
      inverseDeviation: Region(moments.inverseDeviation), type: type)
    let inputGradient = Tensor(input.shape, input.dataType) {
      Normalization.channelInputGradient(
        cotangent: cotangent.region, x: input.region, into: $0, rows: rows, channels: channels,
        mean: Region(moments.mean), inverseDeviation: Region(moments.inverseDeviation), scale: scale.region,
        parameterGradients: parameters, type: type)
    }
    return [inputGradient, channelwise(parameters.scale), channelwise(parameters.offset)]
  }

  private func channelwise(_ region: Region) -> Tensor {
    Tensor(region: region, shape: Shape(unchecked: [channels]), dataType: input.dataType)
  }
}
