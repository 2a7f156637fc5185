extension Tensor {
  /// The transpose of a convolution: each place of the image adds its multiple of the filter to a larger image, in
  /// one, two or three spatial dimensions.
  ///
  /// ```
  /// output[b, y·stride + i·dilation − before, x·…, o] = bias[o] + Σ image[b, y, x, c] · filter[i, j, o, c]
  /// output size = (size − 1) · stride + (kernel − 1) · dilation + 1 + outputPadding − before − after
  /// ```
  ///
  /// - Parameters:
  ///   - filter: Shape `[spatial sizes…, output channels / groups, input channels]`: that of the convolution in the
  ///     other direction.
  ///   - bias: Shape `[output channels]`, added to every position.
  ///   - strides: The distance between the places that neighbours add to, 1 or more.
  ///   - padding: How much is cut off the output's ends: what the convolution in the other direction would be
  ///     extended by. With `.same`, the output is as many times larger as the stride.
  ///   - outputPadding: By how much the output is longer at each axis's end, out of several sizes that the
  ///     convolution in the other direction would take to this one; below the stride or the dilation.
  ///   - dilations: The distance between the places that a filter adds to, 1 or more.
  ///   - groups: Into how many parts the channels are split, each of which has its own part of the filters.
  ///   - method: How the transposed convolution and its gradients are computed.
  /// - Returns: Shape `[batch, spatial sizes…, output channels]`.
  /// - Traps: where ranks, channels, types or sizes do not fit, or the image is too large.
  /// - Source: Zeiler, Krishnan, Taylor, Fergus, Deconvolutional Networks, 2010,
  ///   doi:10.1109/CVPR.2010.5539957.
  public func transposeConvolved(
    with filter: Tensor, bias: Tensor? = nil, strides: Extents = 1, padding: Padding = .valid,
    outputPadding: Extents = 0, dilations: Extents = 1, groups: Int = 1,
    method: ConvolutionMethod = .automatic
  ) -> Tensor {
    let axes = filter.rank - 2
    let name = "transposedConv\(Swift.max(axes, 0))D"
    checkTransposed(filter, axes: axes, groups: groups, name)
    let windows = Windows(
      ontoImageFrom: Array(shape.sizes[1...axes]), kernelSize: Array(filter.shape.sizes[..<axes]),
      strides: strides.resolved(axes: axes, name, "a stride"),
      dilations: dilations.resolved(axes: axes, name, "a dilation"), padding: padding,
      outputPadding: outputPadding.resolved(axes: axes, atLeast: 0, name, "an output padding"), name)
    let channels = filter.shape.sizes[axes] * groups
    if let bias {
      require(
        bias.shape.sizes == [channels], name, "the bias is not one number an output channel",
        given: "bias \(bias.shape), filter \(filter.shape)", expected: "bias [\(channels)]")
      Tensor.requireSameType(filter, bias, name)
    }
    let convolution = ConvolutionOperator(
      name: name, windows: windows,
      image: Shape([shape.sizes[0]] + windows.imageSize + [channels]), filter: filter.shape, groups: groups,
      method: method, isTransposed: true)
    return convolution.imageGradient(self, filter, bias)
  }

  private func checkTransposed(_ filter: Tensor, axes: Int, groups: Int, _ name: String) {
    let given = "input \(shape), filter \(filter.shape)"
    require(
      (1...3).contains(axes) && rank == filter.rank, name, "ranks do not fit", given: given,
      expected: "[batch, spatial sizes…, channels] and [spatial sizes…, out, in], with 1 to 3 spatial axes")
    Tensor.requireSameType(self, filter, name)
    requireFloatingPoint(name)
    let channels = shape.sizes[axes + 1]
    require(
      channels == filter.shape.sizes[axes + 1], name, "input channels differ", given: given,
      expected: "as many channels as the filter's last size",
      hint: "the filter of a transposed convolution has output channels before input channels")
    require(
      groups >= 1 && channels % groups == 0, name, "channels do not divide into groups",
      given: "\(groups) groups, \(given)", expected: "a number of groups that divides \(channels)")
    require(
      shape.sizes[1...axes].allSatisfy { $0 > 0 }, name, "the image is empty", given: given,
      expected: "spatial sizes of 1 or more")
    require(
      shape.sizes[1...axes].allSatisfy { $0 <= Extents.largest }, name, "the image is too large",
      given: given, expected: "at most \(Extents.largest) places along each axis")
  }
}

extension Windows {
  /// The windows of the image that a transposed convolution makes, one for each place of the given one.
  fileprivate init(
    ontoImageFrom size: [Int], kernelSize: [Int], strides: [Int], dilations: [Int], padding: Padding,
    outputPadding: [Int], _ operation: String
  ) {
    require(
      outputPadding.indices.allSatisfy { outputPadding[$0] < Swift.max(strides[$0], dilations[$0]) },
      operation, "the output padding is too large",
      given: "output padding \(outputPadding), strides \(strides), dilations \(dilations)",
      expected: "less than the stride or the dilation")
    if padding == .same {
      require(
        outputPadding.allSatisfy { $0 == 0 }, operation, "the output's size is settled",
        given: "output padding \(outputPadding) with padding .same", expected: "none")
      self.init(
        over: zip(size, strides).map { $0 * $1 }, kernelSize: kernelSize, strides: strides,
        dilations: dilations, padding: .same, operation)
      return
    }
    Windows.requirePlaces(kernelSize, operation)
    let reaches = zip(kernelSize, dilations).map { ($0 - 1) * $1 + 1 }
    let widths = Windows.widths(padding, size, reaches, strides, operation)
    let imageSize = size.indices.map { axis in
      (size[axis] - 1) * strides[axis] + reaches[axis] + outputPadding[axis] - widths[axis].total
    }
    require(
      imageSize.allSatisfy { $0 > 0 }, operation, "nothing is left of the output",
      given: "padding \(widths.map { [$0.before, $0.after] }), output sizes \(imageSize)",
      expected: "sizes of 1 or more")
    // What is added at the end lies beyond the windows.
    let reached = zip(widths, outputPadding).map { PaddingWidths(before: $0.before, after: $0.after - $1) }
    self.init(
      imageSize: imageSize, kernelSize: kernelSize, strides: strides, dilations: dilations, padding: reached)
  }
}
