import AdjointAutodiff

/// The mean of each of a number of windows, by channel, whatever the images' size.
public final class AdaptiveAveragePool: Layer {
  private let size: Extents

  /// A layer that makes images of the given size.
  ///
  /// - Parameter size: How many windows there are along each spatial axis.
  /// - Traps: where a number is below 1.
  public init(size: Extents) {
    size.check("AdaptiveAveragePool", "the size")
    self.size = size
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.adaptiveAveragePooled(to: size) }
  }
}

/// The largest value in each of a number of windows, by channel, whatever the images' size.
public final class AdaptiveMaxPool: Layer {
  private let size: Extents

  /// A layer that makes images of the given size.
  ///
  /// - Parameter size: How many windows there are along each spatial axis.
  /// - Traps: where a number is below 1.
  public init(size: Extents) {
    size.check("AdaptiveMaxPool", "the size")
    self.size = size
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.adaptiveMaxPooled(to: size) }
  }
}

/// The mean of each channel over all spatial axes: `[batch, spatial sizes…, channels] → [batch, channels]`.
public final class GlobalAveragePool: Layer {
  /// A layer without settings.
  public init() {}

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.globalAveragePooled() }
  }
}

/// The largest value of each channel over all spatial axes: `[batch, spatial sizes…, channels] → [batch, channels]`.
public final class GlobalMaxPool: Layer {
  /// A layer without settings.
  public init() {}

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.globalMaxPooled() }
  }
}
