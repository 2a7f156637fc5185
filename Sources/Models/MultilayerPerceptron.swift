import AdjointAutodiff
import AdjointLayers

/// Matrices with rectifiers between them, over images or vectors.
public final class MultilayerPerceptron: Layer {
  /// The matrices, first to last.
  public let layers: [Dense]

  /// A network of the given sizes, input and output included: `[784, 256, 128, 10]` has three matrices.
  ///
  /// - Traps: where there are fewer than two sizes.
  public init(sizes: [Int], dataType: DataType = .float32) {
    require(
      sizes.count >= 2, "MultilayerPerceptron", "there is no matrix", given: "sizes \(sizes)",
      expected: "two sizes or more")
    layers = zip(sizes, sizes.dropFirst()).map { Dense(inputSize: $0, outputSize: $1, dataType: dataType) }
  }

  /// - Parameter input: Shape `[batch, …]`, with as many elements a sample as the first size says.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let hidden = layers.dropLast().reduce(input.flattened()) { $1($0, activation: .relu) }
    return layers[layers.count - 1](hidden)
  }
}
