extension Tensor {
  /// Two axes exchanged, without a copy; below 0 counts from the last.
  ///
  /// - Traps: where there is no such axis.
  public func swappedAxes(_ first: Int, _ second: Int) -> Tensor {
    var permutation = Array(0..<rank)
    permutation.swapAt(
      shape.resolve(axis: first, "swappedAxes"), shape.resolve(axis: second, "swappedAxes"))
    return transposed(permutation)
  }

  /// One axis moved to another place, the others in the order they had, without a copy.
  ///
  /// - Parameters:
  ///   - source: The axis to move; below 0 counts from the last.
  ///   - destination: Its place in the result; below 0 counts from the last.
  /// - Traps: where there is no such axis.
  public func movedAxis(from source: Int, to destination: Int) -> Tensor {
    let source = shape.resolve(axis: source, "movedAxis")
    let destination = shape.resolve(axis: destination, "movedAxis")
    if source == destination { return unchanged }
    var permutation = Array(0..<rank)
    permutation.remove(at: source)
    permutation.insert(source, at: destination)
    return transposed(permutation)
  }

  /// The elements in the opposite order along axes.
  ///
  /// - Parameter axes: The axes to turn around; below 0 counts from the last; nil for all.
  /// - Traps: where there is no such axis, or one is named twice.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    let axes = shape.resolve(axes: axes, "flipped").filter { shape.sizes[$0] > 1 }
    var strides = effectiveStrides
    var offset = 0
    for axis in axes where count > 0 {
      offset += (shape.sizes[axis] - 1) * strides[axis]
      strides[axis].negate()
    }
    return view(shape: shape, strides: strides, offset: offset).contiguous()
      .recorded(as: "flipped", GradientPath(to: self) { $0.flipped(axes: axes) })
  }

  /// The elements moved along axes, those pushed out at one end coming in at the other.
  ///
  /// - Parameters:
  ///   - shifts: How many places each axis's elements move, backward where below 0.
  ///   - axes: As many axes; below 0 counts from the last; nil for all.
  /// - Traps: where the shifts are not one an axis, or the axes are wrong.
  public func rolled(by shifts: [Int], axes: [Int]? = nil) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    _ = shape.resolve(axes: axes, "rolled")
    require(
      shifts.count == axes.count, "rolled", "the shifts are not one an axis",
      given: "\(shifts) for axes \(axes)", expected: "\(axes.count) shifts")
    return zip(shifts, axes).reduce(unchanged) { $0.rolled(by: $1.0, axis: $1.1) }
  }

  private func rolled(by shift: Int, axis: Int) -> Tensor {
    let size = shape.sizes[shape.resolve(axis: axis, "rolled")]
    let moved = size == 0 ? 0 : (shift % size + size) % size
    if moved == 0 { return self }
    let parts = split(sizes: [size - moved, moved], axis: axis)
    return .concatenate([parts[1], parts[0]], axis: axis)
  }

  /// The whole tensor repeated along each axis: `[a, b]` tiled by 2 is `[a, b, a, b]`.
  ///
  /// - Parameter multiples: How often, for each axis.
  /// - Traps: where the multiples are not one an axis, one is negative, or there would be too many elements.
  public func tiled(by multiples: [Int]) -> Tensor {
    require(
      multiples.count == rank && multiples.allSatisfy { $0 >= 0 }, "tiled",
      "the multiples are not one an axis", given: "\(multiples) for shape \(shape)",
      expected: "\(rank) numbers of 0 or more")
    let pairs = zip(multiples, shape.sizes)
    // [1, size, 1, size, …]
    let spread = reshaped(to: Shape(unchecked: shape.sizes.flatMap { [1, $0] }))
    let repeated = Shape(unchecked: pairs.flatMap { [$0, $1] })
    require(
      repeated.isCountable, "tiled", "there are too many elements", given: "\(multiples) for shape \(shape)",
      expected: "at most \(Shape.mostElements)")
    return spread.broadcast(to: repeated)
      .reshaped(to: Shape(unchecked: pairs.map { $0 * $1 }))
  }

  /// Each element several times in a row along an axis: `[a, b]` repeated twice is `[a, a, b, b]`.
  ///
  /// - Parameters:
  ///   - count: How often.
  ///   - axis: The axis that grows; below 0 counts from the last.
  /// - Traps: where the count is negative, there is no such axis, or there would be too many elements.
  public func repeated(count: Int, axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, "repeated")
    require(count >= 0, "repeated", "the count is negative", given: "\(count)", expected: "0 or more")
    let spread = expandedDimensions(at: axis + 1)
    let repeated = spread.shape.replacing(axis: axis + 1, with: count)
    require(
      repeated.isCountable, "repeated", "there are too many elements",
      given: "\(count) for axis \(axis) of shape \(shape)", expected: "at most \(Shape.mostElements)")
    return spread.broadcast(to: repeated)
      .reshaped(to: shape.replacing(axis: axis, with: shape.sizes[axis] * count))
  }
}
