#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What stands after a program's name: `--name value` pairs, each with a default.
public struct Options {
  private var values: [String: String]

  /// Reads the command line; an option that is not among the defaults ends the program.
  public init(_ defaults: [String: String]) {
    values = defaults
    let words = Array(CommandLine.arguments.dropFirst())
    for index in stride(from: 0, to: words.count, by: 2) {
      let name = String(words[index].drop { $0 == "-" })
      guard defaults[name] != nil, index + 1 < words.count else {
        fail("no such option: \(words[index]); there are \(defaults.keys.sorted().map { "--\($0) VALUE" })")
      }
      values[name] = words[index + 1]
    }
  }

  /// An option as text.
  public subscript(name: String) -> String { values[name]! }

  /// An option as a whole number of 0 or more.
  public func number(_ name: String) -> Int {
    guard let number = Int(self[name]), number >= 0 else { fail("--\(name) is not a number: \(self[name])") }
    return number
  }
}

/// Prints what went wrong to the standard error output and ends the program.
public func fail(_ message: Any) -> Never {
  let line = "\(message)\n"
  _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(1)
}
