/// What went wrong, in the words of every message: the operation and its problem, what was given, what was expected,
/// and a hint.
package func failureMessage(
  _ operation: String, _ problem: String, given: String, expected: String, hint: String? = nil
) -> String {
  let parts = "\(operation): \(problem); given \(given); expected \(expected)."
  return hint.map { "\(parts) Hint: \($0)." } ?? parts
}

/// Ends the program with such a message; the one place where Adjoint does so.
package func trap(
  _ operation: String, _ problem: String, given: String, expected: String, hint: String? = nil
) -> Never {
  fatalError(failureMessage(operation, problem, given: given, expected: expected, hint: hint))
}
