extension Tensor {
  /// The sum of magnitudes over axes; the gradient at 0 is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func l1Norm(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("l1Norm")
    let axes = shape.resolve(axes: axes, "l1Norm")
    let kept = keptShape(axes)
    return reduced(.sumOfAbsolutes, axes, keepsAxes).recorded(
      as: "l1Norm", GradientPath(to: self) { $0.reshaped(to: kept).passed(by: detached().sign()) })
  }

  /// The Euclidean length over axes: √Σx², also where the squares are too large or too small for the type.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: g · x / √Σx², and 0 where all elements are 0, at every order.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func l2Norm(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("l2Norm")
    let axes = shape.resolve(axes: axes, "l2Norm")
    let kept = keptShape(axes)
    let value = Anomalies.unwatched { l2NormValue(axes) }
    return value.reshaped(to: reducedShape(axes, keepsAxes)).recorded(
      as: "l2Norm",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, norm in
          let isZero = norm.detached() .== 0
          let length = norm.replacing(with: norm.scalarLike(1), where: isZero)
          let sent = cotangent.replacing(with: cotangent.scalarLike(0), where: isZero)
          // The reciprocal of a small length might be infinite; no element is larger than the length.
          return sent.reshaped(to: kept).passed(by: self / length.reshaped(to: kept))
        }))
  }

  /// The value of ``l2Norm(axes:keepsAxes:)``, with reduced axes of size 1.
  private func l2NormValue(_ axes: [Int]) -> Tensor {
    let x = detached()
    let squares = x.reduced(.sumOfSquares, axes, true)
    if count == 0 || squares.areExactSums { return squares.squareRoot() }
    let largest = x.absolute().max(axes: axes, keepsAxes: true)
    let isScale = (largest .> 0).logicalAnd(largest .< .infinity)
    let scale = largest.scalarLike(1).replacing(with: largest, where: isScale)
    return (x / scale).reduced(.sumOfSquares, axes, true).squareRoot() * scale
  }

  /// Whether all elements, sums of squares, are such that no square was too large for the type, and none that
  /// matters too small.
  private var areExactSums: Bool {
    let exact =
      dataType == .float32
      ? 0x1p-100...Double(Float.greatestFiniteMagnitude) : 0x1p-960...Double.greatestFiniteMagnitude
    return exact.contains(min().scalar()) && exact.contains(max().scalar())
  }

  /// The square root of the ``variance(axes:isUnbiased:keepsAxes:)`` over axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - isUnbiased: Whether to divide by the number of elements less one, which makes NaN of a single one,
  ///     instead of by their number.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: 0 where all elements are the same, at every order.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func standardDeviation(axes: [Int]? = nil, isUnbiased: Bool = false, keepsAxes: Bool = false)
    -> Tensor
  {
    requireFloatingPoint("standardDeviation")
    let axes = shape.resolve(axes: axes, "standardDeviation")
    return deviations(axes).l2Norm(axes: axes, keepsAxes: keepsAxes)
      / degreesOfFreedom(axes, isUnbiased: isUnbiased).squareRoot()
  }

  /// log Σ eˣ over axes, exact for numbers of any size; −∞ over nothing.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all.
  ///   - keepsAxes: Whether reduced axes stay, with size 1.
  /// - Gradient: g · eˣ / Σ eˣ, and 0 where all elements are −∞.
  /// - Traps: where the type is not a floating-point one, or the axes are wrong.
  public func logSumExp(axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    requireFloatingPoint("logSumExp")
    let axes = shape.resolve(axes: axes, "logSumExp")
    let kept = keptShape(axes)
    let value = Anomalies.unwatched { logSumExpValue(axes) }
    return value.reshaped(to: reducedShape(axes, keepsAxes)).recorded(
      as: "logSumExp",
      GradientPath(to: self) { cotangent in
        // By the differences from the largest: those from the result would have its rounding.
        let powers = (self - shift(axes)).exp()
        let total = powers.sum(axes: axes, keepsAxes: true)
        let divisor = total.replacing(with: total.scalarLike(1), where: total.detached() .== 0)
        return cotangent.reshaped(to: kept).passed(by: powers / divisor)
      })
  }

  /// The value of ``logSumExp(axes:keepsAxes:)``, with reduced axes of size 1.
  private func logSumExpValue(_ axes: [Int]) -> Tensor {
    let shift = shift(axes)
    return (detached() - shift).exp().sum(axes: axes, keepsAxes: true).log() + shift
  }

  /// What to take off before elements become exponents, so that none is too large: the largest over axes, or 0
  /// where that is infinite or there is none.
  private func shift(_ axes: [Int]) -> Tensor {
    if count == 0 { return .zeros(keptShape(axes), dataType: dataType) }
    let largest = detached().max(axes: axes, keepsAxes: true)
    return largest.replacing(with: scalarLike(0), where: largest.isFinite().logicalNot())
  }
}
