import AdjointAutodiff

/// What ``Dropout``, ``SpatialDropout`` and ``StochasticDepth`` are: in training, parts of the input are set to 0 at
/// random and the others enlarged, so that the mean stays; in inference, nothing happens.
public class DropoutLayer: Layer, ModeDependent, Initializable {
  /// How likely a part is dropped.
  public let probability: Double
  /// Where the choices come from; its state belongs in a checkpoint.
  public private(set) var stream: RandomStream
  public var mode: Mode = .training

  /// A layer that drops parts with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double, from stream: RandomStream? = nil) {
    Tensor.requireDropout(probability, "\(Self.self)")
    self.probability = probability
    self.stream = stream ?? RandomStream.standard.split(name: "dropout")
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) { mode == .training ? dropParts(of: input) : input.unchanged }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    self.stream = stream("dropout")
  }

  /// The input in training.
  func dropParts(of input: Tensor) -> Tensor {
    Failure(
      "\(Self.self)", "what is dropped is open", given: "\(Self.self)",
      expected: "a class such as Dropout, SpatialDropout or StochasticDepth"
    ).trap()
  }
}

/// Drops elements.
///
/// - Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
public final class Dropout: DropoutLayer {
  public override init(probability: Double = 0.5, from stream: RandomStream? = nil) {
    super.init(probability: probability, from: stream)
  }

  override func dropParts(of input: Tensor) -> Tensor {
    input.dropout(probability: probability, from: stream)
  }
}

/// Drops whole channels of images.
///
/// - Source: Tompson, Goroshin, Jain, LeCun, Bregler, Efficient Object Localization Using Convolutional Networks,
///   2015, arXiv:1411.4280.
public final class SpatialDropout: DropoutLayer {
  override func dropParts(of input: Tensor) -> Tensor {
    input.spatialDropout(probability: probability, from: stream)
  }
}

/// Drops whole examples. At the end of a residual branch, it leaves out the branch for some of the batch.
///
/// - Source: Huang, Sun, Liu, Sedra, Weinberger, Deep Networks with Stochastic Depth, 2016, arXiv:1603.09382.
public final class StochasticDepth: DropoutLayer {
  override func dropParts(of input: Tensor) -> Tensor {
    input.stochasticDepth(probability: probability, from: stream)
  }
}
