import AdjointKernels

/// How an image is read between its pixels.
public enum Interpolation: Sendable, Hashable {
  /// The pixel ⌊i · n / m⌋ for place i of m.
  case nearest
  /// Along each axis, the weighted mean of the two pixels around a place: bilinear in two dimensions.
  ///
  /// Pixels are areas, the center of the first of which is at ½, so that place i of m is read at
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
  /// - Traps: where the shape or the type is not that of images, the images are empty, or the given sizes do not fit
  ///   the axes or are below 1.
  public func resized(to size: Extents, _ interpolation: Interpolation) -> Tensor {
    let axes = spatialAxisCount("resized")
    requirePixels(axes: axes, "resized")
    let sizes = size.resolved(axes: axes, "resized", "the size")
    func resampling(_ axis: Int) -> Resampling {
      interpolation.resampling(from: shape.sizes[axis], to: sizes[axis - 1])
    }
    var remaining = (1...axes).filter { sizes[$0 - 1] != shape.sizes[$0] }[...]
    var image = unchanged
    while let axis = remaining.popFirst() {
      // Two neighbours in one pass.
      if remaining.first == axis + 1 {
        remaining.removeFirst()
        image = image.resampled(
          rows: resampling(axis), columns: resampling(axis + 1), axes: axis..<axis + 2)
      } else {
        image = image.resampled(rows: .none, columns: resampling(axis), axes: axis..<axis + 1)
      }
    }
    return image
  }

  /// Images several times as large, in one, two or three spatial dimensions.
  ///
  /// - Parameters:
  ///   - factor: How many times as large, along each spatial axis.
  ///   - interpolation: How images are read between pixels.
  /// - Returns: Shape `[batch, sizes · factors…, channels]`.
  /// - Traps: where the shape or the type is not that of images, the images are empty, the factors do not fit the axes or
  ///   are below 1, or the result is too large.
  public func upsampled(by factor: Extents, _ interpolation: Interpolation = .nearest) -> Tensor {
    let axes = spatialAxisCount("upsampled")
    requirePixels(axes: axes, "upsampled")
    let factors = factor.resolved(axes: axes, "upsampled", "a factor")
    require(
      zip(shape.sizes[1...], factors).allSatisfy { $0 <= Extents.largest / $1 }, "upsampled",
      "the image is too large", given: "shape \(shape), factors \(factors)",
      expected: "at most \(Extents.largest) places along each axis of the result")
    return resized(to: Extents(zip(shape.sizes[1...], factors).map { $0 * $1 }), interpolation)
  }

  /// Resampled along one axis as columns, or along two neighbouring axes as rows and columns.
  private func resampled(rows: Resampling, columns: Resampling, axes: Range<Int>) -> Tensor {
    let source = contiguous()
    let (outer, _, inner) = shape.extents(around: axes)
    var sizes = shape.sizes
    sizes.replaceSubrange(axes, with: [rows.outputs, columns.outputs].suffix(axes.count))
    let value = Tensor(Shape(unchecked: sizes), dataType) {
      Resampling.combine(
        rows: rows, columns: columns, x: source.region, into: $0, outer: outer, channels: inner,
        type: dataType.elementType)
    }
    return value.recorded(
      as: "resized",
      GradientPath(to: self) {
        $0.resampled(rows: rows.transposed, columns: columns.transposed, axes: axes)
      })
  }
}

extension Interpolation {
  /// How `count` places are read from `size` pixels.
  fileprivate func resampling(from size: Int, to count: Int) -> Resampling {
    switch self {
    case .nearest:
      return Resampling(inputs: size, terms: (0..<count).map { [Resampling.Term($0 * size / count, 1)] })
    case .linear(let alignsCorners):
      let terms = (0..<count).map { index in
        let place =
          alignsCorners
          ? Self.point(index, of: count, in: size) : Self.center(index, of: count, in: size)
        let lower = Int(place)
        let weight = place - Double(lower)
        return [Resampling.Term(lower, 1 - weight), (lower + 1, weight)]
      }
      return Resampling(inputs: size, terms: terms)
    }
  }

  /// Where place `index` of `count` lies among `size` pixels that are areas, held to their centers.
  private static func center(_ index: Int, of count: Int, in size: Int) -> Double {
    let place = (Double(index) + 0.5) * Double(size) / Double(count) - 0.5
    return Swift.min(Swift.max(place, 0), Double(size - 1))
  }

  /// Where place `index` of `count` lies among `size` pixels that are points.
  private static func point(_ index: Int, of count: Int, in size: Int) -> Double {
    count > 1 ? Double(index * (size - 1)) / Double(count - 1) : 0
  }
}
