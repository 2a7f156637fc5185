extension Tensor {
  /// The sum of magnitudes over axes; the gradient at 0 is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  public func l1Norm(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("l1Norm")
    let axes = shape.resolve(axes: axes, "l1Norm")
    let kept = keptShape(axes)
    return reduced(.sumOfAbsolutes, axes, keepsAxes).recorded(
      as: "l1Norm", GradientPath(to: self) { $0.reshaped(to: kept) * detached().sign() })
  }

  /// The Euclidean length over axes: √Σx².
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: g · x / √Σx², and 0 where all elements are 0, at every order.
  public func l2Norm(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("l2Norm")
    let axes = shape.resolve(axes: axes, "l2Norm")
    let kept = keptShape(axes)
    let squares = reduced(.sumOfSquares, axes, keepsAxes)
    return Tensor.realUnary(.sqrt, squares, "l2Norm").recorded(
      as: "l2Norm",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, norm in
          let isZero = norm.detached() .== 0
          let inverse = norm.replacing(with: norm.scalarLike(1), where: isZero).reciprocal()
            .replacing(with: norm.scalarLike(0), where: isZero)
          return self * (cotangent * inverse).reshaped(to: kept)
        }))
  }

  /// The square root of the ``variance(axes:isUnbiased:keepsAxes:)`` over axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - isUnbiased: Whether to divide by the number of elements less one, which makes NaN of a single one,
  ///     instead of by their number.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: 0 where all elements are the same, at every order.
  public func standardDeviation(axes: [Int]? = nil, isUnbiased: Bool = false, keepsAxes: Bool = false)
    -> Tensor
  {
    requireFloatingPoint("standardDeviation")
    let axes = shape.resolve(axes: axes, "standardDeviation")
    let count = axes.reduce(1) { $0 * shape.sizes[$1] }
    return deviations(axes).l2Norm(axes: axes, keepsAxes: keepsAxes)
      / Double(isUnbiased ? count - 1 : count).squareRoot()
  }

  /// log Σ eˣ over axes, exact for numbers of any size; −∞ over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: g · eˣ / Σ eˣ, and 0 where all elements are −∞.
  public func logSumExp(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("logSumExp")
    let axes = shape.resolve(axes: axes, "logSumExp")
    let kept = keptShape(axes)
    return logSumExpValue(axes).reshaped(to: reducedShape(axes, keepsAxes)).recorded(
      as: "logSumExp",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          let shift = output.replacing(with: output.scalarLike(0), where: output.detached() .== -.infinity)
          return (self - shift.reshaped(to: kept)).exp() * cotangent.reshaped(to: kept)
        }))
  }

  /// The value of ``logSumExp(axes:keepsAxes:)``, with reduced axes of size 1.
  private func logSumExpValue(_ axes: [Int]) -> Tensor {
    let x = detached()
    if axes.contains(where: { shape.sizes[$0] == 0 }) { return x.sum(axes: axes, keepsAxes: true).log() }
    let largest = x.max(axes: axes, keepsAxes: true)
    let isInfinite = largest.absolute() .== .infinity
    let shift = largest.replacing(with: x.scalarLike(0), where: isInfinite)
    return (x - shift).exp().sum(axes: axes, keepsAxes: true).log() + shift
  }
}
