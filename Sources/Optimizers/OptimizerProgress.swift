import AdjointAutodiff

/// How far an optimizer has come with its parameters, and what it remembers of each.
public struct OptimizerProgress: Sendable {
  /// What is changed.
  public let parameters: [Parameter]
  /// The number of steps taken.
  public var stepCount = 0
  /// What is remembered of each parameter, in their order.
  public var states: [ParameterState]

  /// No progress yet.
  ///
  /// - Parameter parameters: What to change; one that is given twice counts once.
  /// - Traps: where there are no parameters.
  public init(parameters: [Parameter]) {
    self.parameters = requireParameters("optimizer", parameters)
    states = self.parameters.map { _ in ParameterState() }
  }
}

/// What an optimizer remembers of one parameter: everything that has to be saved to go on later.
public struct ParameterState: Sendable {
  /// The steps that this parameter has taken part in, with the present one.
  public var stepCount = 0
  /// What is remembered, by name, such as `velocity`.
  public var tensors: [String: Tensor] = [:]

  /// Whose state it is, for messages; known while a step lasts.
  var parameter: Parameter?

  /// Nothing remembered yet.
  public init() {}
}
