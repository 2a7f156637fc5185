extension Tensor {
  /// Channels spread out over pixels: channel c · factor² + i · factor + j goes to row offset i and column offset j
  /// of channel c.
  ///
  /// - Parameter factor: How many times as high and wide images become.
  /// - Returns: From `[batch, h, w, c · factor²]`, shape `[batch, h · factor, w · factor, c]`.
  /// - Traps: where the shape is not that of images, the factor is below 1, or the channels do not divide.
  /// - Source: Shi and others, Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
  ///   Convolutional Neural Network, 2016, arXiv:1609.05158.
  public func pixelShuffled(factor: Int) -> Tensor {
    requirePlane("pixelShuffled", factor: factor)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let area = factor * factor
    require(
      channels % area == 0, "pixelShuffled", "channels do not divide",
      given: "shape \(shape), factor \(factor)", expected: "a multiple of \(area) channels")
    return reshaped(to: Shape([batch, height, width, channels / area, factor, factor]))
      .transposed([0, 1, 4, 2, 5, 3])
      .reshaped(to: Shape([batch, height * factor, width * factor, channels / area]))
  }

  /// Pixels gathered in channels: the inverse of ``pixelShuffled(factor:)``.
  ///
  /// - Parameter factor: How many times as low and narrow images become.
  /// - Returns: From `[batch, h · factor, w · factor, c]`, shape `[batch, h, w, c · factor²]`.
  /// - Traps: where the shape is not that of images, the factor is below 1, or the height or width does not divide.
  public func pixelUnshuffled(factor: Int) -> Tensor {
    requirePlane("pixelUnshuffled", factor: factor)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    require(
      height % factor == 0 && width % factor == 0, "pixelUnshuffled", "the size does not divide",
      given: "shape \(shape), factor \(factor)",
      expected: "a height and width that are multiples of \(factor)")
    return reshaped(to: Shape([batch, height / factor, factor, width / factor, factor, channels]))
      .transposed([0, 1, 3, 5, 2, 4])
      .reshaped(to: Shape([batch, height / factor, width / factor, channels * factor * factor]))
  }

  private func requirePlane(_ operation: String, factor: Int) {
    require(
      rank == 4, operation, "not a batch of images", given: "shape \(shape)",
      expected: "[batch, height, width, channels]")
    require(
      factor >= 1, operation, "the factor is too small", given: "\(factor)", expected: "1 or more")
    require(
      factor <= Extents.largest, operation, "the factor is too large", given: "\(factor)",
      expected: "at most \(Extents.largest)")
  }
}
