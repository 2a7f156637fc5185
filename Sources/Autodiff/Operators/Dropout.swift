import AdjointKernels

extension Tensor {
  /// Each element set to 0 with the given probability, and the others divided by the probability to stay, so that
  /// the mean is what it was.
  ///
  /// - Parameters:
  ///   - probability: How likely an element is dropped, in 0 ..< 1.
  ///   - stream: Where the choice comes from.
  /// - Traps: where the type is not a floating-point one, or the probability is outside its range.
  /// - Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
  public func dropout(probability: Double, from stream: RandomStream = .standard) -> Tensor {
    requireFloatingPoint("dropout")
    Tensor.requireDropout(probability, "dropout")
    if probability == 0 { return unchanged }
    let source = contiguous()
    let kept = Marks(count: count)
    let value = Tensor(shape, dataType) {
      let draw = stream.draw(count)
      Random.dropout(
        source.region, into: $0, marks: kept, type: dataType.elementType,
        keepProbability: 1 - probability, key: draw.key, counter: draw.counter)
    }
    return value.recorded(
      as: "dropout", GradientPath(to: self) { $0.whereMarked(by: kept, scaledBy: 1 / (1 - probability)) })
  }

  /// Each channel of each image set to 0 with the given probability, and the others divided by the probability to
  /// stay: neighbours in an image are so alike that dropping single ones hides little.
  ///
  /// - Parameters:
  ///   - probability: How likely a channel is dropped, in 0 ..< 1.
  ///   - stream: Where the choice comes from.
  /// - Traps: where the shape is not `[batch, …, channels]`, the type is not a floating-point one, or the probability is
  ///   outside its range.
  /// - Source: Tompson, Goroshin, Jain, LeCun, Bregler, Efficient Object Localization Using Convolutional Networks,
  ///   2015, arXiv:1411.4280.
  public func spatialDropout(probability: Double, from stream: RandomStream = .standard) -> Tensor {
    require(
      rank >= 2, "spatialDropout", "there is no channel axis", given: "shape \(shape)",
      expected: "[batch, …, channels]")
    return droppingParts("spatialDropout", keptAxes: [0, rank - 1], probability, stream)
  }

  /// Each example set to 0 with the given probability, and the others divided by the probability to stay; on a
  /// residual branch, this leaves out the branch for some of the batch.
  ///
  /// - Parameters:
  ///   - probability: How likely an example is dropped, in 0 ..< 1.
  ///   - stream: Where the choice comes from.
  /// - Traps: where the shape is not `[batch, …]`, the type is not a floating-point one, or the probability is outside
  ///   its range.
  /// - Source: Huang, Sun, Liu, Sedra, Weinberger, Deep Networks with Stochastic Depth, 2016, arXiv:1603.09382.
  public func stochasticDepth(probability: Double, from stream: RandomStream = .standard) -> Tensor {
    require(
      rank >= 1, "stochasticDepth", "there is no batch axis", given: "shape \(shape)", expected: "[batch, …]")
    return droppingParts("stochasticDepth", keptAxes: [0], probability, stream)
  }

  /// This tensor times one factor for each place along some of the axes, which makes up for the zeros at others.
  private func droppingParts(
    _ name: String, keptAxes: [Int], _ probability: Double, _ stream: RandomStream
  ) -> Tensor {
    requireFloatingPoint(name)
    Tensor.requireDropout(probability, name)
    if probability == 0 { return unchanged }
    let sizes = shape.sizes.indices.map { keptAxes.contains($0) ? shape.sizes[$0] : 1 }
    let factors = Tensor.ones(Shape(unchecked: sizes), dataType: dataType)
      .dropout(probability: probability, from: stream)
    return (self * factors).passed(where: factors .> 0)
  }

  /// Traps where a layer or an operator cannot drop with the probability.
  package static func requireDropout(_ probability: Double, _ name: String) {
    require(
      (0..<1).contains(probability), name, "the probability is out of range", given: "\(probability)",
      expected: "0 or more, and less than 1")
  }
}
