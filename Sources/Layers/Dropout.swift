import AdjointAutodiff

/// In training, sets elements to 0 at random and enlarges the others, so that the mean stays; in inference,
/// nothing.
///
/// - Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
public final class Dropout: Layer, ModeDependent, Initializable {
  /// How likely an element is dropped.
  public let probability: Double
  /// Where the choices come from; its state belongs in a checkpoint.
  public private(set) var stream: RandomStream
  public var mode: Mode = .training

  /// A layer that drops elements with the given probability.
  ///
  /// - Parameters:
  ///   - probability: In 0 ..< 1.
  ///   - stream: Where the choices come from; nil for a new stream, seeded by the standard one.
  /// - Traps: where the probability is out of range.
  public init(probability: Double = 0.5, from stream: RandomStream? = nil) {
    Tensor.requireDropout(probability, "Dropout")
    self.probability = probability
    self.stream = stream ?? RandomStream.standard.split(name: "dropout")
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      mode == .training ? input.dropout(probability: probability, from: stream) : input.unchanged
    }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    self.stream = stream("dropout")
  }
}
