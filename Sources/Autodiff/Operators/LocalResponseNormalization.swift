extension Tensor {
  /// Each element divided by a power of the squares at its place in neighbouring channels.
  ///
  /// ```
  /// output[…, c] = x[…, c] / (k + alpha / size · Σ x[…, i]²) ^ beta
  /// ```
  ///
  /// where i runs over `size` channels around c, from c − ⌊size / 2⌋ on; those that do not exist are 0.
  ///
  /// - Parameters:
  ///   - size: The number of channels that act on one, 1 or more.
  ///   - alpha: The weight of the mean square. The paper has a weight of the sum, `size` times smaller.
  ///   - beta: The power.
  ///   - k: Keeps the divisor from 0.
  /// - Traps: where the type is not a floating-point one, there is no channel axis, or the size is below 1 or too
  ///   large.
  /// - Source: Krizhevsky, Sutskever, Hinton, ImageNet Classification with Deep Convolutional Neural Networks, 2012,
  ///   doi:10.1145/3065386.
  public func localResponseNormalized(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Tensor {
    let name = "localResponseNormalized"
    requireFloatingPoint(name)
    require(
      size >= 1 && rank >= 1, name, "there are no neighbours to look at",
      given: "size \(size), shape \(shape)", expected: "a size of 1 or more, and an axis of channels")
    require(
      size <= Extents.largest, name, "the size is too large", given: "\(size)",
      expected: "at most \(Extents.largest)")
    if count == 0 { return unchanged }
    let channels = shape.sizes[rank - 1]
    // [1, channels, positions]: one image along the channels, of which the pooling takes many positions at once.
    // The padding counts as zeros.
    let meanSquares = squared().reshaped(to: [-1, channels]).transposed().expandedDimensions(at: 0)
      .averagePooled(
        kernelSize: [size], strides: 1,
        padding: .explicit([PaddingWidths(before: size / 2, after: (size - 1) / 2)])
      )
      .squeezed(axis: 0).transposed().reshaped(to: shape)
    return self * (meanSquares * alpha + k).raised(to: -beta)
  }
}
