import AdjointAutodiff

/// x where it is positive, else a learned slope times x.
///
/// - Source: He, Zhang, Ren, Sun, Delving Deep into Rectifiers, 2015, arXiv:1502.01852.
public final class PReLU: Layer, Initializable {
  /// The slopes below 0: one for each channel, or one for all.
  public let slopes: Parameter
  /// What every slope is at first.
  public let initialSlope: Double

  /// A layer with the given slopes at first.
  ///
  /// - Parameters:
  ///   - channels: The size of the last axis, for a slope a channel; 1 for one slope for all.
  ///   - initialSlope: What all slopes are at first.
  ///   - dataType: The type of the slopes.
  /// - Traps: where there are no channels.
  public init(channels: Int = 1, initialSlope: Double = 0.25, dataType: DataType = .float32) {
    require(channels >= 1, "PReLU", "there are no channels", given: "\(channels)", expected: "1 or more")
    self.initialSlope = initialSlope
    slopes = Parameter(.filled(with: initialSlope, shape: [channels], dataType: dataType), name: "slopes")
  }

  public func initialize(from stream: (String) -> RandomStream) {
    slopes.value = .filled(with: initialSlope, shape: slopes.shape, dataType: slopes.dataType)
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) { input.prelu(slopes: slopes.value) }
  }
}
