import AdjointKernels

/// How an image is read between its pixels.
public enum Interpolation: Sendable, Hashable {
  /// The pixel ⌊i · n / m⌋ for place i of m.
  case nearest
  /// Along each axis, the weighted mean of the two pixels around a place: bilinear in two dimensions.
  ///
  /// Pixels are areas, the centre of the first of which is at ½, so that place i of m is read at
  /// (i + ½) · n / m; or, with corners aligned, they are points, of which the first and the last keep their places.
  case linear(alignsCorners: Bool = false)
}

extension Tensor {
  /// Images of another size, in one, two or three spatial dimensions.
  ///
  /// - Parameters:
  ///   - size: The size of each spatial axis.
  ///   - interpolation: How images are read between pixels.
  /// - Returns: Shape `[batch, the given sizes…, channels]`.
  /// - Traps: where the shape is not that of images, or a size is 0.
  public func resized(to size: Extents, _ interpolation: Interpolation) -> Tensor {
    let axes = spatialAxisCount("resized")
    require(
      shape.sizes[1...axes].allSatisfy { $0 > 0 }, "resized", "the image is empty", given: "shape \(shape)",
      expected: "spatial sizes of 1 or more")
    return size.resolved(axes: axes, "resized", "the size").enumerated().reduce(self) { image, next in
      image.resized(axis: next.offset + 1, to: next.element, interpolation)
    }
  }

  /// Images several times as large, in one, two or three spatial dimensions.
  ///
  /// - Parameters:
  ///   - factor: How many times as large, along each spatial axis.
  ///   - interpolation: How images are read between pixels.
  /// - Returns: Shape `[batch, sizes · factors…, channels]`.
  /// - Traps: where the shape is not that of images, or a factor is below 1.
  public func upsampled(by factor: Extents, _ interpolation: Interpolation = .nearest) -> Tensor {
    let axes = spatialAxisCount("upsampled")
    let factors = factor.resolved(axes: axes, "upsampled", "a factor")
    return resized(to: Extents(zip(shape.sizes[1...], factors).map { $0 * $1 }), interpolation)
  }

  private func resized(axis: Int, to count: Int, _ interpolation: Interpolation) -> Tensor {
    let size = shape.sizes[axis]
    if count == size { return self }
    switch interpolation {
    case .nearest:
      let terms = (0..<count).map { [Resampling.Term($0 * size / count, 1)] }
      return resampled(by: Resampling(inputRows: size, terms: terms), axis: axis)
    case .linear(let alignsCorners):
      let terms = (0..<count).map { index in
        let place =
          alignsCorners
          ? Self.point(index, of: count, in: size) : Self.centre(index, of: count, in: size)
        let lower = Int(place)
        let weight = place - Double(lower)
        return [Resampling.Term(lower, 1 - weight), (lower + 1, weight)]
      }
      return resampled(by: Resampling(inputRows: size, terms: terms), axis: axis)
    }
  }

  private func resampled(by resampling: Resampling, axis: Int) -> Tensor {
    let source = contiguous()
    let (outer, _, inner) = shape.extents(around: axis..<axis + 1)
    let value = Tensor(shape.replacing(axis: axis, with: resampling.outputRows), dataType) {
      resampling.combine(
        x: source.region, into: $0, outer: outer, columns: inner, type: dataType.elementType)
    }
    return value.recorded(
      as: "resized", GradientPath(to: self) { $0.resampled(by: resampling.transposed, axis: axis) })
  }

  /// Where place `index` of `count` lies among `size` pixels that are areas, held to their centres.
  private static func centre(_ index: Int, of count: Int, in size: Int) -> Double {
    let place = (Double(index) + 0.5) * Double(size) / Double(count) - 0.5
    return Swift.min(Swift.max(place, 0), Double(size - 1))
  }

  /// Where place `index` of `count` lies among `size` pixels that are points.
  private static func point(_ index: Int, of count: Int, in size: Int) -> Double {
    count > 1 ? Double(index * (size - 1)) / Double(count - 1) : 0
  }
}
