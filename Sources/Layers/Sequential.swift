import AdjointAutodiff

/// Layers one after the other.
///
/// Neighbours that can do their work in one pass over memory do: a convolution or a matrix with the ``BatchNorm``
/// and the `relu` after it. While layers are being observed each runs on its own.
///
/// ```swift
/// let model = Sequential {
///   Conv2D(inputChannels: 1, outputChannels: 8, kernelSize: 3)
///   Activation.relu
///   MaxPool(kernelSize: 2)
///   Flatten()
///   Dense(inputSize: 13 * 13 * 8, outputSize: 10)
/// }
/// ```
public final class Sequential: Layer {
  /// The layers, first to last.
  public let layers: [any Layer]

  /// A network of the layers that the block lists; loops and conditions may be used in it.
  public init(@LayerBuilder _ layers: () -> [any Layer]) {
    self.layers = layers()
  }

  /// A network of the given layers.
  public init(_ layers: [any Layer]) {
    self.layers = layers
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    if layersAreObserved { return layers.reduce(input) { $1($0) } }
    var output = input
    var rest = layers[...]
    while let layer = rest.popFirst() {
      output = (layer as? any Fusing)?(output, takingAlong: &rest) ?? layer(output)
    }
    return output
  }
}

/// Collects the layers of a ``Sequential`` block.
@resultBuilder
public enum LayerBuilder {
  /// A line with a layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// A line with several layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// The lines of a block.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// A condition without an alternative.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// The first branch of a condition.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The second branch of a condition.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// A loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
