import AdjointAutodiff

/// What ``Dropout``, ``SpatialDropout`` and ``StochasticDepth`` are: in training, parts of the input are set to 0 at
/// random and the others enlarged, so that the mean stays; in inference, nothing happens.
public class DropoutLayer: Layer, ModeDependent, Initializable {
  /// How likely a part is dropped.
  public let probability: Double
  /// Where the choices come from; its state belongs in a checkpoint.
  public private(set) var stream: RandomStream
  public var mode: Mode = .training
  private let drop: (Tensor) -> (Double, RandomStream) -> Tensor

  /// - Parameter drop: What becomes of the input in training.
  init(
    probability: Double, from stream: RandomStream?,
    drop: @escaping (Tensor) -> (Double, RandomStream) -> Tensor
  ) {
    Tensor.requireDropout(probability, "\(Self.self)")
    self.probability = probability
    self.stream = stream ?? RandomStream.standard.split(name: "dropout")
    self.drop = drop
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) { mode == .training ? drop(input)(probability, stream) : input.unchanged }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    self.stream = stream("dropout")
  }
}

/// Drops elements in training, as ``DropoutLayer`` says.
///
/// - Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
public final class Dropout: DropoutLayer {
  /// A layer that drops elements with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double = 0.5, from stream: RandomStream? = nil) {
    super.init(probability: probability, from: stream, drop: Tensor.dropout)
  }
}

/// Drops whole channels of images in training, as ``DropoutLayer`` says.
///
/// - Source: Tompson, Goroshin, Jain, LeCun, Bregler, Efficient Object Localization Using Convolutional Networks,
///   2015, arXiv:1411.4280.
public final class SpatialDropout: DropoutLayer {
  /// A layer that drops channels with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double, from stream: RandomStream? = nil) {
    super.init(probability: probability, from: stream, drop: Tensor.spatialDropout)
  }
}

/// Drops whole examples in training, as ``DropoutLayer`` says. At the end of a residual branch, it leaves out the branch
/// for some of the batch.
///
/// - Source: Huang, Sun, Liu, Sedra, Weinberger, Deep Networks with Stochastic Depth, 2016, arXiv:1603.09382.
public final class StochasticDepth: DropoutLayer {
  /// A layer that drops examples with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double, from stream: RandomStream? = nil) {
    super.init(probability: probability, from: stream, drop: Tensor.stochasticDepth)
  }
}
