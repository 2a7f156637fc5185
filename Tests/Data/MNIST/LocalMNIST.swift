import Foundation

/// A copy of MNIST on this machine: in the folder that ADJOINT_DATA names, or in shared/data beside the checkout.
enum LocalMNIST {
  /// The folder of the four files; nil, with a message, where there is none.
  static func folder(for test: String = #function) -> String? {
    let package = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent()
    }
    let beside = package.deletingLastPathComponent().appendingPathComponent("shared/data").path
    let folder = (ProcessInfo.processInfo.environment["ADJOINT_DATA"] ?? beside) + "/mnist"
    if FileManager.default.fileExists(atPath: folder) { return folder }
    print("SKIPPED: \(test): no folder \(folder); ADJOINT_DATA may name the folder that holds mnist")
    return nil
  }
}
