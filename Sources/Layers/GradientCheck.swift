import AdjointAutodiff

/// Compares the gradients of a module's parameters with the slopes that its values show.
///
/// The module's parameters must be of float64. Dropout keeps one mask throughout, and running statistics stay as
/// they are; modes are what they were set to.
///
/// - Parameters:
///   - module: Whose trainable parameters to check.
///   - order: 1 checks gradients, 2 the gradients of a random combination of gradients, and that the gradients
///     are the same whether they are recorded or not.
///   - directions: Nil checks every coordinate; a number checks the slopes along so many random directions of all
///     parameters at once instead: for big models.
///   - relativeTolerance: The part of a slope's magnitude by which the gradient may be off.
///   - absoluteTolerance: The distance that is always allowed.
///   - function: Computes what is differentiated, with the module.
/// - Returns: What was found, with the parameters' dotted paths as names.
/// - Traps: where a parameter is not of float64, or a number is out of range.
public func checkGradients(
  of module: any Module, order: Int = 1, directions: Int? = nil, relativeTolerance: Double = 1e-6,
  absoluteTolerance: Double = 1e-8, function: @escaping () -> Tensor
) -> GradientReport {
  let named = module.namedParameters.filter(\.parameter.isTrainable)
  for (path, parameter) in named {
    require(
      parameter.dataType == .float64, "checkGradients", "a parameter is not of float64",
      given: "\(path) of \(parameter.dataType)", expected: "float64",
      hint: "make the layers with dataType: .float64")
  }
  let parameters = named.map(\.parameter)
  let values = parameters.map(\.value)
  defer {
    for (parameter, value) in zip(parameters, values) {
      parameter.substitute(nil)
      parameter.value = value
    }
  }
  return checkGradients(
    at: values, names: named.map(\.path), order: order, directions: directions,
    relativeTolerance: relativeTolerance,
    absoluteTolerance: absoluteTolerance
  ) { inputs in
    // Until the next call: a pass back through the value may compute a checkpoint's segment again.
    for (parameter, input) in zip(parameters, inputs) { parameter.substitute(input) }
    return function()
  }
}
