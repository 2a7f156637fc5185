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
  ///   - addend: What is added to the output, whose shape it has: the shortcut of a residual network.
  ///   - activation: What is applied last. Neither takes a pass over memory of its own, forward or back.
  /// - Returns: The output, and the batch's mean and biased variance, shape `[channels]`, which are not recorded.
  /// - Traps: where shapes or types do not fit, the batch holds nothing, or epsilon is not above 0.
  /// - Source: Ioffe, Szegedy, Batch Normalization, 2015, arXiv:1502.03167.
  public func batchNormalized(
    scale: Tensor, offset: Tensor, epsilon: Double = 1e-5, adding addend: Tensor? = nil,
    activation: OutputActivation = .identity
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    checkChannelwise("batchNormalized", ["scale": scale, "offset": offset], addend: addend)
    requireEpsilon(epsilon, "batchNormalized")
    require(
      count > 0, "batchNormalized", "the batch is empty", given: "shape \(shape)",
      expected: "at least one element")
    if Anomalies.areWatched, addend != nil || activation != .identity {
      let (output, mean, variance) = batchNormalized(scale: scale, offset: offset, epsilon: epsilon)
      return (output.followed(adding: addend, activation: activation), mean, variance)
    }
    let normalization = BatchNormalization(
      input: contiguous(), scale: scale.contiguous(), offset: offset.contiguous(), epsilon: epsilon,
      hasAddend: addend != nil, rectifies: activation == .relu)
    let value = normalization.output(adding: addend?.contiguous())
    let kept = normalization.hasAddend && normalization.rectifies ? value : nil
    // The addend is first to receive its gradient, as it is where an addition follows.
    let output = value.recorded(as: normalization.name, from: [addend, self, scale, offset]) {
      cotangent, wanted in
      guard Recording.isOn else {
        return normalization.gradients(cotangent, output: kept, wantsAddend: wanted[0])
      }
      let passed = normalization.passed(cotangent, output: kept)
      let gradients = self.normalizationGradients(
        passed, axes: Array(0..<rank - 1), scale: scale, epsilon: epsilon)
      return [passed, gradients.input, gradients.scale, gradients.offset]
    }
    return (output, normalization.mean, normalization.variance)
  }

  /// Each channel normalized with given statistics, then scaled and shifted: what a trained network does.
  ///
  /// - Parameters:
  ///   - mean: Shape `[channels]`.
  ///   - variance: Shape `[channels]`.
  ///   - scale: Shape `[channels]`.
  ///   - offset: Shape `[channels]`.
  ///   - epsilon: Added to the variance, above 0.
  ///   - addend: What is added to the output, whose shape it has.
  ///   - activation: What is applied last. Neither takes a pass over memory of its own.
  /// - Traps: where shapes or types do not fit, or epsilon is not above 0.
  public func batchNormalized(
    mean: Tensor, variance: Tensor, scale: Tensor, offset: Tensor, epsilon: Double = 1e-5,
    adding addend: Tensor? = nil, activation: OutputActivation = .identity
  ) -> Tensor {
    checkChannelwise(
      "batchNormalized", ["mean": mean, "variance": variance, "scale": scale, "offset": offset],
      addend: addend)
    requireEpsilon(epsilon, "batchNormalized")
    let (factor, shift) = Tensor.channelScaling(
      mean: mean, variance: variance, scale: scale, offset: offset, epsilon: epsilon)
    return scaledByChannel(factor, shift, adding: addend, activation: activation)
  }

  /// What normalization with given statistics comes to: the factor and the summand of each channel.
  package static func channelScaling(
    mean: Tensor, variance: Tensor, scale: Tensor, offset: Tensor, epsilon: Double
  ) -> (factor: Tensor, shift: Tensor) {
    let factor = scale * (variance + epsilon).reciprocalSquareRoot()
    return (factor, offset - mean * factor)
  }

  /// x · factor + shift for each channel, and what follows.
  private func scaledByChannel(
    _ factor: Tensor, _ shift: Tensor, adding addend: Tensor?, activation: OutputActivation
  ) -> Tensor {
    if Anomalies.areWatched, let addend {
      return scaledByChannel(factor, shift, adding: nil, activation: .identity)
        .followed(adding: addend, activation: activation)
    }
    let (x, f, s, a) = (contiguous(), factor.contiguous(), shift.contiguous(), addend?.contiguous())
    let rows = Shape(unchecked: Array(shape.sizes.dropLast())).elementCount
    let channels = shape.sizes[rank - 1]
    let rectifies = activation.isFused
    let value = Tensor(shape, dataType) {
      Normalization.scaleChannels(
        x: x.region, into: $0, rows: rows, channels: channels, scale: f.region, offset: s.region,
        adding: a?.region, rectifies: rectifies, type: dataType.elementType)
    }
    let output = value.recorded(
      as: "batchNormalized inference",
      paths: [
        addend.flatMap { GradientPath(to: $0) { $0 } },
        GradientPath(to: self) { $0.passed(by: factor) },
        GradientPath(to: factor) { $0.passed(by: self) },
        GradientPath(to: shift) { $0 },
      ])
    return output.activated(by: activation, isRectified: rectifies)
  }

  private func checkChannelwise(
    _ name: String, _ operands: KeyValuePairs<String, Tensor>, addend: Tensor?
  ) {
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
    if let addend {
      require(
        addend.shape == shape, name, "what is added differs from the input in shape",
        given: "addend \(addend.shape), input \(shape)", expected: "addend \(shape)")
      Tensor.requireSameType(self, addend, name)
    }
  }
}

/// The statistics of a batch, and the passes over memory that use them; nothing here is recorded.
private struct BatchNormalization: Sendable {
  let input: Tensor
  let scale: Tensor
  /// The offset less what is too much for the rounding of the means, times the scale.
  let offset: Tensor
  let hasAddend: Bool
  let rectifies: Bool
  let rows: Int
  let channels: Int
  let moments: Normalization.Moments

  init(input: Tensor, scale: Tensor, offset: Tensor, epsilon: Double, hasAddend: Bool, rectifies: Bool) {
    self.input = input
    self.scale = scale
    self.hasAddend = hasAddend
    self.rectifies = rectifies
    channels = input.shape.sizes[input.rank - 1]
    rows = input.count / channels
    moments = Normalization.channelMoments(
      x: input.region, rows: rows, channels: channels, epsilon: epsilon, type: input.dataType.elementType)
    let lost = Self.channelwise(Region(moments.lost), like: input)
    self.offset = Anomalies.unwatched { withoutRecording { offset - lost.passed(by: scale) } }
  }

  var name: String {
    "batchNormalized" + (hasAddend ? " sum" : "") + (rectifies ? " relu" : "")
  }

  var mean: Tensor { channelwise(Region(moments.mean)) }
  var variance: Tensor { channelwise(Region(moments.variance)) }

  func output(adding addend: Tensor?) -> Tensor {
    Tensor(input.shape, input.dataType) {
      Normalization.normalizeChannels(
        x: input.region, into: $0, rows: rows, channels: channels, mean: Region(moments.mean),
        inverseDeviation: Region(moments.inverseDeviation), scale: scale.region, offset: offset.region,
        adding: addend?.region, rectifies: rectifies, type: input.dataType.elementType)
    }
  }

  /// What passes of a cotangent, as a recorded operator.
  ///
  /// - Parameter output: The output, where something was added to it; else it is computed again.
  func passed(_ cotangent: Tensor, output: Tensor?) -> Tensor {
    guard rectifies else { return cotangent }
    let output = output ?? self.output(adding: nil)
    return cotangent.passed(where: output .> 0)
  }

  func gradients(_ cotangent: Tensor, output: Tensor?, wantsAddend: Bool) -> [Tensor?] {
    let cotangent = cotangent.contiguous()
    let type = input.dataType.elementType
    let rectification =
      rectifies
      ? Normalization.Rectification(output: output?.region, scale: scale.region, offset: offset.region) : nil
    let parameters = Normalization.channelParameterGradients(
      cotangent: cotangent.region, x: input.region, rows: rows, channels: channels,
      mean: Region(moments.mean), inverseDeviation: Region(moments.inverseDeviation), through: rectification,
      type: type)
    let passed =
      wantsAddend && rectifies
      ? Buffer(byteCount: input.count * input.dataType.byteCount) : nil
    // As if all had been normalized with the means as they are.
    let (lost, plain) = (channelwise(Region(moments.lost)), channelwise(parameters.offset))
    let (weighted, centered) = Anomalies.unwatched {
      let weighted = channelwise(parameters.scale) - lost.passed(by: plain)
      return (weighted, plain - lost.passed(by: weighted))
    }
    let inputGradient = Tensor(input.shape, input.dataType) {
      Normalization.channelInputGradient(
        cotangent: cotangent.region, x: input.region, into: $0, addendInto: passed, rows: rows,
        channels: channels, mean: Region(moments.mean), inverseDeviation: Region(moments.inverseDeviation),
        scale: scale.region, parameterGradients: .init(scale: weighted.region, offset: centered.region),
        through: rectification, type: type)
    }
    let addendGradient = passed.map {
      Tensor(region: Region($0), shape: input.shape, dataType: input.dataType)
    }
    return [
      addendGradient ?? cotangent, inputGradient, weighted, plain,
    ]
  }

  private func channelwise(_ region: Region) -> Tensor { Self.channelwise(region, like: input) }

  private static func channelwise(_ region: Region, like input: Tensor) -> Tensor {
    let channels = input.shape.sizes[input.rank - 1]
    return Tensor(region: region, shape: Shape(unchecked: [channels]), dataType: input.dataType)
  }
}
