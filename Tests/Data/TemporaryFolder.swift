import Foundation

/// A folder of a test's own, removed with what is in it when the test lets go of it.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.path + "/adjoint-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
