import AdjointKernels

extension Tensor {
  /// The mean of each of a number of windows, by channel, as even as can be: window i of m over a size n runs from
  /// ⌊i · n / m⌋ to ⌈(i + 1) · n / m⌉.
  ///
  /// - Parameter size: How many windows there are along each of one, two or three spatial axes.
  /// - Returns: Shape `[batch, the given sizes…, channels]`.
  /// - Traps: where the shape or the type is not that of images, an axis is empty or longer than 2³¹ − 1, or the given
  ///   sizes do not fit the axes or are below 1.
  public func adaptiveAveragePooled(to size: Extents) -> Tensor {
    let axes = adaptiveAxes(size, "adaptiveAveragePooled", isMaximum: false)
    return ImagePooling(images: shape, axes: axes).average(of: self)
  }

  /// The largest value in each of a number of windows, by channel, as even as can be: window i of m over a size n
  /// runs from ⌊i · n / m⌋ to ⌈(i + 1) · n / m⌉.
  ///
  /// - Parameter size: How many windows there are along each of one, two or three spatial axes.
  /// - Returns: Shape `[batch, the given sizes…, channels]`.
  /// - Gradient: goes to the first of the largest in row-major order.
  /// - Traps: where the shape or the type is not that of images, an axis is empty, there are more than 2³¹ − 1 places,
  ///   or the given sizes do not fit the axes or are below 1.
  public func adaptiveMaxPooled(to size: Extents) -> Tensor {
    let axes = adaptiveAxes(size, "adaptiveMaxPooled", isMaximum: true)
    return ImagePooling(images: shape, axes: axes).maximum(of: self)
  }

  /// The mean of each channel over all spatial axes.
  ///
  /// - Returns: Shape `[batch, channels]`.
  /// - Traps: where the shape or the type is not that of images.
  public func globalAveragePooled() -> Tensor {
    mean(axes: Array(1...spatialAxisCount("globalAveragePooled")))
  }

  /// The largest value of each channel over all spatial axes.
  ///
  /// - Returns: Shape `[batch, channels]`.
  /// - Gradient: shared evenly among ties.
  /// - Traps: where the shape or the type is not that of images, or an axis is empty.
  public func globalMaxPooled() -> Tensor {
    let axes = spatialAxisCount("globalMaxPooled")
    requirePixels(axes: axes, "globalMaxPooled")
    return max(axes: Array(1...axes))
  }

  private func adaptiveAxes(_ size: Extents, _ operation: String, isMaximum: Bool) -> [PoolingAxis] {
    let sizes = pooledSizes(operation, isMaximum: isMaximum)
    requirePixels(axes: sizes.count, operation)
    return zip(sizes, size.resolved(axes: sizes.count, operation, "the size")).map {
      .adaptive(inputSize: $0, outputSize: $1)
    }
  }
}
