import AdjointKernels

extension Tensor {
  /// Numbers drawn evenly from a range.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes.
  ///   - range: The lower bound is included, the upper is not; both are rounded to the type first.
  ///   - dataType: float32 or float64.
  ///   - stream: Where the numbers come from.
  /// - Traps: where the type is not a floating-point one, or no number of it lies in the range, as between bounds that
  ///   are rounded to one, or the range is wider than its largest number.
  public static func uniform(
    _ shape: Shape, in range: Range<Double> = 0..<1, dataType: DataType = .float32,
    from stream: RandomStream = .standard
  ) -> Tensor {
    requireRealDraw("uniform", dataType)
    let width =
      dataType == .float32
      ? Double(Float(range.upperBound) - Float(range.lowerBound)) : range.upperBound - range.lowerBound
    require(
      width > 0 && width.isFinite, "uniform", "nothing can be drawn from the range",
      given: "\(range) in \(dataType)",
      expected: "bounds of which the type tells the lower from the upper, and finite")
    return Tensor(shape, dataType) {
      let draw = stream.draw(shape.elementCount)
      Random.uniform(
        into: $0, count: shape.elementCount, type: dataType.elementType, low: range.lowerBound,
        high: range.upperBound, key: draw.key, counter: draw.counter)
    }
  }

  /// Numbers drawn from the normal distribution.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes.
  ///   - mean: The middle of the distribution.
  ///   - standardDeviation: Its width, 0 or more.
  ///   - dataType: float32 or float64.
  ///   - stream: Where the numbers come from.
  /// - Traps: where the type is not a floating-point one, or the standard deviation is negative.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dataType: DataType = .float32,
    from stream: RandomStream = .standard
  ) -> Tensor {
    requireRealDraw("normal", dataType)
    require(
      standardDeviation >= 0, "normal", "the standard deviation is negative", given: "\(standardDeviation)",
      expected: "0 or more")
    return Tensor(shape, dataType) {
      let draw = stream.draw(shape.elementCount)
      Random.normal(
        into: $0, count: shape.elementCount, type: dataType.elementType, mean: mean,
        standardDeviation: standardDeviation, key: draw.key, counter: draw.counter)
    }
  }

  private static func requireRealDraw(_ name: String, _ dataType: DataType) {
    require(
      dataType.isFloatingPoint, name, "the type is not a floating-point one", given: "\(dataType)",
      expected: "float32 or float64")
  }
}
