import AdjointAutodiff

/// Makes a batch of vectors of a batch of images, in height, width, channels order.
public final class Flatten: Layer {
  private let axis: Int

  /// A layer that merges all axes from the given one.
  public init(from axis: Int = 1) { self.axis = axis }

  public func callAsFunction(_ input: Tensor) -> Tensor { observed(input) { input.flattened(from: axis) } }
}
