import Foundation

/// A folder of a test's own, removed with what is in it when the test lets go of it.
public final class TemporaryFolder {
  /// Where it is.
  public let path = FileManager.default.temporaryDirectory.path + "/adjoint-\(UUID().uuidString)"

  /// Makes a new, empty folder.
  public init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// What is in it.
  public var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
