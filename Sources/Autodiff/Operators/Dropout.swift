import AdjointKernels

extension Tensor {
  /// Each element set to 0 with the given probability, and the others divided by the probability to stay, so that
  /// the mean is what it was.
  ///
  /// - Parameters:
  ///   - probability: How likely an element is dropped, in 0 ..< 1.
  ///   - stream: Where the choice comes from.
  /// - Traps: where the probability is outside its range.
  /// - Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
  public func dropout(probability: Double, from stream: RandomStream = .standard) -> Tensor {
    requireFloatingPoint("dropout")
    require(
      (0..<1).contains(probability), "dropout", "the probability is out of range", given: "\(probability)",
      expected: "0 or more, and less than 1")
    if probability == 0 { return self }
    let source = contiguous()
    let mask = Buffer(byteCount: count)
    let value = Tensor(shape, dataType) {
      let draw = stream.draw(count)
      Random.dropout(
        source.region, into: $0, mask: mask, count: count, type: dataType.elementType,
        keepProbability: 1 - probability, key: draw.key, counter: draw.counter)
    }
    let isKept = Tensor(region: Region(mask), shape: shape, dataType: .bool)
    return value.recorded(
      as: "dropout",
      GradientPath(to: self) {
        Tensor.zeros([], dataType: $0.dataType).replacing(with: $0 / (1 - probability), where: isKept)
      })
  }
}
