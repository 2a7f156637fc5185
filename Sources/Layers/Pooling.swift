import AdjointAutodiff

/// The largest value in each window, by channel.
public final class MaxPool: Layer {
  private let kernelSize: Extents
  private let strides: Extents?
  private let padding: Padding
  private let keepsPartialWindows: Bool

  /// A layer with windows of the given size.
  ///
  /// - Parameters:
  ///   - kernelSize: The window's size along each spatial axis.
  ///   - strides: The distance between windows; nil for the window's size.
  ///   - padding: How far images are extended; padding is never the largest.
  ///   - keepsPartialWindows: Whether a last window that reaches beyond the image counts.
  public init(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, keepsPartialWindows: Bool = false
  ) {
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.keepsPartialWindows = keepsPartialWindows
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) {
      images.maxPooled(
        kernelSize: kernelSize, strides: strides, padding: padding, keepsPartialWindows: keepsPartialWindows)
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
  public init(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, countsPadding: Bool = true,
    keepsPartialWindows: Bool = false
  ) {
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
