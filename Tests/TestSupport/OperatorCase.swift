import AdjointAutodiff
import Testing

/// An operator applied to inputs on which its derivatives are checked.
public struct OperatorCase: Sendable, CustomTestStringConvertible {
  /// What the test report calls it.
  public let name: String
  /// Where the derivatives are taken.
  public let inputs: [Tensor]
  /// The operator, which must take inputs of either floating-point type.
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

  /// The same operator on inputs of another shape, with the same numbers over and over: for operators that do not
  /// mind the shape.
  public func at(_ shape: Shape) -> OperatorCase {
    let reshaped = inputs.map { input in
      let numbers = input.scalars(as: Double.self)
      let repeated = (0..<shape.elementCount).map { numbers[$0 % numbers.count] }
      return Tensor(repeated, shape: shape, dataType: .float64)
    }
    return OperatorCase(name, reshaped, function)
  }

  /// Checks first and second derivatives, on inputs as they are and where inputs and cotangent are laid out
  /// otherwise in memory; that the output does not depend on the layout; and that float32 gives what float64 does.
  public func check() {
    for order in 1...2 { expectPassed(checkGradients(at: inputs, order: order, of: function), "") }
    let output = function(inputs)
    let laidOutOtherwise = function(inputs.map(scattered))
    #expect(laidOutOtherwise.isClose(to: output, relativeTolerance: 1e-12, absoluteTolerance: 1e-12))
    let whereScattered = { (inputs: [Tensor]) in scattered(function(inputs.map(scattered))) }
    expectPassed(checkGradients(at: inputs, of: whereScattered), ", not contiguous")
    expectPassed(checkGradients(at: inputs, order: 2, directions: 1, of: whereScattered), ", not contiguous")
    checkSinglePrecision()
    Coverage.note(self)
  }

  /// Where there is nothing to take a derivative by, none can differ.
  private func expectPassed(_ report: GradientReport, _ variant: String) {
    let isEmpty = inputs.allSatisfy { $0.count == 0 }
    #expect(report.passed || isEmpty && report.coordinates.isEmpty, "\(name)\(variant): \(report)")
  }

  /// Compares the output and the gradients in float32 with those in float64 of the same numbers: each element may
  /// be off by 2e-5 of its own magnitude and as much of the greatest in its tensor, some 170 roundings each.
  private func checkSinglePrecision() {
    let points = inputs.map { $0.cast(to: .float32) }
    let exact = outputAndGradients(at: points.map { $0.cast(to: .float64) })
    for (single, double) in zip(outputAndGradients(at: points), exact) {
      #expect(single.dataType == .float32, "\(name)")
      let greatest = double.count == 0 ? 0 : double.absolute().max().scalar(as: Double.self)
      let isClose = single.cast(to: .float64).isClose(
        to: double, relativeTolerance: 2e-5, absoluteTolerance: 2e-5 * greatest)
      #expect(isClose, "\(name) in float32: \(single), in float64: \(double)")
    }
  }

  private func outputAndGradients(at points: [Tensor]) -> [Tensor] {
    let leaves = points.map { $0.withGradient() }
    let output = function(leaves)
    let loss = output.weighted().sum()
    return [output.detached()] + gradients(of: loss, withRespectTo: leaves, unconnected: .zeros)
  }
}
