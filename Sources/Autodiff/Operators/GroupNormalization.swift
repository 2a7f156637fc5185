import AdjointKernels

extension Tensor {
  /// Each group of channels of each example brought to mean 0 and variance 1 over all positions, then each channel
  /// scaled and shifted.
  ///
  /// ```
  /// output = scale · (x − mean) / √(variance + epsilon) + offset
  /// ```
  ///
  /// - Parameters:
  ///   - groups: Into how many equal parts the last axis is split.
  ///   - scale: Shape `[channels]`; nil for 1.
  ///   - offset: Shape `[channels]`; nil for 0.
  ///   - epsilon: Added to the variance, above 0.
  /// - Traps: where shapes or types do not fit, the groups do not divide the channels, an example is empty, or epsilon
  ///   is not above 0.
  /// - Source: Wu, He, Group Normalization, 2018, arXiv:1803.08494.
  public func groupNormalized(
    groups: Int, scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    normalized(groups: groups, "groupNormalized", scale: scale, offset: offset, epsilon: epsilon)
  }

  /// Each channel of each example brought to mean 0 and variance 1 over all positions, then scaled and shifted.
  ///
  /// - Parameters:
  ///   - scale: Shape `[channels]`; nil for 1.
  ///   - offset: Shape `[channels]`; nil for 0.
  ///   - epsilon: Added to the variance, above 0.
  /// - Traps: where shapes or types do not fit, an example is empty, or epsilon is not above 0.
  /// - Source: Ulyanov, Vedaldi, Lempitsky, Instance Normalization, 2016, arXiv:1607.08022.
  public func instanceNormalized(
    scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    let channels = shape.sizes.last ?? 1
    return normalized(
      groups: channels, "instanceNormalized", scale: scale, offset: offset, epsilon: epsilon)
  }

  private func normalized(
    groups: Int, _ name: String, scale: Tensor?, offset: Tensor?, epsilon: Double
  ) -> Tensor {
    requireFloatingPoint(name)
    require(
      rank >= 2, name, "there is no channel axis", given: "shape \(shape)", expected: "[batch, …, channels]")
    let channels = shape.sizes[rank - 1]
    require(
      groups >= 1 && channels % groups == 0, name, "channels do not divide into groups",
      given: "\(groups) groups, input \(shape)", expected: "a number of groups that divides \(channels)")
    for (operandName, operand) in [("scale", scale), ("offset", offset)] {
      guard let operand else { continue }
      require(
        operand.shape.sizes == [channels], name, "\(operandName) is not one number a channel",
        given: "\(operandName) \(operand.shape), input \(shape)", expected: "\(operandName) [\(channels)]")
      Tensor.requireSameType(self, operand, name)
    }
    requireEpsilon(epsilon, name)
    require(
      shape.sizes.dropFirst().allSatisfy { $0 > 0 }, name, "there is nothing to normalize",
      given: "shape \(shape)", expected: "no axis of size 0 but the batch")
    let positions = shape.sizes[1..<rank - 1].reduce(1, *)
    guard positions > 1 else {
      // What is normalized together lies together, so that these are the rows of a layer normalization.
      let grouped = reshaped(to: [shape.sizes[0], groups, channels / groups])
      let normalized = grouped.layerNormalized(epsilon: epsilon).reshaped(to: shape)
      let scaled = scale.map { normalized * $0 } ?? normalized
      return offset.map { scaled + $0 } ?? scaled
    }
    let normalization = GroupNormalization(
      of: contiguous(), groups: groups, scale: scale, offset: offset, epsilon: epsilon)
    let (output, statistics) = normalization.forward()
    return output.recorded(as: name, from: [self, scale, offset]) { cotangent, _ in
      let gradients =
        Recording.isOn
        ? self.groupNormalizationGradients(cotangent, groups: groups, scale: scale, epsilon: epsilon)
        : normalization.gradients(cotangent, statistics)
      return [gradients.input, gradients.scale, gradients.offset]
    }
  }

  /// The gradients as recorded operators, so that they can be differentiated again.
  private func groupNormalizationGradients(
    _ cotangent: Tensor, groups: Int, scale: Tensor?, epsilon: Double
  ) -> NormalizationGradients {
    let channels = shape.sizes[rank - 1]
    let positions = shape.sizes[1..<rank - 1].reduce(1, *)
    let grouped = Shape(unchecked: [shape.sizes[0], positions, groups, channels / groups])
    let gradients = reshaped(to: grouped).normalizationGradients(
      cotangent.reshaped(to: grouped), axes: [1, 3],
      scale: scale?.reshaped(to: [groups, channels / groups]), epsilon: epsilon)
    return NormalizationGradients(
      input: gradients.input?.reshaped(to: shape), scale: gradients.scale?.reshaped(to: shape),
      offset: gradients.offset?.reshaped(to: shape))
  }
}

/// The normalization of groups of channels in contiguous memory, value and gradients; nothing here is recorded.
private struct GroupNormalization: Sendable {
  let input: Tensor
  let scale: Tensor?
  let offset: Tensor?
  let epsilon: Double
  let shape: Normalization.GroupedShape

  init(of input: Tensor, groups: Int, scale: Tensor?, offset: Tensor?, epsilon: Double) {
    self.input = input
    self.scale = scale?.contiguous()
    self.offset = offset?.contiguous()
    self.epsilon = epsilon
    let sizes = input.shape.sizes
    shape = Normalization.GroupedShape(
      examples: sizes[0], positions: sizes[1..<sizes.count - 1].reduce(1, *),
      channels: sizes[sizes.count - 1], groups: groups)
  }

  func forward() -> (output: Tensor, statistics: Buffer) {
    let output = Buffer(byteCount: input.count * input.dataType.byteCount)
    let statistics = Normalization.normalizeGroups(
      x: input.region, into: output, shape: shape, epsilon: epsilon, scale: scale?.region,
      offset: offset?.region, type: input.dataType.elementType)
    return (tensor(Region(output), input.shape), statistics)
  }

  func gradients(_ cotangent: Tensor, _ statistics: Buffer) -> NormalizationGradients {
    let cotangent = cotangent.contiguous()
    let gradient = Buffer(byteCount: input.count * input.dataType.byteCount)
    let parameters = Normalization.groupGradients(
      cotangent: cotangent.region, x: input.region, into: gradient, shape: shape,
      statistics: Region(statistics), scale: scale?.region, type: input.dataType.elementType)
    let channelwise = Shape(unchecked: [shape.channels])
    return NormalizationGradients(
      input: tensor(Region(gradient), input.shape), scale: tensor(parameters.scale, channelwise),
      offset: tensor(parameters.offset, channelwise))
  }

  private func tensor(_ region: Region, _ shape: Shape) -> Tensor {
    Tensor(region: region, shape: shape, dataType: input.dataType)
  }
}
