import AdjointAutodiff

/// Changes parameters by their gradients.
///
/// A step consumes the gradients: after it they are gone, so the next pass starts from none. A parameter without
/// a gradient, or frozen, is left as it is.
public protocol Optimizer: AnyObject {
  /// What is changed.
  var parameters: [Parameter] { get }
  /// The size of the steps.
  var learningRate: Double { get set }
  /// The number of steps taken.
  var stepCount: Int { get }
  /// Changes each parameter by its gradient, and drops the gradient.
  func step()
}

/// The parameters that have gradients and may change, with these gradients, which are taken away.
func takeGradients(of parameters: [Parameter]) -> [(index: Int, parameter: Parameter, gradient: Tensor)] {
  parameters.enumerated().compactMap { index, parameter in
    guard parameter.isTrainable, let gradient = parameter.gradient else { return nil }
    parameter.gradient = nil
    return (index, parameter, gradient.contiguous())
  }
}
