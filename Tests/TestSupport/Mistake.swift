import Testing

/// Something that a programmer got wrong, and the message with which it ends the program.
public struct Mistake: Sendable {
  /// How the message begins.
  public let message: String
  /// What was written.
  public let body: @Sendable () -> Void

  /// A mistake whose result does not matter.
  public init(_ message: String, _ body: @escaping @Sendable () -> Any) {
    self.message = message
    self.body = { _ = body() }
  }

  /// Expects the message, and what would have been right, of a process that made the mistake.
  public func expectMessage(in result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(message), sourceLocation: sourceLocation)
    #expect(output.contains("; expected "), sourceLocation: sourceLocation)
  }
}
