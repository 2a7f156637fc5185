import AdjointAutodiff

/// A function of one tensor as a layer, for use in ``Sequential``.
public final class Activation: Layer {
  private let function: @Sendable (Tensor) -> Tensor
  /// The same for layers that apply it themselves, if they can.
  let asOutputActivation: OutputActivation?

  /// A layer that applies a function without parameters.
  public convenience init(_ function: @escaping @Sendable (Tensor) -> Tensor) {
    self.init(function, asOutputActivation: nil)
  }

  private init(
    _ function: @escaping @Sendable (Tensor) -> Tensor, asOutputActivation: OutputActivation?
  ) {
    self.function = function
    self.asOutputActivation = asOutputActivation
  }

  public func callAsFunction(_ input: Tensor) -> Tensor { observed(input) { function(input) } }

  /// max(0, x).
  public static var relu: Activation { Activation({ $0.relu() }, asOutputActivation: .relu) }

  /// min(max(0, x), 6).
  public static var relu6: Activation { Activation { $0.relu6() } }

  /// x where it is positive, else a small part of it.
  public static func leakyRelu(negativeSlope: Double = 0.01) -> Activation {
    Activation { $0.leakyRelu(negativeSlope: negativeSlope) }
  }

  /// x where it is positive, else alpha · (eˣ − 1).
  public static func elu(alpha: Double = 1) -> Activation { Activation { $0.elu(alpha: alpha) } }

  /// The multiple of ``elu(alpha:)`` that keeps mean 0 and variance 1 from layer to layer.
  public static var selu: Activation { Activation { $0.selu() } }

  /// x Φ(x), where Φ is the probability that a normal number is below x.
  public static func gelu(isApproximate: Bool = false) -> Activation {
    Activation { $0.gelu(isApproximate: isApproximate) }
  }

  /// x · sigmoid(x), also called swish.
  public static var silu: Activation { Activation { $0.silu() } }

  /// x · tanh(log(1 + eˣ)).
  public static var mish: Activation { Activation { $0.mish() } }

  /// log(1 + eˣ).
  public static var softplus: Activation { Activation { $0.softplus() } }

  /// x / (1 + |x|).
  public static var softsign: Activation { Activation { $0.softsign() } }

  /// 1 / (1 + e⁻ˣ).
  public static var sigmoid: Activation { Activation { $0.sigmoid() } }

  /// The logarithm of ``sigmoid``.
  public static var logSigmoid: Activation { Activation { $0.logSigmoid() } }

  /// The hyperbolic tangent.
  public static var tanh: Activation { Activation { $0.tanh() } }

  /// x held within bounds.
  public static func hardTanh(bounds: ClosedRange<Double> = -1...1) -> Activation {
    Activation { $0.hardTanh(bounds: bounds) }
  }

  /// x / 6 + ½, held within 0 and 1.
  public static var hardSigmoid: Activation { Activation { $0.hardSigmoid() } }

  /// x · ``hardSigmoid``.
  public static var hardSwish: Activation { Activation { $0.hardSwish() } }

  /// eˣ / Σ eˣ along the last axis.
  public static var softmax: Activation { Activation { $0.softmax() } }

  /// The logarithm of ``softmax``.
  public static var logSoftmax: Activation { Activation { $0.logSoftmax() } }
}
