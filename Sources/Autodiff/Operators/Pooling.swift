import AdjointKernels

extension Tensor {
  /// The largest value in each window, by channel, over one, two or three spatial axes.
  ///
  /// Padding is never the largest. NaN wins over any number.
  ///
  /// - Parameters:
  ///   - kernelSize: The window's size along each spatial axis.
  ///   - strides: The distance between windows; nil for the window's size.
  ///   - padding: How far the image is extended; at most half a window.
  ///   - dilations: The distance between the places that a window looks at.
  ///   - keepsPartialWindows: Whether a last window that reaches beyond the image counts.
  /// - Returns: Shape `[batch, spatial sizes…, channels]`.
  /// - Gradient: goes to the first of the largest in row-major order.
  /// - Traps: where the shape or the type is not that of images, there are more than 2³¹ − 1 places, the window or its
  ///   padding does not fit, or a window sees nothing of the image.
  public func maxPooled(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, dilations: Extents = 1,
    keepsPartialWindows: Bool = false
  ) -> Tensor {
    let axes = poolingAxes(
      "maxPooled", kernelSize, strides, padding, dilations: dilations, isMaximum: true,
      keepsPartialWindows: keepsPartialWindows)
    return ImagePooling(images: shape, axes: axes).maximum(of: self)
  }

  /// The mean of each window, by channel, over one, two or three spatial axes.
  ///
  /// - Parameters:
  ///   - kernelSize: The window's size along each spatial axis.
  ///   - strides: The distance between windows; nil for the window's size.
  ///   - padding: How far the image is extended with zeros; at most half a window.
  ///   - countsPadding: Whether the zeros count in the mean.
  ///   - keepsPartialWindows: Whether a last window that reaches beyond the image counts; what lies beyond the
  ///     padding never does.
  /// - Returns: Shape `[batch, spatial sizes…, channels]`.
  /// - Traps: where the shape or the type is not that of images, there are more than 2³¹ − 1 places along an axis, the
  ///   window or its padding does not fit, or a window sees nothing of the image while padding does not count.
  public func averagePooled(
    kernelSize: Extents, strides: Extents? = nil, padding: Padding = .valid, countsPadding: Bool = true,
    keepsPartialWindows: Bool = false
  ) -> Tensor {
    let axes = poolingAxes(
      "averagePooled", kernelSize, strides, padding, countsPadding: countsPadding,
      keepsPartialWindows: keepsPartialWindows)
    return ImagePooling(images: shape, axes: axes).average(of: self)
  }

  private func poolingAxes(
    _ name: String, _ kernelSize: Extents, _ strides: Extents?, _ padding: Padding, dilations: Extents = 1,
    isMaximum: Bool = false, countsPadding: Bool = false, keepsPartialWindows: Bool
  ) -> [PoolingAxis] {
    let sizes = pooledSizes(name, isMaximum: isMaximum)
    let axes = sizes.count
    let windows = Windows(
      over: sizes,
      kernelSize: kernelSize.resolved(axes: axes, name, "the kernel size"),
      strides: (strides ?? kernelSize).resolved(axes: axes, name, "a stride"),
      dilations: dilations.resolved(axes: axes, name, "a dilation"), padding: padding, name)
    require(
      windows.padding.indices.allSatisfy {
        Swift.max(windows.padding[$0].before, windows.padding[$0].after) * 2 <= windows.reaches[$0]
      }, name, "the padding is more than half a window",
      given: "padding \(windows.padding.map { [$0.before, $0.after] }), window \(windows.reaches)",
      expected: "at most half a window at each end")
    let places: [PoolingAxis] = windows.imageSize.indices.map { axis in
      .regular(
        inputSize: windows.imageSize[axis], kernelSize: windows.kernelSize[axis],
        stride: windows.strides[axis],
        paddingBefore: windows.padding[axis].before, paddingAfter: windows.padding[axis].after,
        dilation: windows.dilations[axis], includesPartialWindows: keepsPartialWindows,
        countsPadding: countsPadding)
    }
    require(
      countsPadding || !places.contains(where: \.hasEmptyWindow), name,
      "a window sees nothing of the image",
      given: "kernel size \(windows.kernelSize), dilations \(windows.dilations), image \(windows.imageSize), "
        + "padding \(windows.padding.map { [$0.before, $0.after] })",
      expected: "a place of the image in each window",
      hint: "less padding or smaller dilations bring windows to the image")
    return places
  }

  /// The spatial sizes. Kernels count the places along an axis in 32 bits, and of maxima those of an image.
  func pooledSizes(_ operation: String, isMaximum: Bool) -> [Int] {
    let sizes = Array(shape.sizes[1...spatialAxisCount(operation)])
    let places = isMaximum ? sizes.reduce(1) { $0 * Double($1) } : 0
    require(
      sizes.allSatisfy { $0 <= Extents.largest } && places <= Double(Extents.largest), operation,
      "the image is too large", given: "shape \(shape)",
      expected: "at most \(Extents.largest) places\(isMaximum ? "" : " along each axis")")
    return sizes
  }
}

/// Pooling of images with its windows settled. Means are linear, and a maximum is a choice of places, which is
/// linear once made; each has a transpose, and these are each other's derivatives.
struct ImagePooling: Sendable {
  let pooling: Pooling
  let imageShape: Shape
  let pooledShape: Shape

  init(images shape: Shape, axes: [PoolingAxis]) {
    let spatial = Array(repeating: PoolingAxis.untouched(size: 1), count: 3 - axes.count) + axes
    imageShape = shape
    pooledShape = Shape(unchecked: [shape.sizes[0]] + axes.map(\.outputSize) + [shape.sizes[shape.rank - 1]])
    pooling = Pooling(
      batch: shape.sizes[0], depth: spatial[0], height: spatial[1], width: spatial[2],
      channels: shape.sizes[shape.rank - 1])
  }

  func maximum(of images: Tensor) -> Tensor {
    let source = images.contiguous()
    let places = Buffer(byteCount: pooledShape.elementCount * ElementType.int32.byteCount)
    let value = Tensor(pooledShape, images.dataType) {
      pooling.maximum(x: source.region, into: $0, indices: places, type: images.dataType.elementType)
    }
    return value.recorded(as: "maxPooled", GradientPath(to: images) { spread($0, to: Region(places)) })
  }

  /// Each element added up at its place in the image.
  private func spread(_ pooled: Tensor, to places: Region) -> Tensor {
    let source = pooled.contiguous()
    let value = Tensor(imageShape, pooled.dataType) {
      pooling.maximumGradient(
        cotangent: source.region, indices: places, into: $0, type: pooled.dataType.elementType)
    }
    return value.recorded(
      as: "maxPooled gradient", GradientPath(to: pooled) { gather($0, from: places) })
  }

  /// The image's elements at the places.
  private func gather(_ images: Tensor, from places: Region) -> Tensor {
    let source = images.contiguous()
    let value = Tensor(pooledShape, images.dataType) {
      pooling.gather(x: source.region, indices: places, into: $0, type: images.dataType.elementType)
    }
    return value.recorded(
      as: "maxPooled selection", GradientPath(to: images) { spread($0, to: places) })
  }

  func average(of images: Tensor) -> Tensor {
    let source = images.contiguous()
    let value = Tensor(pooledShape, images.dataType) {
      pooling.average(x: source.region, into: $0, type: images.dataType.elementType)
    }
    return value.recorded(as: "averagePooled", GradientPath(to: images) { averageTransposed(of: $0) })
  }

  private func averageTransposed(of pooled: Tensor) -> Tensor {
    let source = pooled.contiguous()
    let value = Tensor(imageShape, pooled.dataType) {
      pooling.averageGradient(cotangent: source.region, into: $0, type: pooled.dataType.elementType)
    }
    return value.recorded(as: "averagePooled gradient", GradientPath(to: pooled) { average(of: $0) })
  }
}
