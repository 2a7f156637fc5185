extension Shape {
  /// Whether a tensor of this shape can be repeated to fill `other`: aligned at the last axis, each size is the
  /// other's or 1.
  package func broadcasts(to other: Shape) -> Bool {
    rank <= other.rank && zip(sizes.reversed(), other.sizes.reversed()).allSatisfy { $0 == $1 || $0 == 1 }
  }

  /// The shape that both fill when aligned at their last axes, sizes of 1 being repeated. Traps where there is none.
  package func broadcast(with other: Shape, _ operation: @autoclosure () -> String) -> Shape {
    guard let shape = broadcast(with: other) else {
      Failure(
        operation(), "shapes do not broadcast", given: "\(self) and \(other)",
        expected: "sizes that are equal or 1, aligned at the last axis",
        hint: "reshaped(to:) or expandedDimensions(at:) adds axes of size 1"
      ).trap()
    }
    return shape
  }

  /// The shape that both fill when aligned at their last axes, sizes of 1 being repeated, or nil.
  func broadcast(with other: Shape) -> Shape? {
    if self == other || other.rank == 0 { return self }
    if rank == 0 { return other }
    let (longer, shorter) = rank >= other.rank ? (self, other) : (other, self)
    var sizes = longer.sizes
    let shift = longer.rank - shorter.rank
    for (axis, size) in shorter.sizes.enumerated() where size != sizes[axis + shift] {
      if size != 1 && sizes[axis + shift] != 1 { return nil }
      if size != 1 { sizes[axis + shift] = size }
    }
    return Shape(unchecked: sizes)
  }

  /// The strides with which memory of this shape and the given strides is read as `other`: 0 where it repeats.
  package func broadcastStrides(_ strides: [Int], to other: Shape) -> [Int] {
    let shift = other.rank - rank
    return other.sizes.indices.map { axis in
      axis < shift || sizes[axis - shift] == 1 && other.sizes[axis] != 1 ? 0 : strides[axis - shift]
    }
  }
}

extension Tensor {
  /// This tensor repeated to fill a shape, without a copy.
  ///
  /// Aligned at the last axis, each size must be the shape's or 1.
  ///
  /// - Traps: where the shapes do not broadcast, or there would be too many elements.
  public func broadcast(to shape: Shape) -> Tensor {
    if shape == self.shape { return unchanged }
    require(
      self.shape.broadcasts(to: shape), "broadcast", "the shape does not broadcast",
      given: "\(self.shape) to \(shape)", expected: "sizes that are equal or 1, aligned at the last axis")
    require(
      shape.isCountable, "broadcast", "there are too many elements", given: "\(self.shape) to \(shape)",
      expected: "at most \(Shape.mostElements)")
    return view(shape: shape, strides: self.shape.broadcastStrides(effectiveStrides, to: shape))
      .recorded(as: "broadcast", GradientPath(to: self) { $0 })
  }

  /// The sum over the axes along which `shape` was repeated to become this one: the transpose of broadcasting.
  package func summed(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    let shift = rank - shape.rank
    let repeated = (0..<rank).filter {
      $0 < shift || shape.sizes[$0 - shift] == 1 && self.shape.sizes[$0] != 1
    }
    return sum(axes: repeated).reshaped(to: shape)
  }
}
