import AdjointAutodiff

/// A table of vectors, looked up by number: `[…] → […, size]` for indices of type `int64`.
public final class Embedding: Layer, Initializable {
  /// The vectors, `[count, size]`.
  public let table: Parameter
  /// How the vectors are drawn.
  public let initializer: Initializer

  /// A table drawn at random.
  ///
  /// - Parameters:
  ///   - count: How many vectors there are.
  ///   - size: The length of a vector.
  ///   - initializer: How the vectors are drawn.
  ///   - dataType: The type of the vectors.
  ///   - stream: Where the numbers come from.
  /// - Traps: where a number is below 1.
  public init(
    count: Int, size: Int, initializer: Initializer = .normal(standardDeviation: 1),
    dataType: DataType = .float32, from stream: RandomStream = .standard
  ) {
    require(
      count >= 1 && size >= 1, "Embedding", "a size is too small", given: "\(count) and \(size)",
      expected: "1 or more")
    table = Parameter(initializer([count, size], dataType: dataType, from: stream), name: "table")
    self.initializer = initializer
  }

  public func callAsFunction(_ indices: Tensor) -> Tensor {
    observed(indices) { table.value.taken(at: indices) }
  }

  public func initialize(from stream: (String) -> RandomStream) {
    table.value = initializer(table.shape, dataType: table.dataType, from: stream("table"))
  }
}
