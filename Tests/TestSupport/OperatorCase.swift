import AdjointAutodiff
import Testing

/// An operator applied to inputs on which its derivatives are checked.
public struct OperatorCase: Sendable, CustomTestStringConvertible {
  /// What the test report calls it.
  public let name: String
  /// Where the derivatives are taken.
  public let inputs: [Tensor]
  /// The operator.
  public let function: @Sendable ([Tensor]) -> Tensor

  /// An operator of one input.
  public init(_ name: String, _ x: Tensor, _ function: @escaping @Sendable (Tensor) -> Tensor) {
    self.init(name, [x]) { function($0[0]) }
  }

  /// An operator of two inputs.
  public init(
    _ name: String, _ x: Tensor, _ y: Tensor, _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) {
    self.init(name, [x, y]) { function($0[0], $0[1]) }
  }

  /// An operator of any number of inputs.
  public init(_ name: String, _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }

  public var testDescription: String { "\(name) \(inputs.map(\.shape))" }

  /// Checks first and second derivatives, on inputs as they are and on the same numbers laid out otherwise in
  /// memory, and that the output does not depend on the layout.
  public func check() {
    for order in 1...2 {
      let report = checkGradients(at: inputs, order: order, of: function)
      #expect(report.passed, "\(name): \(report)")
    }
    let output = function(inputs)
    let laidOutOtherwise = function(inputs.map(scattered))
    #expect(laidOutOtherwise.isClose(to: output, relativeTolerance: 1e-12, absoluteTolerance: 1e-12))
    let report = checkGradients(at: inputs) { function($0.map(scatteredAndRecorded)) }
    #expect(report.passed, "\(name), not contiguous: \(report)")
  }
}
