import AdjointAutodiff
import Foundation
import Testing

/// Everything that PyTorch computed in the cases of a folder: that of this target, or the one that the environment
/// variable `ADJOINT_CONFORMANCE` names.
@Suite struct ConformanceTests {
  @Test func everyCaseHolds() throws {
    let folder =
      ProcessInfo.processInfo.environment["ADJOINT_CONFORMANCE"]
      ?? URL(filePath: #filePath).deletingLastPathComponent().path + "/Cases"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".safetensors") }
    let failures = names.filter { name in
      let problems = ConformanceCase.problems(inFile: "\(folder)/\(name)")
      if !problems.isEmpty { Issue.record("\(name): \(problems.joined(separator: "\n"))") }
      return !problems.isEmpty
    }
    #expect(!names.isEmpty, "there are no cases in \(folder)")
    print("\(names.count - failures.count) passed, \(failures.count) failed")
  }
}

extension ConformanceCase {
  /// What does not hold in a case, in double and in single precision; a case that cannot be read or is of an
  /// unknown kind does not hold either.
  static func problems(inFile path: String) -> [String] {
    do {
      let conformanceCase = try ConformanceCase(contentsOf: path)
      return try [.float64, .float32].flatMap { dataType in
        try conformanceCase.problems(in: dataType).map { "\(dataType): \($0)" }
      }
    } catch {
      return ["\(error)"]
    }
  }

  private func problems(in dataType: DataType) throws -> [String] {
    switch try details.word("kind") {
    case "operator": try operatorProblems(in: dataType)
    case "optimizer": try optimizerProblems(in: dataType)
    case "schedule": try scheduleProblems()
    case "trajectory": try trajectoryProblems(in: dataType)
    case let kind: throw CaseError("there is no such kind: \(kind)")
    }
  }
}
