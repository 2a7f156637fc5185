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
      return taken(at: Tensor((0..<count).map { $0 * size / count }), axis: axis)
    case .linear(let alignsCorners):
      let places = (0..<count).map {
        alignsCorners ? Self.point($0, of: count, in: size) : Self.centre($0, of: count, in: size)
      }
      let lower = places.map { Int($0) }
      let upper = lower.map { Swift.min($0 + 1, size - 1) }
      let ones = Array(repeating: 1, count: rank - 1 - axis)
      let weights = Tensor(
        zip(places, lower).map { $0 - Double($1) }, shape: Shape([count] + ones), dataType: dataType)
      let before = taken(at: Tensor(lower), axis: axis)
      return before + (taken(at: Tensor(upper), axis: axis) - before) * weights
    }
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
