import AdjointAutodiff

/// How the numbers of a new parameter are drawn.
///
/// The spread follows from the fan-in, the number of inputs that one output sees, and the fan-out, the number of
/// outputs that one input reaches; of a filter `[spatial…, in, out]` they are `in` and `out` times the number of
/// spatial places. Initializers that depend on these trap for a shape of fewer than two axes.
public struct Initializer: Sendable {
  private let draw: @Sendable (Shape, DataType, RandomStream) -> Tensor

  /// An initializer that draws as the closure says.
  public init(_ draw: @escaping @Sendable (Shape, DataType, RandomStream) -> Tensor) {
    self.draw = draw
  }

  /// A tensor of a shape and type, drawn from a stream.
  public func callAsFunction(_ shape: Shape, dataType: DataType, from stream: RandomStream) -> Tensor {
    draw(shape, dataType, stream)
  }

  /// The same number everywhere.
  public static func constant(_ value: Double) -> Initializer {
    Initializer { shape, dataType, _ in .filled(with: value, shape: shape, dataType: dataType) }
  }

  /// Zeros.
  public static let zeros = constant(0)

  /// Ones.
  public static let ones = constant(1)

  /// Evenly from a range.
  public static func uniform(in range: Range<Double>) -> Initializer {
    Initializer { .uniform($0, in: range, dataType: $1, from: $2) }
  }

  /// Normally, with the given mean and width.
  public static func normal(mean: Double = 0, standardDeviation: Double) -> Initializer {
    Initializer { .normal($0, mean: mean, standardDeviation: standardDeviation, dataType: $1, from: $2) }
  }

  /// Normally, with variance 2 / fan-in: for layers that rectifiers follow.
  ///
  /// - Source: He, Zhang, Ren, Sun, Delving Deep into Rectifiers, 2015, arXiv:1502.01852.
  public static let heNormal = scaledNormal { fanIn, _ in 2 / fanIn }

  /// Evenly, with variance 2 / fan-in.
  public static let heUniform = scaledUniform { fanIn, _ in 2 / fanIn }

  /// Normally, with variance 2 / (fan-in + fan-out): for layers that symmetric functions follow.
  ///
  /// - Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010.
  public static let glorotNormal = scaledNormal { 2 / ($0 + $1) }

  /// Evenly, with variance 2 / (fan-in + fan-out).
  public static let glorotUniform = scaledUniform { 2 / ($0 + $1) }

  /// Normally, with variance 1 / fan-in: for self-normalizing networks.
  ///
  /// - Source: LeCun, Bottou, Orr, Müller, Efficient BackProp, 1998.
  public static let lecunNormal = scaledNormal { fanIn, _ in 1 / fanIn }

  /// Evenly, with variance 1 / fan-in.
  public static let lecunUniform = scaledUniform { fanIn, _ in 1 / fanIn }

  private static func scaledNormal(_ variance: @escaping @Sendable (Double, Double) -> Double) -> Initializer
  {
    Initializer { shape, dataType, stream in
      let (fanIn, fanOut) = fans(of: shape)
      let deviation = variance(fanIn, fanOut).squareRoot()
      return .normal(shape, standardDeviation: deviation, dataType: dataType, from: stream)
    }
  }

  private static func scaledUniform(_ variance: @escaping @Sendable (Double, Double) -> Double) -> Initializer
  {
    Initializer { shape, dataType, stream in
      let (fanIn, fanOut) = fans(of: shape)
      let bound = (3 * variance(fanIn, fanOut)).squareRoot()
      return .uniform(shape, in: -bound..<bound, dataType: dataType, from: stream)
    }
  }

  private static func fans(of shape: Shape) -> (fanIn: Double, fanOut: Double) {
    require(
      shape.rank >= 2, "initializer", "the shape has no inputs and outputs", given: "\(shape)",
      expected: "[…, in, out]", hint: "use .zeros or .uniform(in:) for vectors")
    let places = shape.sizes.dropLast(2).reduce(1, *)
    return (
      Double(max(1, places * shape.sizes[shape.rank - 2])),
      Double(max(1, places * shape.sizes[shape.rank - 1]))
    )
  }
}
