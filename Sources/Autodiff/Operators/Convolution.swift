import AdjointKernels

extension Tensor {
  /// The cross-correlation of images with filters, in one, two or three spatial dimensions.
  ///
  /// ```
  /// output[b, y, x, o] = bias[o] + Σ image[b, y·stride + i·dilation − before, x·…, c] · filter[i, j, c, o]
  /// ```
  ///
  /// - Parameters:
  ///   - filter: Shape `[spatial sizes…, input channels / groups, output channels]`.
  ///   - bias: Shape `[output channels]`, added to every position.
  ///   - strides: The distance between windows along each spatial axis, 1 or more.
  ///   - padding: How far the image is extended with zeros.
  ///   - dilations: The distance between the places that a window looks at, 1 or more.
  ///   - groups: Into how many parts the channels are split, each of which sees only its own part of the
  ///     filters; as many as input channels makes a depthwise convolution.
  ///   - addend: What is added to the output, whose shape it has.
  ///   - activation: What is applied last. Bias, addend and activation take no passes over memory of their own.
  ///   - method: How the convolution and its gradients are computed.
  /// - Returns: Shape `[batch, spatial sizes…, output channels]`.
  /// - Traps: where ranks, channels, types or sizes do not fit.
  public func convolved(
    with filter: Tensor, bias: Tensor? = nil, strides: Extents = 1, padding: Padding = .valid,
    dilations: Extents = 1, groups: Int = 1, adding addend: Tensor? = nil,
    activation: OutputActivation = .identity, method: ConvolutionMethod = .automatic
  ) -> Tensor {
    convolved(
      with: filter, scaledBy: nil, bias: bias, strides: strides, padding: padding, dilations: dilations,
      groups: groups, adding: addend, activation: activation, method: method)
  }

  /// The same with a factor for each output channel, or none, by which sums are multiplied before the bias is added.
  /// No rule knows of the factor, so where there is one nothing may be recorded, nor anomalies looked for.
  package func convolved(
    with filter: Tensor, scaledBy factor: Tensor?, bias: Tensor?, strides: Extents, padding: Padding,
    dilations: Extents, groups: Int, adding addend: Tensor?, activation: OutputActivation,
    method: ConvolutionMethod
  ) -> Tensor {
    let convolution = ConvolutionOperator(
      image: self, filter: filter, strides: strides, padding: padding, dilations: dilations, groups: groups,
      method: method)
    if let bias { convolution.check(bias: bias, filter: filter) }
    if let addend { convolution.check(addend: addend, filter: filter) }
    return convolution.forward(self, filter, scaledBy: factor, bias, adding: addend, activation: activation)
  }
}

/// A convolution with its sizes settled: three bilinear operators, each the others' derivative.
///
/// With image x, filter w and output cotangent g: `forward(x, w)`, its transpose in the image `imageGradient(g, w)`
/// and its transpose in the filter `filterGradient(x, g)`.
struct ConvolutionOperator: Sendable {
  let name: String
  /// Whether the image's gradient is what was asked for, and `forward` is its transpose.
  let isTransposed: Bool
  let imageShape: Shape
  let filterShape: Shape
  let outputShape: Shape
  let geometry: ConvolutionGeometry
  let method: ConvolutionMethod

  init(
    image: Tensor, filter: Tensor, strides: Extents, padding: Padding, dilations: Extents, groups: Int,
    method: ConvolutionMethod
  ) {
    let axes = filter.rank - 2
    let name = "conv\(Swift.max(axes, 0))D"
    let given = "input \(image.shape), filter \(filter.shape)"
    require(
      (1...3).contains(axes) && image.rank == filter.rank, name, "ranks do not fit", given: given,
      expected: "[batch, spatial sizes…, channels] and [spatial sizes…, in, out], with 1 to 3 spatial axes")
    Tensor.requireSameType(image, filter, name)
    image.requireFloatingPoint(name)
    let channels = image.shape.sizes[axes + 1]
    let (filterChannels, outputChannels) = (filter.shape.sizes[axes], filter.shape.sizes[axes + 1])
    require(
      groups >= 1 && channels % groups == 0 && outputChannels % groups == 0, name,
      "channels do not divide into groups", given: "\(groups) groups, \(given)",
      expected: "a number of groups that divides \(channels) and \(outputChannels)")
    let blanks = String(repeating: "_, ", count: axes + 1)
    require(
      channels == filterChannels * groups, name, "input channels differ", given: given,
      expected: "input [\(blanks)\(filterChannels * groups)]",
      hint: image.shape.sizes[1] == filterChannels * groups
        ? "channels are last: movedAxis(from: 1, to: -1) puts them there"
        : groups == 1
          ? "the filter's \(["second", "third", "fourth"][axes - 1]) size is the input's channel count"
          : "with \(groups) groups, a filter sees \(channels / groups) of the \(channels) input channels")
    let windows = Windows(
      over: Array(image.shape.sizes[1...axes]), kernelSize: Array(filter.shape.sizes[..<axes]),
      strides: strides.resolved(axes: axes, name, "a stride"),
      dilations: dilations.resolved(axes: axes, name, "a dilation"), padding: padding, name)
    self.init(
      name: name, windows: windows, image: image.shape, filter: filter.shape, groups: groups, method: method)
  }

  init(
    name: String, windows: Windows, image: Shape, filter: Shape, groups: Int, method: ConvolutionMethod,
    isTransposed: Bool = false
  ) {
    self.name = name
    self.method = method
    self.isTransposed = isTransposed
    imageShape = image
    filterShape = filter
    let outputChannels = filter.sizes[filter.rank - 1]
    outputShape = Shape(unchecked: [image.sizes[0]] + windows.outputSize + [outputChannels])
    geometry = ConvolutionGeometry(
      batch: image.sizes[0], inputSize: Self.spatial(windows.imageSize),
      inputChannels: image.sizes[image.rank - 1], kernelSize: Self.spatial(windows.kernelSize),
      outputSize: Self.spatial(windows.outputSize), outputChannels: outputChannels,
      strides: Self.spatial(windows.strides),
      paddingBefore: Self.spatial(windows.padding.map(\.before), missing: 0),
      dilations: Self.spatial(windows.dilations), groups: groups)
  }

  /// Depth, height and width, of which images with fewer axes lack the first.
  private static func spatial(_ values: [Int], missing: Int = 1) -> SIMD3<Int> {
    SIMD3(Array(repeating: missing, count: 3 - values.count) + values)
  }

  func check(bias: Tensor, filter: Tensor) {
    let outputChannels = filterShape.sizes[filterShape.rank - 1]
    require(
      bias.shape.sizes == [outputChannels], name, "the bias is not one number an output channel",
      given: "bias \(bias.shape), filter \(filterShape)", expected: "bias [\(outputChannels)]")
    Tensor.requireSameType(filter, bias, name)
  }

  func check(addend: Tensor, filter: Tensor) {
    require(
      addend.shape == outputShape, name, "what is added differs from the output in shape",
      given: "addend \(addend.shape)", expected: "\(outputShape)")
    Tensor.requireSameType(filter, addend, name)
  }

  func forward(
    _ image: Tensor, _ filter: Tensor, scaledBy factor: Tensor? = nil, _ bias: Tensor?,
    adding addend: Tensor? = nil, activation: OutputActivation = .identity
  ) -> Tensor {
    if Anomalies.areWatched, let addend {
      return forward(image, filter, bias).followed(adding: addend, activation: activation)
    }
    let (x, w, s) = (image.contiguous(), filter.contiguous(), factor?.contiguous())
    let (b, a) = (bias?.contiguous(), addend?.contiguous())
    let rectifies = activation.isFused
    let value = Tensor(outputShape, x.dataType) {
      Convolution.forward(
        input: x.region, filter: w.region,
        epilogue: Epilogue(scale: s?.region, bias: b?.region, addend: a?.region, rectifies: rectifies),
        into: Region($0), geometry: geometry, type: x.dataType.elementType,
        allowsWinograd: method == .automatic)
    }
    let output = value.recorded(
      as: isTransposed ? "\(name) image gradient" : name,
      paths: [
        // First to receive its gradient, as it is where an addition follows.
        addend.flatMap { GradientPath(to: $0) { $0 } },
        GradientPath(to: image) { self.imageGradient($0, filter) },
        GradientPath(to: filter) { self.filterGradient(image, $0) },
        bias.flatMap { GradientPath(to: $0) { $0 } },
      ])
    return output.activated(by: activation, isRectified: rectifies)
  }

  /// The image whose inner product with any image is that of the cotangent with the image's convolution.
  ///
  /// - Parameter bias: A number for each of the image's channels: this is the transposed convolution too.
  func imageGradient(_ cotangent: Tensor, _ filter: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let (g, w, b) = (cotangent.contiguous(), filter.contiguous(), bias?.contiguous())
    let value = Tensor(imageShape, g.dataType) {
      Convolution.inputGradient(
        outputGradient: g.region, filter: w.region, epilogue: Epilogue(bias: b?.region), into: Region($0),
        geometry: geometry, type: g.dataType.elementType,
        allowsWinograd: method == .automatic)
    }
    return value.recorded(
      as: isTransposed ? name : "\(name) image gradient",
      GradientPath(to: cotangent) { self.forward($0, filter, nil) },
      GradientPath(to: filter) { self.filterGradient($0, cotangent) },
      bias.flatMap { GradientPath(to: $0) { $0 } })
  }

  /// The filter whose inner product with any filter is that of the cotangent with the filter's convolution.
  func filterGradient(_ image: Tensor, _ cotangent: Tensor) -> Tensor {
    let (x, g) = (image.contiguous(), cotangent.contiguous())
    let value = Tensor(filterShape, x.dataType) {
      Convolution.filterGradient(
        input: x.region, outputGradient: g.region, into: Region($0), geometry: geometry,
        type: x.dataType.elementType, allowsWinograd: method == .automatic)
    }
    return value.recorded(
      as: "\(name) filter gradient",
      GradientPath(to: image) { self.imageGradient(cotangent, $0) },
      GradientPath(to: cotangent) { self.forward(image, $0, nil) })
  }
}
