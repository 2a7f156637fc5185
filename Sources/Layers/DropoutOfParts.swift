import AdjointAutodiff

/// In training, sets whole channels of images to 0 at random and enlarges the others, so that the mean stays; in
/// inference, nothing.
///
/// - Source: Tompson, Goroshin, Jain, LeCun, Bregler, Efficient Object Localization Using Convolutional Networks,
///   2015, arXiv:1411.4280.
public final class SpatialDropout: Layer, ModeDependent, Initializable {
  /// How likely a channel is dropped.
  public let probability: Double
  /// Where the choices come from; its state belongs in a checkpoint.
  public private(set) var stream: RandomStream
  public var mode: Mode = .training

  /// A layer that drops channels with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double, from stream: RandomStream? = nil) {
    Tensor.requireDropout(probability, "SpatialDropout")
    self.probability = probability
    self.stream = stream ?? RandomStream.standard.split(name: "dropout")
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      mode == .training ? input.spatialDropout(probability: probability, from: stream) : input.unchanged
    }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    self.stream = stream("dropout")
  }
}

/// In training, sets whole examples to 0 at random and enlarges the others, so that the mean stays; in inference,
/// nothing. At the end of a residual branch, it leaves out the branch for some of the batch.
///
/// - Source: Huang, Sun, Liu, Sedra, Weinberger, Deep Networks with Stochastic Depth, 2016, arXiv:1603.09382.
public final class StochasticDepth: Layer, ModeDependent, Initializable {
  /// How likely an example is dropped.
  public let probability: Double
  /// Where the choices come from; its state belongs in a checkpoint.
  public private(set) var stream: RandomStream
  public var mode: Mode = .training

  /// A layer that drops examples with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double, from stream: RandomStream? = nil) {
    Tensor.requireDropout(probability, "StochasticDepth")
    self.probability = probability
    self.stream = stream ?? RandomStream.standard.split(name: "dropout")
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      mode == .training ? input.stochasticDepth(probability: probability, from: stream) : input.unchanged
    }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    self.stream = stream("dropout")
  }
}
