import AdjointAutodiff
import AdjointLayers

/// An optimizer that changes each parameter by the parameter's own gradient and by what it remembers of it.
///
/// Such an optimizer is its rule:
///
/// ```swift
/// final class SignDescent: ParameterwiseOptimizer {
///   var progress: OptimizerProgress
///   var learningRate: Double
///
///   init(_ parameters: [Parameter], learningRate: Double) {
///     progress = OptimizerProgress(parameters: parameters)
///     self.learningRate = learningRate
///   }
///
///   func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState) {
///     value -= gradient.sign() * learningRate
///   }
/// }
/// ```
public protocol ParameterwiseOptimizer: Optimizer, Savable {
  /// The parameters, and what is remembered of them.
  var progress: OptimizerProgress { get set }
  /// Changes one parameter's value by its gradient; nothing in it is recorded.
  ///
  /// - Parameters:
  ///   - value: What to change; it keeps its shape and type.
  ///   - gradient: In the value's shape and type.
  ///   - state: What is remembered of the parameter, with this step counted.
  func update(_ value: inout Tensor, gradient: Tensor, state: inout ParameterState)
}

extension ParameterwiseOptimizer {
  public var parameters: [Parameter] { progress.parameters }

  public var stepCount: Int { progress.stepCount }

  /// Changes each parameter by its gradient, and drops the gradient.
  ///
  /// - Traps: where ``learningRate`` is not 0 or more, or there is not one state a parameter; in Adjoint's optimizers,
  ///   where a state is not like its parameter.
  public func step() {
    requireNotNegative("\(Self.self)", "learningRate", learningRate)
    require(
      progress.states.count == progress.parameters.count, "\(Self.self)",
      "the states are not one a parameter",
      given: "\(progress.states.count) states", expected: "\(progress.parameters.count)")
    progress.stepCount += 1
    withoutRecording {
      for (index, parameter) in parameters.enumerated() {
        defer { parameter.gradient = nil }
        guard parameter.isTrainable, let gradient = parameter.gradient else { continue }
        // Moved out, so that no copy keeps the tensors from being changed in place.
        var state = ParameterState()
        swap(&state, &progress.states[index])
        state.stepCount += 1
        state.parameter = parameter
        parameter.update { update(&$0, gradient: gradient.contiguous(), state: &state) }
        // A saved copy of the state keeps no parameter alive.
        state.parameter = nil
        progress.states[index] = state
      }
    }
  }
}
