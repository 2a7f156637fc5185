import AdjointAutodiff

/// What ``Conv1DTranspose``, ``Conv2DTranspose`` and ``Conv3DTranspose`` are: filters that each place of an image adds
/// a multiple of to a larger image. Their shape is `[spatial sizes…, out / groups, in]`.
public class TransposedConvolution: Convolution {
  /// By how much outputs are longer at the end of each axis.
  public let outputPadding: Extents

  /// A layer with filters drawn at random and biases of 0.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the images.
  ///   - outputChannels: Channels of the larger images.
  ///   - kernelSize: The size of a filter along each spatial axis.
  ///   - strides: The distance between the places that neighbours add to.
  ///   - padding: How much is cut off the output's ends; `.same` makes it as many times larger as the stride.
  ///   - outputPadding: By how much outputs are longer at the end of each axis.
  ///   - dilations: The distance between the places that a filter adds to.
  ///   - groups: Into how many parts the channels are split, each with filters of its own.
  ///   - usesBias: Whether a number is added to each output channel.
  ///   - method: How outputs and gradients are computed.
  ///   - initializer: How the filters are drawn.
  ///   - dataType: The type of the parameters.
  ///   - stream: Where the numbers come from.
  /// - Traps: where the groups do not divide the channels, a number is below 1, a padding below 0, or there is
  ///   neither one number nor one for each axis.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: Extents, strides: Extents = 1,
    padding: Padding = .valid, outputPadding: Extents = 0, dilations: Extents = 1, groups: Int = 1,
    usesBias: Bool = true, method: ConvolutionMethod = .automatic, initializer: Initializer = .heNormal,
    dataType: DataType = .float32, from stream: RandomStream = .standard
  ) {
    outputPadding.check(axes: Self.spatialAxes, atLeast: 0, "\(Self.self)", "an output padding")
    self.outputPadding = outputPadding
    super.init(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: kernelSize, strides: strides,
      padding: padding, dilations: dilations, groups: groups, usesBias: usesBias, method: method,
      initializer: initializer, dataType: dataType, from: stream)
  }

  override func convolve(
    _ images: Tensor, _ filter: Tensor, _ bias: Tensor?, adding addend: Tensor? = nil,
    activation: OutputActivation = .identity
  ) -> Tensor {
    images.transposeConvolved(
      with: filter, bias: bias, strides: strides, padding: padding, outputPadding: outputPadding,
      dilations: dilations, groups: groups, method: method
    ).followed(adding: addend, activation: activation)
  }

  override class var isFoldable: Bool { false }

  override class func filterChannels(input: Int, output: Int, groups: Int) -> [Int] {
    [output / groups, input]
  }

  /// Draws what a convolution of as many inputs and outputs draws, so that the fan-in is counted over the inputs that
  /// an output sees, and exchanges these axes within each group.
  override class func draw(
    _ shape: Shape, groups: Int, dataType: DataType, from stream: RandomStream, by initializer: Initializer
  ) -> Tensor {
    let kernel = Array(shape.sizes.dropLast(2))
    let (outputs, inputs) = (shape.sizes[shape.rank - 2], shape.sizes[shape.rank - 1] / groups)
    let drawn = initializer(Shape(kernel + [inputs, groups * outputs]), dataType: dataType, from: stream)
    return drawn.reshaped(to: kernel + [inputs, groups, outputs]).swappedAxes(-1, -3).reshaped(to: shape)
      .copied()
  }
}

/// Enlarges sequences: `[batch, length, in] → [batch, length', out]`.
public final class Conv1DTranspose: TransposedConvolution {
  override class var spatialAxes: Int { 1 }
}

/// Enlarges images: `[batch, height, width, in] → [batch, height', width', out]`.
///
/// ```swift
/// let layer = Conv2DTranspose(inputChannels: 16, outputChannels: 8, kernelSize: 4, strides: 2, padding: .same)
/// ```
public final class Conv2DTranspose: TransposedConvolution {
  override class var spatialAxes: Int { 2 }
}

/// Enlarges volumes: `[batch, depth, height, width, in] → [batch, depth', height', width', out]`.
public final class Conv3DTranspose: TransposedConvolution {
  override class var spatialAxes: Int { 3 }
}
