import AdjointAutodiff

/// Brings each group of channels of each example to mean 0 and variance 1 over all positions, then scales and
/// shifts each channel.
///
/// - Source: Wu, He, Group Normalization, 2018, arXiv:1803.08494.
public final class GroupNorm: Layer, Initializable {
  /// What each channel is multiplied by, 1 at first.
  public let scale: Parameter
  /// What is added to each channel, 0 at first.
  public let offset: Parameter
  /// Into how many parts the channels are split.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Double

  /// A layer for images or vectors with the given number of channels.
  ///
  /// - Parameters:
  ///   - groups: Into how many parts the channels are split.
  ///   - channels: The size of the last axis.
  ///   - epsilon: Added to the variance, above 0.
  ///   - dataType: The type of the parameters.
  /// - Traps: where a number is out of range, or the groups do not divide the channels.
  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, dataType: DataType = .float32) {
    require(
      groups >= 1 && channels >= 1 && channels % groups == 0 && epsilon > 0, "GroupNorm",
      "a number is out of range", given: "groups \(groups), channels \(channels), epsilon \(epsilon)",
      expected: "a number of groups that divides the channels, epsilon above 0")
    scale = Parameter(.ones([channels], dataType: dataType), name: "scale")
    offset = Parameter(.zeros([channels], dataType: dataType), name: "offset")
    self.groups = groups
    self.epsilon = epsilon
  }

  public func initialize(from stream: (String) -> RandomStream) {
    scale.update { $0 = .ones(like: $0) }
    offset.update { $0 = .zeros(like: $0) }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      input.groupNormalized(groups: groups, scale: scale.value, offset: offset.value, epsilon: epsilon)
    }
  }
}

/// Brings each channel of each example to mean 0 and variance 1 over all positions, then scales and shifts it.
///
/// - Source: Ulyanov, Vedaldi, Lempitsky, Instance Normalization, 2016, arXiv:1607.08022.
public final class InstanceNorm: Layer, Initializable {
  /// What each channel is multiplied by, 1 at first.
  public let scale: Parameter
  /// What is added to each channel, 0 at first.
  public let offset: Parameter
  /// Added to the variance.
  public let epsilon: Double

  /// A layer for images with the given number of channels.
  ///
  /// - Parameters:
  ///   - channels: The size of the last axis.
  ///   - epsilon: Added to the variance, above 0.
  ///   - dataType: The type of the parameters.
  /// - Traps: where a number is out of range.
  public init(channels: Int, epsilon: Double = 1e-5, dataType: DataType = .float32) {
    require(
      channels >= 1 && epsilon > 0, "InstanceNorm", "a number is out of range",
      given: "channels \(channels), epsilon \(epsilon)", expected: "channels of 1 or more, epsilon above 0")
    scale = Parameter(.ones([channels], dataType: dataType), name: "scale")
    offset = Parameter(.zeros([channels], dataType: dataType), name: "offset")
    self.epsilon = epsilon
  }

  public func initialize(from stream: (String) -> RandomStream) {
    scale.update { $0 = .ones(like: $0) }
    offset.update { $0 = .zeros(like: $0) }
  }

  public func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      input.instanceNormalized(scale: scale.value, offset: offset.value, epsilon: epsilon)
    }
  }
}
