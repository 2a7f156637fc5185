import AdjointAutodiff

/// A part of a network: a class whose stored properties are parameters, state, streams of random numbers, further
/// modules, or settings.
///
/// Modules are found by reflection: properties that hold a ``Parameter``, a ``StateTensor``, a `RandomStream`, a module,
/// or arrays, dictionaries and optionals of these, are named by dotted paths such as `features.0.filter`. Numbers, strings,
/// enumerations, closures and the like are settings and are left alone. Any other property, such as a bare
/// `Tensor` or a class that is no module, traps: it would be neither trained nor saved. So do two of one path, as of a
/// private property that a superclass has under the same name.
public protocol Module: Savable {}

/// A module with one tensor in and one out.
public protocol Layer: Module {
  /// The output for an input.
  func callAsFunction(_ input: Tensor) -> Tensor
}

/// Whether a network is being trained or used; dropout and batch normalization differ.
public enum Mode: Sendable, Hashable {
  /// Dropout drops, and batch normalization uses and records the batch's statistics.
  case training
  /// Dropout does nothing, and batch normalization uses the recorded statistics.
  case inference
}

/// A module that behaves differently in training and in use.
public protocol ModeDependent: Module {
  /// Which of the two it does now.
  var mode: Mode { get set }
}

extension Module {
  /// All parameters, each once, in the order of their declaration.
  ///
  /// Each is named by its path, unless its name ends in that already: a part of a model does not shorten the names
  /// that the whole has given.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// All parameters with their dotted paths in this module; they are named as ``parameters`` says.
  public var namedParameters: [(path: String, parameter: Parameter)] {
    members.compactMap { member in
      guard case .parameter(let parameter) = member.content else { return nil }
      if !parameter.name.hasSuffix(".\(member.path)") { parameter.name = member.path }
      return (member.path, parameter)
    }
  }

  /// All tensors that belong to the model without being trained, with their dotted paths.
  public var namedStates: [(path: String, state: StateTensor)] {
    members.compactMap { member in
      guard case .state(let state) = member.content else { return nil }
      return (member.path, state)
    }
  }

  /// All streams that the model draws random numbers from, with their dotted paths.
  public var namedStreams: [(path: String, stream: RandomStream)] {
    members.compactMap { member in
      guard case .stream(let stream) = member.content else { return nil }
      return (member.path, stream)
    }
  }

  /// This module, at the empty path, and all modules within it, with their dotted paths.
  public var namedModules: [(path: String, module: any Module)] {
    [("", self)]
      + members.compactMap { member in
        guard case .module(let module) = member.content else { return nil }
        return (member.path, module)
      }
  }

  /// The number of numbers that training changes.
  public var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
  }

  /// Sets the mode of every module within that has one.
  public func setMode(_ mode: Mode) {
    for case let module as any ModeDependent in namedModules.map(\.module) { module.mode = mode }
  }

  /// Calls `body` in inference mode and without recording, and sets back the modes that were before.
  public func inferring<Result>(_ body: () throws -> Result) rethrows -> Result {
    let modules = namedModules.compactMap { $0.module as? any ModeDependent }
    let modes = modules.map(\.mode)
    for module in modules { module.mode = .inference }
    defer { for (module, mode) in zip(modules, modes) { module.mode = mode } }
    return try withoutRecording(body)
  }

  /// Sets the whole model to its beginning: parameters are drawn anew, states set back, and streams of random
  /// numbers restarted, from a seed and each one's path. Gradients that were collected are dropped.
  ///
  /// Parameters and states of a module that is not ``Initializable`` stay as they are.
  ///
  /// What a layer gets depends on the seed and its own path only: adding a layer changes no other's numbers.
  public func initialize(seed: UInt64) {
    for parameter in parameters { parameter.gradient = nil }
    for (path, module) in namedModules {
      (module as? any Initializable)?.initialize { RandomStream(seed: seed, name: "\(path).\($0)") }
    }
  }
}

/// A module that can be set back to its beginning: parameters, states, and streams of random numbers.
public protocol Initializable: Module {
  /// Sets parameters and states to what they begin with, drawn anew where they are drawn, and restarts streams.
  ///
  /// - Parameter stream: Gives the stream for the parameter or purpose of a name.
  func initialize(from stream: (_ name: String) -> RandomStream)
}
