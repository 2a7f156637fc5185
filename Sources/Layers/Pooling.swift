import AdjointAutodiff

/// The largest value in each window, by channel.
public final class MaxPool: Layer {
  private let kernelSize: Extents
  private let strides: Extents?
  private let padding: Padding
  private let dilations: Extents
  private let keepsPartialWindows: Bool

  /// A layer with windows of the given size.
  ///
  /// - Parameters:
  ///   - kernelSize: The window's size along each spatial axis.
  ///   - strides: The distance between windows; nil for the window's size.
  ///   - padding: How far images are extended; padding is never the largest.
  ///   - dilations: The distance between the places that a window looks at.
  ///   - keepsPartialWindows: Whether a last window that reaches beyond the image counts.
  /// - Traps: where a number is below 1, or a padding below 0.
  public init(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, dilations: Extents = 1,
    keepsPartialWindows: Bool = false
  ) {
    checkPooling("MaxPool", kernelSize, strides, padding)
    dilations.check("MaxPool", "a dilation")
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.keepsPartialWindows = keepsPartialWindows
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) {
      images.maxPooled(
        kernelSize: kernelSize, strides: strides, padding: padding, dilations: dilations,
        keepsPartialWindows: keepsPartialWindows)
    }
  }
}

/// The mean of each window, by channel.
public final class AveragePool: Layer {
  private let kernelSize: Extents
  private let strides: Extents?
  private let padding: Padding
  private let countsPadding: Bool
  private let keepsPartialWindows: Bool

  /// A layer with windows of the given size.
  ///
  /// - Parameters:
  ///   - kernelSize: The window's size along each spatial axis.
  ///   - strides: The distance between windows; nil for the window's size.
  ///   - padding: How far images are extended with zeros.
  ///   - countsPadding: Whether the zeros count in the mean.
  ///   - keepsPartialWindows: Whether a last window that reaches beyond the image counts.
  /// - Traps: where a number is below 1, or a padding below 0.
  public init(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, countsPadding: Bool = true,
    keepsPartialWindows: Bool = false
  ) {
    checkPooling("AveragePool", kernelSize, strides, padding)
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.countsPadding = countsPadding
    self.keepsPartialWindows = keepsPartialWindows
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) {
      images.averagePooled(
        kernelSize: kernelSize, strides: strides, padding: padding, countsPadding: countsPadding,
        keepsPartialWindows: keepsPartialWindows)
    }
  }
}

private func checkPooling(_ layer: String, _ kernelSize: Extents, _ strides: Extents?, _ padding: Padding) {
  kernelSize.check(layer, "the kernel size")
  strides?.check(layer, "a stride")
  padding.check(layer)
}
