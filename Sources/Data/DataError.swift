import AdjointAutodiff

/// What a file, a data set or a download got wrong: the four parts of every failure, and the file's name.
///
/// ```text
/// idx: wrong number of bytes; given digits.idx, 20 bytes after the header; expected 24 for shape [2, 3, 4].
/// ```
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file's path as the caller gave it, or the address of a download.
  public let file: String
  /// What was being read or written, such as `idx`, `gzip` or `mnist`.
  public let operation: String
  /// What is wrong, in a few words.
  public let problem: String
  /// What was found.
  public let given: String
  /// What would have been right.
  public let expected: String
  /// What to do about it, where there is something to do.
  public let hint: String?

  /// An error of the four parts, about a file.
  public init(
    file: String, operation: String, problem: String, given: String, expected: String, hint: String? = nil
  ) {
    self.file = file
    self.operation = operation
    self.problem = problem
    self.given = given
    self.expected = expected
    self.hint = hint
  }

  /// The error in one line.
  public var description: String {
    Failure(operation, problem, given: "\(file), \(given)", expected: expected, hint: hint).description
  }
}

/// A number as errors show bytes and checksums: `0x8b`.
func hexadecimal(_ number: Int) -> String { "0x" + String(number, radix: 16) }
