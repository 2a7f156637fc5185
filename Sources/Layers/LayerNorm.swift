import AdjointAutodiff

/// Brings each example to mean 0 and variance 1 over its last axes, then scales and shifts it.
///
/// - Source: Ba, Kiros, Hinton, Layer Normalization, 2016, arXiv:1607.06450.
public final class LayerNorm: Layer, Initializable {
  /// What each place is multiplied by, 1 at first.
  public let scale: Parameter
  /// What is added to each place, 0 at first.
  public let offset: Parameter
  /// Added to the variance.
  public let epsilon: Double

  /// A layer for inputs whose last axes have the given shape.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes that belong to one example's statistics.
  ///   - epsilon: Added to the variance, above 0.
  ///   - dataType: The type of the parameters.
  /// - Traps: where the shape holds nothing or has no axis, or epsilon is not above 0.
  public init(shape: Shape, epsilon: Double = 1e-5, dataType: DataType = .float32) {
    checkNormalized(shape, epsilon, "LayerNorm")
    scale = Parameter(.ones(shape, dataType: dataType), name: "scale")
    offset = Parameter(.zeros(shape, dataType: dataType), name: "offset")
    self.epsilon = epsilon
  }

  public func initialize(from stream: (String) -> RandomStream) {
    scale.update { $0 = .ones(like: $0) }
    offset.update { $0 = .zeros(like: $0) }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      input.layerNormalized(
        trailingAxes: scale.shape.rank, scale: scale.value, offset: offset.value, epsilon: epsilon)
    }
  }
}

/// Divides each example by the root of the mean of its squares over its last axes, then scales it.
///
/// - Source: Zhang, Sennrich, Root Mean Square Layer Normalization, 2019, arXiv:1910.07467.
public final class RMSNorm: Layer, Initializable {
  /// What each place is multiplied by, 1 at first.
  public let scale: Parameter
  /// Added to the mean of the squares.
  public let epsilon: Double

  /// A layer for inputs whose last axes have the given shape.
  ///
  /// - Parameters:
  ///   - shape: The sizes of the axes that belong to one example.
  ///   - epsilon: Added to the mean of the squares, above 0.
  ///   - dataType: The type of the parameter.
  /// - Traps: where the shape holds nothing or has no axis, or epsilon is not above 0.
  public init(shape: Shape, epsilon: Double = 1e-5, dataType: DataType = .float32) {
    checkNormalized(shape, epsilon, "RMSNorm")
    scale = Parameter(.ones(shape, dataType: dataType), name: "scale")
    self.epsilon = epsilon
  }

  public func initialize(from stream: (String) -> RandomStream) {
    scale.update { $0 = .ones(like: $0) }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      input.rmsNormalized(trailingAxes: scale.shape.rank, scale: scale.value, epsilon: epsilon)
    }
  }
}

private func checkNormalized(_ shape: Shape, _ epsilon: Double, _ name: String) {
  require(
    shape.rank >= 1 && shape.elementCount >= 1 && epsilon > 0, name, "a number is out of range",
    given: "shape \(shape), epsilon \(epsilon)", expected: "sizes of 1 or more, epsilon above 0")
}
