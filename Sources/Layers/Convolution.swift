import AdjointAutodiff

/// What ``Conv1D``, ``Conv2D`` and ``Conv3D`` are: filters that slide over images of some number of axes.
public class Convolution: Layer, Initializable {
  /// The filters, `[spatial sizes…, in / groups, out]`.
  public let filter: Parameter
  /// One number for each output channel, if there is a bias.
  public let bias: Parameter?
  /// The distance between windows along each spatial axis.
  public let strides: Extents
  /// How far images are extended.
  public let padding: Padding
  /// The distance between the places a filter looks at.
  public let dilations: Extents
  /// Into how many parts the channels are split.
  public let groups: Int
  /// How outputs and gradients are computed.
  public let method: ConvolutionMethod
  /// How the filters are drawn.
  public let initializer: Initializer

  /// A layer with filters drawn at random and biases of 0.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the images.
  ///   - outputChannels: The number of filters.
  ///   - kernelSize: The size of a filter along each spatial axis.
  ///   - strides: The distance between windows.
  ///   - padding: How far images are extended with zeros.
  ///   - dilations: The distance between the places a filter looks at.
  ///   - groups: Into how many parts the channels are split, each with filters of its own; as many as input
  ///     channels make a depthwise convolution.
  ///   - usesBias: Whether a number is added to each output channel.
  ///   - method: How outputs and gradients are computed.
  ///   - initializer: How the filters are drawn.
  ///   - dataType: The type of the parameters.
  ///   - stream: Where the numbers come from.
  /// - Traps: where the groups do not divide the channels, a number is below 1, a padding below 0, or there is
  ///   neither one number nor one for each axis.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: Extents, strides: Extents = 1,
    padding: Padding = .valid, dilations: Extents = 1, groups: Int = 1, usesBias: Bool = true,
    method: ConvolutionMethod = .automatic, initializer: Initializer = .heNormal,
    dataType: DataType = .float32, from stream: RandomStream = .standard
  ) {
    require(
      inputChannels >= 1 && outputChannels >= 1 && groups >= 1 && inputChannels % groups == 0
        && outputChannels % groups == 0,
      "\(Self.self)", "channels do not divide into groups",
      given: "\(inputChannels) and \(outputChannels) channels, \(groups) groups",
      expected: "counts of 1 or more, and groups that divide both")
    let axes = Self.spatialAxes
    let kernel = kernelSize.resolved(axes: axes, "\(Self.self)", "the kernel size")
    strides.check(axes: axes, "\(Self.self)", "a stride")
    dilations.check(axes: axes, "\(Self.self)", "a dilation")
    padding.check(axes: axes, "\(Self.self)")
    let channels = Self.filterChannels(input: inputChannels, output: outputChannels, groups: groups)
    let drawn = Self.draw(
      Shape(kernel + channels), groups: groups, dataType: dataType, from: stream, by: initializer)
    filter = Parameter(drawn, name: "filter")
    bias = usesBias ? Parameter(.zeros([outputChannels], dataType: dataType), name: "bias") : nil
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.groups = groups
    self.method = method
    self.initializer = initializer
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { convolve(images, filter.value, bias?.value) }
  }

  /// This layer, then a normalization, an addition and an activation, in as few passes over memory as can be.
  ///
  /// ```swift
  /// conv(x, normalizedBy: norm, adding: shortcut, activation: .relu)  // (norm(conv(x)) + shortcut).relu()
  /// ```
  ///
  /// The result has the bits of the parts one after the other, but for one case: where the normalization is in
  /// inference mode and nothing is recorded, it is applied as the output is stored, and agrees with the parts
  /// within rounding. While layers are observed, or anomalies looked for, the parts run on their own.
  ///
  /// - Parameters:
  ///   - images: Shape `[batch, spatial sizes…, channels]`.
  ///   - norm: What normalizes the output; nil for nothing.
  ///   - addend: What is then added, in the output's shape; nil for nothing.
  ///   - activation: What is applied last.
  /// - Returns: Shape `[batch, spatial sizes…, output channels]`.
  /// - Traps: where ranks, channels, types or sizes do not fit, also those of the normalization and the addend.
  public func callAsFunction(
    _ images: Tensor, normalizedBy norm: BatchNorm? = nil, adding addend: Tensor? = nil,
    activation: OutputActivation = .identity
  ) -> Tensor {
    if layersAreObserved {
      let output = norm.map { $0(self(images)) } ?? self(images)
      return output.followed(adding: addend, activation: activation)
    }
    guard let norm else {
      return convolve(images, filter.value, bias?.value, adding: addend, activation: activation)
    }
    guard Self.isFoldable, norm.mode == .inference, norm.scale.dataType == filter.dataType,
      norm.scale.shape == [filter.shape[filter.shape.rank - 1]],
      mayRewriteOperators(on: [
        images, addend, filter.value, bias?.value, norm.scale.value, norm.offset.value,
      ])
    else { return norm(convolve(images, filter.value, bias?.value), adding: addend, activation: activation) }
    let (factor, shift) = norm.inferenceScaling
    return images.convolved(
      with: filter.value, scaledBy: factor, bias: bias.map { $0.value * factor + shift } ?? shift,
      strides: strides, padding: padding, dilations: dilations, groups: groups, adding: addend,
      activation: activation, method: method)
  }

  /// The output with the given filters, and what follows.
  func convolve(
    _ images: Tensor, _ filter: Tensor, _ bias: Tensor?, adding addend: Tensor? = nil,
    activation: OutputActivation = .identity
  ) -> Tensor {
    images.convolved(
      with: filter, bias: bias, strides: strides, padding: padding, dilations: dilations, groups: groups,
      adding: addend, activation: activation, method: method)
  }

  /// Whether the last axis of the filters is that of the output channels, which a normalization then scales as
  /// they are stored.
  class var isFoldable: Bool { true }

  public func initialize(from stream: (String) -> RandomStream) {
    filter.value = Self.draw(
      filter.shape, groups: groups, dataType: filter.dataType, from: stream("filter"), by: initializer)
    bias?.update { $0 = .zeros(like: $0) }
  }

  /// The number of spatial axes.
  class var spatialAxes: Int {
    Failure(
      "\(Self.self)", "the number of spatial axes is open", given: "\(Self.self)",
      expected: "a class such as Conv1D, Conv2D or Conv3D"
    ).trap()
  }

  /// The last two sizes of the filters.
  class func filterChannels(input: Int, output: Int, groups: Int) -> [Int] { [input / groups, output] }

  /// New filters.
  class func draw(
    _ shape: Shape, groups: Int, dataType: DataType, from stream: RandomStream, by initializer: Initializer
  ) -> Tensor {
    initializer(shape, dataType: dataType, from: stream)
  }
}

/// Filters that slide over sequences: `[batch, length, in] → [batch, length', out]`.
public final class Conv1D: Convolution {
  override class var spatialAxes: Int { 1 }
}

/// Filters that slide over images: `[batch, height, width, in] → [batch, height', width', out]`.
///
/// ```swift
/// let layer = Conv2D(inputChannels: 3, outputChannels: 16, kernelSize: 5, padding: .same)
/// ```
public final class Conv2D: Convolution {
  override class var spatialAxes: Int { 2 }
}

/// Filters that slide over volumes: `[batch, depth, height, width, in] → [batch, depth', height', width', out]`.
public final class Conv3D: Convolution {
  override class var spatialAxes: Int { 3 }
}
