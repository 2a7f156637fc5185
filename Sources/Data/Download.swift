#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Fetches files from the network.
///
/// It asks the program `curl`, which every macOS has and nearly every Linux: linking a library for this, and
/// for the encryption and proxies that it implies, would cost every program that never downloads.
enum Download {
  /// Fetches a file, lets `check` look at it, and puts it in place only if that succeeds.
  ///
  /// - Parameter hint: What to do where there is no network.
  static func fetch(
    _ address: String, to path: String, operation: String, hint: String,
    check: (_ bytes: [UInt8]) throws(DataError) -> Void
  ) throws(DataError) {
    try Files.replace(path, operation: operation) { temporary throws(DataError) in
      let (status, message) = run(
        "curl --globoff --fail --location --silent --show-error --connect-timeout 30"
          + " --output \(quoted(temporary)) --url \(quoted(address))")
      guard status == 0 else {
        let notFound: Int32 = 127 << 8
        throw DataError(
          file: address, operation: operation,
          problem: status == notFound ? "the program curl is not installed" : "the download failed",
          given: "\"\(message)\"", expected: "the file", hint: hint)
      }
      try check(Files.read(temporary, operation: operation))
    }
  }

  /// Runs a command in the shell, and returns how it ended, as `wait` tells it, and what it wrote.
  private static func run(_ command: String) -> (status: Int32, output: String) {
    guard let pipe = popen(command + " 2>&1", "r") else {
      return (-1, String(cString: strerror(errno)))
    }
    var bytes: [UInt8] = []
    while case let byte = fgetc(pipe), byte != EOF { bytes.append(UInt8(byte)) }
    let status = pclose(pipe)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return (status, lines.joined(separator: " "))
  }

  /// A text as one word of the shell.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
