import AdjointKernels

extension Tensor {
  /// Numbers drawn evenly from a range.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes.
  ///   - range: The lower bound is included, the upper is not.
  ///   - dataType: float32 or float64.
  ///   - stream: Where the numbers come from.
  public static func uniform(
    _ shape: Shape, in range: Range<Double> = 0..<1, dataType: DataType = .float32,
    from stream: RandomStream = .standard
  ) -> Tensor {
    requireRealDraw("uniform", dataType)
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
