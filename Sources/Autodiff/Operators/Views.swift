extension Tensor {
  /// The same elements, in row-major order, in another shape; no copy where they already lie in that order.
  ///
  /// - Parameter sizes: The new sizes; one of them may be -1, which stands for what is left.
  /// - Traps: where the number of elements differs, more than one size is -1, or one is below.
  public func reshaped(to sizes: [Int]) -> Tensor {
    require(
      sizes.allSatisfy { $0 >= -1 }, "reshaped", "a size is negative", given: "\(shape) to \(sizes)",
      expected: "sizes of 0 or more", hint: "one size may be -1, for what is left")
    let unknown = sizes.count { $0 == -1 }
    require(
      unknown <= 1, "reshaped", "more than one size is -1", given: "\(shape) to \(sizes)",
      expected: "-1 once, for what the other sizes leave")
    let known = Shape(unchecked: sizes.map { $0 == -1 ? 1 : $0 }).elementCount
    require(
      unknown == 1 ? known > 0 && count % known == 0 : known == count,
      "reshaped", "the number of elements differs", given: "\(shape) to \(sizes)",
      expected: "sizes whose product is \(count)", hint: "one size may be -1, for what is left")
    return reshaped(to: Shape(unchecked: sizes.map { $0 == -1 ? count / known : $0 }))
  }

  /// The same elements, in row-major order, in another shape; no copy where they already lie in that order.
  ///
  /// - Traps: where the number of elements differs.
  public func reshaped(to shape: Shape) -> Tensor {
    if shape == self.shape { return unchanged }
    require(
      shape.elementCount == count, "reshaped", "the number of elements differs",
      given: "\(self.shape) to \(shape)", expected: "sizes whose product is \(count)")
    let original = self.shape
    return contiguous().view(shape: shape, strides: nil)
      .recorded(as: "reshaped", GradientPath(to: self) { $0.reshaped(to: original) })
  }

  /// All axes from the given one merged into one: by default a batch of images becomes a batch of vectors, in
  /// height, width, channels order.
  ///
  /// - Parameter axis: The first axis to be merged; below 0 counts from the last, and the number of axes merges none
  ///   and adds one of size 1.
  /// - Returns: Shape `[sizes before axis…, product of the others]`.
  /// - Traps: where there is no such axis.
  public func flattened(from axis: Int = 1) -> Tensor {
    require(
      axis >= -rank && axis <= rank, "flattened", "no such axis", given: "axis \(axis) of shape \(shape)",
      expected: "an axis in \(-rank)...\(rank)")
    let first = axis < 0 ? axis + rank : axis
    let kept = Array(shape.sizes[..<first])
    return reshaped(to: Shape(unchecked: kept + [shape.sizes[first...].reduce(1, *)]))
  }

  /// The axes in another order, without a copy.
  ///
  /// - Parameter permutation: Which axis of this tensor each axis of the result is.
  /// - Traps: where an axis is missing or named twice.
  public func transposed(_ permutation: [Int]) -> Tensor {
    require(
      permutation.count == rank, "transposed", "not a permutation of the axes",
      given: "\(permutation) for shape \(shape)", expected: "each of the \(rank) axes once")
    let axes = permutation.map { shape.resolve(axis: $0, "transposed") }
    require(
      Set(axes).count == rank, "transposed", "not a permutation of the axes",
      given: "\(permutation) for shape \(shape)", expected: "each of the \(rank) axes once")
    let strides = effectiveStrides
    var inverse = axes
    for (position, axis) in axes.enumerated() { inverse[axis] = position }
    return view(shape: Shape(unchecked: axes.map { shape.sizes[$0] }), strides: axes.map { strides[$0] })
      .recorded(as: "transposed", GradientPath(to: self) { [inverse] in $0.transposed(inverse) })
  }

  /// The last two axes exchanged, without a copy.
  ///
  /// - Traps: where there are fewer than two.
  public func transposed() -> Tensor {
    require(
      rank >= 2, "transposed", "too few axes", given: "shape \(shape)", expected: "two axes or more")
    return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// A new axis of size 1 before the given one; -1 adds it at the end. No copy.
  ///
  /// - Traps: where there is no such place.
  public func expandedDimensions(at axis: Int) -> Tensor {
    let place = shape.resolve(place: axis, "expandedDimensions")
    var (sizes, strides) = (shape.sizes, effectiveStrides)
    sizes.insert(1, at: place)
    strides.insert(1, at: place)
    return view(shape: Shape(unchecked: sizes), strides: strides)
      .recorded(as: "expandedDimensions", GradientPath(to: self) { $0.squeezed(axis: place) })
  }

  /// Without an axis of size 1. No copy.
  ///
  /// - Traps: where the axis is longer, or there is no such axis.
  public func squeezed(axis: Int) -> Tensor {
    let place = shape.resolve(axis: axis, "squeezed")
    require(
      shape.sizes[place] == 1, "squeezed", "the axis is not of size 1",
      given: "axis \(axis) of shape \(shape)", expected: "a size of 1")
    var (sizes, strides) = (shape.sizes, effectiveStrides)
    sizes.remove(at: place)
    strides.remove(at: place)
    return view(shape: Shape(unchecked: sizes), strides: strides)
      .recorded(as: "squeezed", GradientPath(to: self) { $0.expandedDimensions(at: place) })
  }
}
