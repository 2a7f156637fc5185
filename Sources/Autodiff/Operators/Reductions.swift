import AdjointKernels

// Reductions over axes. `axes: nil` stands for all of them; `keepsAxes` leaves the reduced axes in place with
// size 1, so that the result broadcasts against the operand.
extension Tensor {
  /// The sum over axes; 0 over nothing. Integers are added in their type, and wrap around where it ends.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where there is no such axis, one is named twice, or the type is `bool`.
  public func sum(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    dataType.requireNumbers("sum")
    let axes = shape.resolve(axes: axes, "sum")
    let (original, kept) = (shape, keptShape(axes))
    return reduced(.sum, axes, keepsAxes).recorded(
      as: "sum", GradientPath(to: self) { $0.reshaped(to: kept).broadcast(to: original) })
  }

  /// The mean over axes; NaN over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func mean(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("mean")
    let axes = shape.resolve(axes: axes, "mean")
    return sum(axes: axes, keepsAxes: keepsAxes) / Double(shape.count(over: axes))
  }

  /// The largest element along axes, NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: shared evenly among ties.
  /// - Traps: where there is nothing to reduce, the axes are wrong, or the type is `bool`.
  public func max(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    extreme(.maximum, "max", axes, keepsAxes)
  }

  /// The smallest element along axes, NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: shared evenly among ties.
  /// - Traps: where there is nothing to reduce, the axes are wrong, or the type is `bool`.
  public func min(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    extreme(.minimum, "min", axes, keepsAxes)
  }

  /// The mean squared distance from the mean, over axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - isUnbiased: Whether to divide by the number of elements less one, which makes NaN of a single one,
  ///     instead of by their number. NaN over nothing.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func variance(axes: [Int]? = nil, isUnbiased: Bool = false, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("variance")
    let axes = shape.resolve(axes: axes, "variance")
    return deviations(axes).squared().sum(axes: axes, keepsAxes: keepsAxes)
      / degreesOfFreedom(axes, isUnbiased: isUnbiased)
  }

  /// What sums of squared deviations are divided by.
  func degreesOfFreedom(_ axes: [Int], isUnbiased: Bool) -> Double {
    let count = shape.count(over: axes)
    return Double(isUnbiased && count > 0 ? count - 1 : count)
  }

  /// The elements less their mean.
  ///
  /// A mean far from 0 is rounded by more than the deviations should be, so the rest of it is taken off in a
  /// second step. Since the result does not depend on the first, no gradient passes through that.
  func deviations(_ axes: [Int]) -> Tensor {
    let shifted = self - detached().mean(axes: axes, keepsAxes: true)
    return shifted - shifted.mean(axes: axes, keepsAxes: true)
  }

  /// The position of the largest element along an axis, the first among equals, as `int64`; NaN counts as largest.
  ///
  /// - Parameter axis: The axis to search, which is not in the result; below 0 counts from the last.
  /// - Traps: where there is no such axis, or it is empty.
  public func argmax(axis: Int) -> Tensor { positionOfExtreme(.largest, "argmax", axis) }

  /// The position of the smallest element along an axis, the first among equals, as `int64`; NaN counts as smallest.
  ///
  /// - Parameter axis: The axis to search, which is not in the result; below 0 counts from the last.
  /// - Traps: where there is no such axis, or it is empty.
  public func argmin(axis: Int) -> Tensor { positionOfExtreme(.smallest, "argmin", axis) }

  /// Whether any element along axes is true; false over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where the type is not `bool`, or the axes are wrong.
  public func any(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireBool("any")
    return reduced(.any, shape.resolve(axes: axes, "any"), keepsAxes)
  }

  /// Whether all elements along axes are true; true over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where the type is not `bool`, or the axes are wrong.
  public func all(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireBool("all")
    return reduced(.all, shape.resolve(axes: axes, "all"), keepsAxes)
  }

  private func extreme(_ operation: Reduction.Operation, _ name: String, _ axes: [Int]?, _ keepsAxes: Bool)
    -> Tensor
  {
    dataType.requireNumbers(name)
    let axes = shape.resolve(axes: axes, name)
    require(
      axes.allSatisfy { shape.sizes[$0] > 0 }, name, "there is nothing to reduce",
      given: "shape \(shape) over axes \(axes)", expected: "at least one element")
    let kept = keptShape(axes)
    return reduced(operation, axes, keepsAxes).recorded(
      as: name,
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          let isExtreme = (detached() .== output.detached().reshaped(to: kept)).cast(to: dataType)
          let share = isExtreme / isExtreme.sum(axes: axes, keepsAxes: true)
          return cotangent.reshaped(to: kept).passed(by: share)
        }))
  }

  private func positionOfExtreme(_ extreme: Reduction.Extremum, _ name: String, _ axis: Int) -> Tensor {
    let axis = shape.resolve(axis: axis, name)
    require(
      shape.sizes[axis] > 0, name, "there is nothing to search", given: "axis \(axis) of shape \(shape)",
      expected: "at least one element")
    var sizes = shape.sizes
    sizes.remove(at: axis)
    let source = contiguous()
    return Tensor(Shape(unchecked: sizes), .int64) {
      let (outer, middle, inner) = shape.extents(around: axis..<axis + 1)
      Reduction.index(
        of: extreme, x: source.region, into: $0, outer: outer, middle: middle, inner: inner,
        type: dataType.elementType)
    }
  }

  /// This shape with the given axes at size 1.
  func keptShape(_ axes: [Int]) -> Shape {
    var sizes = shape.sizes
    for axis in axes { sizes[axis] = 1 }
    return Shape(unchecked: sizes)
  }

  /// This shape with the given axes at size 1, or without them.
  func reducedShape(_ axes: [Int], _ keepsAxes: Bool) -> Shape {
    if keepsAxes { return keptShape(axes) }
    return Shape(unchecked: shape.sizes.indices.filter { !axes.contains($0) }.map { shape.sizes[$0] })
  }

  /// The value of a reduction: each run of neighbouring axes in one call of the kernel, the last run first.
  /// Without axes, each element is reduced alone.
  func reduced(_ operation: Reduction.Operation, _ axes: [Int], _ keepsAxes: Bool) -> Tensor {
    var result = contiguous()
    var operation = operation
    for run in axes.isEmpty ? [0..<0] : runs(of: axes).reversed() {
      let (outer, middle, inner) = result.shape.extents(around: run)
      var sizes = result.shape.sizes
      for axis in run { sizes[axis] = 1 }
      let source = result
      result = Tensor(Shape(unchecked: sizes), dataType) {
        Reduction.reduce(
          operation, x: source.region, into: $0, outer: outer, middle: middle, inner: inner,
          type: dataType.elementType)
      }
      operation = operation.joining
    }
    return result.view(shape: reducedShape(axes, keepsAxes), strides: nil)
  }

  /// Ascending axes, grouped into ranges of neighbours.
  private func runs(of axes: [Int]) -> [Range<Int>] {
    axes.reduce(into: []) { runs, axis in
      if let last = runs.last, last.upperBound == axis {
        runs[runs.count - 1] = last.lowerBound..<axis + 1
      } else {
        runs.append(axis..<axis + 1)
      }
    }
  }
}

extension Shape {
  /// The number of elements before, within and after a range of axes.
  package func extents(around axes: Range<Int>) -> (outer: Int, middle: Int, inner: Int) {
    (
      sizes[..<axes.lowerBound].reduce(1, *), sizes[axes].reduce(1, *), sizes[axes.upperBound...].reduce(1, *)
    )
  }
}
