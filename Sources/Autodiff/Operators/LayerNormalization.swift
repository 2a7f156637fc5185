import AdjointKernels

extension Tensor {
  /// Each example brought to mean 0 and variance 1 over its last axes, then scaled and shifted.
  ///
  /// ```
  /// output = scale · (x − mean) / √(variance + epsilon) + offset
  /// ```
  ///
  /// - Parameters:
  ///   - trailingAxes: How many of the last axes belong to one example's statistics, 1 or more.
  ///   - scale: The shape of those axes; nil for 1.
  ///   - offset: The shape of those axes; nil for 0.
  ///   - epsilon: Added to the variance, above 0.
  /// - Traps: where shapes or types do not fit, the axes hold nothing, or epsilon is not above 0.
  /// - Source: Ba, Kiros, Hinton, Layer Normalization, 2016, arXiv:1607.06450.
  public func layerNormalized(
    trailingAxes: Int = 1, scale: Tensor? = nil, offset: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    let axes = checkTrailing(trailingAxes, "layerNormalized", scale: scale, offset: offset, epsilon)
    let normalization = RowNormalization(
      of: contiguous(), axes: axes, scale: scale, offset: offset, epsilon: epsilon)
    let (output, moments) = normalization.forward()
    return output.recorded(as: "layerNormalized", from: [self, scale, offset]) { cotangent, wanted in
      let gradients =
        Recording.isOn
        ? self.normalizationGradients(cotangent, axes: axes, scale: scale, epsilon: epsilon)
        : normalization.gradients(cotangent, moments, wantsParameters: wanted.dropFirst().contains(true))
      return [gradients.input, gradients.scale, gradients.offset]
    }
  }

  /// Each example divided by the root of the mean of its squares over the last axes, then scaled.
  ///
  /// ```
  /// output = scale · x / √(mean(x²) + epsilon)
  /// ```
  ///
  /// - Parameters:
  ///   - trailingAxes: How many of the last axes belong to one example, 1 or more.
  ///   - scale: The shape of those axes; nil for 1.
  ///   - epsilon: Added to the mean of the squares, above 0.
  /// - Traps: where shapes or types do not fit, the axes hold nothing, or epsilon is not above 0.
  /// - Source: Zhang, Sennrich, Root Mean Square Layer Normalization, 2019, arXiv:1910.07467.
  public func rmsNormalized(trailingAxes: Int = 1, scale: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
    let axes = checkTrailing(trailingAxes, "rmsNormalized", scale: scale, offset: nil, epsilon)
    let normalized = self * (squared().mean(axes: axes, keepsAxes: true) + epsilon).reciprocalSquareRoot()
    return scale.map { normalized * $0 } ?? normalized
  }

  /// The gradients of what is brought to mean 0 and variance 1 over some axes, then scaled and shifted, as recorded
  /// operators, so that they can be differentiated again; the engine sums those of scale and offset over the
  /// examples.
  func normalizationGradients(
    _ cotangent: Tensor, axes: [Int], scale: Tensor?, epsilon: Double
  ) -> NormalizationGradients {
    let deviations = self.deviations(axes)
    let variance = deviations.squared().mean(axes: axes, keepsAxes: true)
    let inverseDeviation = (variance + epsilon).reciprocalSquareRoot()
    let normalized = deviations * inverseDeviation
    let sent = scale.map { cotangent.passed(by: $0) } ?? cotangent
    let along = sent.passed(by: normalized).mean(axes: axes, keepsAxes: true).passed(by: normalized)
    let centered = sent - sent.mean(axes: axes, keepsAxes: true) - along
    return .init(
      input: centered.passed(by: inverseDeviation), scale: cotangent.passed(by: normalized), offset: cotangent
    )
  }

  /// The last axes, after checks.
  private func checkTrailing(
    _ count: Int, _ name: String, scale: Tensor?, offset: Tensor?, _ epsilon: Double
  ) -> [Int] {
    requireFloatingPoint(name)
    requireEpsilon(epsilon, name)
    require(
      count >= 1 && count <= rank, name, "there are not so many axes",
      given: "\(count) axes of shape \(shape)", expected: "1 axis or more, and no more than there are")
    let sizes = Array(shape.sizes.suffix(count))
    require(
      sizes.allSatisfy { $0 > 0 }, name, "there is nothing to normalize", given: "shape \(shape)",
      expected: "at least one element in the last \(count == 1 ? "axis" : "\(count) axes")")
    for (operandName, operand) in [("scale", scale), ("offset", offset)] {
      guard let operand else { continue }
      require(
        operand.shape.sizes == sizes, name, "\(operandName) does not have the shape of the last axes",
        given: "\(operandName) \(operand.shape), input \(shape)", expected: "\(operandName) \(sizes)")
      Tensor.requireSameType(self, operand, name)
    }
    return Array(rank - count..<rank)
  }

  /// Without it, what is constant would be divided by 0.
  func requireEpsilon(_ epsilon: Double, _ name: String) {
    require(epsilon > 0, name, "epsilon is out of range", given: "\(epsilon)", expected: "above 0")
  }
}

/// What input, scale and offset of a normalization receive.
struct NormalizationGradients {
  var input: Tensor?
  var scale: Tensor?
  var offset: Tensor?
}

/// The normalization of the rows of contiguous memory, value and gradients; nothing here is recorded.
private struct RowNormalization: Sendable {
  let input: Tensor
  let scale: Tensor?
  let offset: Tensor?
  let epsilon: Double
  /// The shape of a row.
  let rowShape: Shape
  let rows: Int

  init(of input: Tensor, axes: [Int], scale: Tensor?, offset: Tensor?, epsilon: Double) {
    self.input = input
    self.scale = scale?.contiguous()
    self.offset = offset?.contiguous()
    self.epsilon = epsilon
    rowShape = Shape(unchecked: Array(input.shape.sizes.suffix(axes.count)))
    rows = input.count / rowShape.elementCount
  }

  func forward() -> (output: Tensor, moments: Buffer) {
    let output = Buffer(byteCount: input.count * input.dataType.byteCount)
    let moments = Normalization.normalizeRows(
      x: input.region, into: output, rows: rows, columns: rowShape.elementCount, epsilon: epsilon,
      scale: scale?.region, offset: offset?.region, type: input.dataType.elementType)
    return (Tensor(region: Region(output), shape: input.shape, dataType: input.dataType), moments)
  }

  func gradients(_ cotangent: Tensor, _ moments: Buffer, wantsParameters: Bool) -> NormalizationGradients {
    let cotangent = cotangent.contiguous()
    let gradient = Buffer(byteCount: input.count * input.dataType.byteCount)
    let parameters = Normalization.rowGradients(
      cotangent: cotangent.region, x: input.region, into: gradient, rows: rows,
      columns: rowShape.elementCount, moments: Region(moments), scale: scale?.region,
      wantsParameterGradients: wantsParameters, type: input.dataType.elementType)
    return NormalizationGradients(
      input: tensor(Region(gradient), input.shape), scale: parameters.map { tensor($0.scale, rowShape) },
      offset: parameters.map { tensor($0.offset, rowShape) })
  }

  private func tensor(_ region: Region, _ shape: Shape) -> Tensor {
    Tensor(region: region, shape: shape, dataType: input.dataType)
  }
}
