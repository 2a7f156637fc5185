import AdjointAutodiff

/// A matrix and an offset: `[…, in] → […, out]`, `output = input · weight + bias`.
public final class Dense: Layer, Initializable {
  /// The matrix, `[in, out]`.
  public let weight: Parameter
  /// One number for each output, if there is a bias.
  public let bias: Parameter?
  /// How the matrix is drawn.
  public let initializer: Initializer

  /// A layer with a matrix drawn at random and biases of 0.
  ///
  /// - Parameters:
  ///   - inputSize: The size of the input's last axis.
  ///   - outputSize: The size of the output's last axis.
  ///   - usesBias: Whether a number is added to each output.
  ///   - initializer: How the matrix is drawn.
  ///   - dataType: The type of the parameters.
  ///   - stream: Where the numbers come from.
  /// - Traps: where a size is below 1.
  public init(
    inputSize: Int, outputSize: Int, usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    dataType: DataType = .float32, from stream: RandomStream = .standard
  ) {
    require(
      inputSize >= 1 && outputSize >= 1, "Dense", "a size is too small",
      given: "\(inputSize) and \(outputSize)",
      expected: "1 or more")
    weight = Parameter(
      initializer([inputSize, outputSize], dataType: dataType, from: stream), name: "weight")
    bias = usesBias ? Parameter(.zeros([outputSize], dataType: dataType), name: "bias") : nil
    self.initializer = initializer
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    require(
      input.rank >= 1 && input.shape[input.rank - 1] == weight.shape[0], "Dense", "input sizes differ",
      given: "input \(input.shape), \(weight.name) \(weight.shape)",
      expected: "input […, \(weight.shape[0])]",
      hint: "flattened() makes one axis of an image's height, width and channels")
    if input.rank == 1 { return self(input.expandedDimensions(at: 0)).squeezed(axis: 0) }
    return observed(input) { input.matrixProduct(weight.value, bias: bias?.value) }
  }

  /// This layer and then an activation, in one pass over memory.
  ///
  /// The result has the bits of the two one after the other, which is what they are while layers are observed.
  ///
  /// - Parameters:
  ///   - input: Shape `[…, in]`.
  ///   - activation: What is applied last.
  /// - Returns: Shape `[…, out]`.
  /// - Traps: where the input's last axis has another size than the matrix expects, or types differ.
  public func callAsFunction(_ input: Tensor, activation: OutputActivation) -> Tensor {
    guard !layersAreObserved, input.rank >= 2, input.shape[input.rank - 1] == weight.shape[0] else {
      return self(input).followed(adding: nil, activation: activation)
    }
    return input.matrixProduct(weight.value, bias: bias?.value, activation: activation)
  }

  public func initialize(from stream: (String) -> RandomStream) {
    weight.value = initializer(weight.shape, dataType: weight.dataType, from: stream("weight"))
    bias?.update { $0 = .zeros(like: $0) }
  }
}
