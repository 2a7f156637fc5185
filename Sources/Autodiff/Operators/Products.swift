import AdjointKernels

extension Tensor {
  /// The product over axes; 1 over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; below 0 counts from the last; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: g times the product of the other elements, formed without division, so that it is right
  ///   where some are 0.
  /// - Traps: where the axes are wrong, or the type is `bool`.
  public func product(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    dataType.requireNumbers("product")
    let axes = shape.resolve(axes: axes, "product")
    let kept = keptShape(axes)
    return reduced(.product, axes, keepsAxes).recorded(
      as: "product", GradientPath(to: self) { $0.reshaped(to: kept).passed(by: self.productsOfOthers(axes)) })
  }

  /// For each element, the product of the others over axes.
  private func productsOfOthers(_ axes: [Int]) -> Tensor {
    if !Recording.isOn, let first = axes.first, axes == Array(first..<first + axes.count) {
      return productsOfOthersValue(along: first..<first + axes.count)
    }
    let order = axes + (0..<rank).filter { !axes.contains($0) }
    let reordered = transposed(order)
    let rows = shape.count(over: axes)
    let columns = reordered.shape.sizes[axes.count...].reduce(1, *)
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    let matrix = reordered.reshaped(to: [rows, columns])
    let products = Recording.isOn ? matrix.productsOfOtherRows() : matrix.productsOfOthersValue(along: 0..<1)
    return products.reshaped(to: reordered.shape).transposed(inverse)
  }

  /// The same over neighbouring axes in one call of the kernel, which is not recorded.
  private func productsOfOthersValue(along axes: Range<Int>) -> Tensor {
    let (outer, middle, inner) = shape.extents(around: axes)
    let source = contiguous()
    return Tensor(shape, dataType) {
      Reduction.productsOfOthers(
        x: source.region, into: $0, outer: outer, middle: middle, inner: inner, type: dataType.elementType)
    }
  }

  /// Multiplies pairs of rows, asks the same of the half as many rows that this gives, and shares out the answer:
  /// to each row of a pair, the other row times what is outside the pair.
  private func productsOfOtherRows() -> Tensor {
    let count = shape.sizes[0]
    if count < 2 { return .ones(like: self) }
    let half = count / 2
    let parts = split(sizes: [half, half, count - 2 * half])
    let outside = Tensor.concatenate([parts[0] * parts[1], parts[2]]).productsOfOtherRows()
    let shared = outside.split(sizes: [half, count - 2 * half])
    return .concatenate([parts[1] * shared[0], parts[0] * shared[0], shared[1]])
  }
}
