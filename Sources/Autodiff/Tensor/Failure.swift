import AdjointKernels

/// What went wrong, in four parts: the operation and its problem, what was given, what was expected, and a hint.
///
/// A programmer's mistake (shapes, types, axes) traps with this text. What the world got wrong is thrown: as a value
/// of this type, such as by `Module.load(_:)`, or as a `DataError`, which names a file besides.
///
/// ```
/// conv2D: input channels differ; given input [8, 32, 32, 4], filter [3, 3, 3, 16]; expected input [_, _, _, 3].
/// Hint: the filter's third size is the input's channel count.
/// ```
public struct Failure: Error, Sendable, Hashable {
  /// The operation, as it is called in code.
  public var operation: String
  /// What is wrong, in a few words.
  public var problem: String
  /// What the operation was given.
  public var given: String
  /// What it would have accepted.
  public var expected: String
  /// How to put it right, where that is not plain.
  public var hint: String?

  /// A failure of the given parts.
  public init(_ operation: String, _ problem: String, given: String, expected: String, hint: String? = nil) {
    self.operation = operation
    self.problem = problem
    self.given = given
    self.expected = expected
    self.hint = hint
  }

  /// Ends the program with this message.
  public func trap() -> Never {
    AdjointKernels.trap(operation, problem, given: given, expected: expected, hint: hint)
  }
}

extension Failure: CustomStringConvertible {
  public var description: String {
    failureMessage(operation, problem, given: given, expected: expected, hint: hint)
  }
}

/// Traps unless the condition holds; the message's parts are evaluated only then.
@inline(__always)
package func require(
  _ condition: Bool, _ operation: @autoclosure () -> String, _ problem: @autoclosure () -> String,
  given: @autoclosure () -> String, expected: @autoclosure () -> String,
  hint: @autoclosure () -> String? = nil
) {
  if !condition {
    Failure(operation(), problem(), given: given(), expected: expected(), hint: hint()).trap()
  }
}
