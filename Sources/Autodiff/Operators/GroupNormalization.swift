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
  /// - Traps: where shapes or types do not fit, the groups do not divide the channels, or an example is empty.
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
  /// - Traps: where shapes or types do not fit, or an example is empty.
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
    }
    require(
      shape.sizes.dropFirst().allSatisfy { $0 > 0 }, name, "there is nothing to normalize",
      given: "shape \(shape)", expected: "no axis of size 0 but the batch")
    let positions = shape.sizes[1..<rank - 1].reduce(1, *)
    // [batch, groups, positions, channels of a group]: what is normalized together lies together.
    let grouped = reshaped(to: [shape.sizes[0], positions, groups, channels / groups])
      .transposed([0, 2, 1, 3])
    let normalized = grouped.layerNormalized(trailingAxes: 2, epsilon: epsilon)
      .transposed([0, 2, 1, 3]).reshaped(to: shape)
    let scaled = scale.map { normalized * $0 } ?? normalized
    return offset.map { scaled + $0 } ?? scaled
  }
}
