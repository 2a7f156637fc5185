import AdjointAutodiff

/// Makes images several times as large.
public final class Upsample: Layer {
  private let factor: Extents
  private let interpolation: Interpolation

  /// A layer that enlarges each spatial axis.
  ///
  /// - Parameters:
  ///   - factor: How many times as large.
  ///   - interpolation: How images are read between pixels.
  /// - Traps: where a factor is below 1.
  public init(by factor: Extents, _ interpolation: Interpolation = .nearest) {
    factor.check("Upsample", "a factor")
    self.factor = factor
    self.interpolation = interpolation
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.upsampled(by: factor, interpolation) }
  }
}

/// Spreads channels out over pixels: `[batch, h, w, c · factor²] → [batch, h · factor, w · factor, c]`.
public final class PixelShuffle: Layer {
  private let factor: Int

  /// A layer that makes images the given number of times as high and wide.
  ///
  /// - Traps: where the factor is below 1.
  public init(factor: Int) {
    Extents(factor).check("PixelShuffle", "the factor")
    self.factor = factor
  }

  public func callAsFunction(_ images: Tensor) -> Tensor {
    observed(images) { images.pixelShuffled(factor: factor) }
  }
}
