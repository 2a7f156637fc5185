import AdjointAutodiff

/// A function of one tensor as a layer, for use in ``Sequential``.
public final class Activation: Layer {
  private let function: @Sendable (Tensor) -> Tensor

  /// A layer that applies a function without parameters.
  public init(_ function: @escaping @Sendable (Tensor) -> Tensor) {
    self.function = function
  }

  public func callAsFunction(_ input: Tensor) -> Tensor { observed(input) { function(input) } }

  /// max(0, x).
  public static var relu: Activation { Activation { $0.relu() } }

  /// x where it is positive, else a small part of it.
  public static func leakyRelu(negativeSlope: Double = 0.01) -> Activation {
    Activation { $0.leakyRelu(negativeSlope: negativeSlope) }
  }

  /// 1 / (1 + e⁻ˣ).
  public static var sigmoid: Activation { Activation { $0.sigmoid() } }

  /// The hyperbolic tangent.
  public static var tanh: Activation { Activation { $0.tanh() } }

  /// eˣ / Σ eˣ along the last axis.
  public static var softmax: Activation { Activation { $0.softmax() } }
}

/// Makes a batch of vectors of a batch of images, in height, width, channels order.
public final class Flatten: Layer {
  private let axis: Int

  /// A layer that merges all axes from the given one.
  public init(from axis: Int = 1) { self.axis = axis }

  public func callAsFunction(_ input: Tensor) -> Tensor { observed(input) { input.flattened(from: axis) } }
}
