import AdjointAutodiff
import AdjointData
import AdjointFormats
import AdjointLayers

/// The parts of a training, such as a model and its optimizer, saved in one file to go on later with the same bits.
///
/// ```swift
/// let run: TrainingRun = ["model": model, "optimizer": optimizer]
/// try run.save(to: "run.safetensors", notes: ["epochs": "2"])
///
/// // In another program, with parts that were made alike:
/// let notes = try run.restore(from: "run.safetensors")
/// ```
///
/// The file holds the parts' tensors, and where the streams of random numbers are that models draw from, with
/// `RandomStream.standard`. What is set by a program, such as learning rates and frozen parameters, it does not.
public struct TrainingRun {
  private let parts: [(name: String, content: any Savable)]

  /// The parts, by names that the file has in front of their tensors' names.
  ///
  /// - Traps: where a name is empty, has a dot, or is given twice, or a part cannot be saved, such as an optimizer of two
  ///   parameters of one name.
  public init(_ parts: [(name: String, content: any Savable)]) {
    let names = parts.map(\.name)
    require(
      names.allSatisfy { !$0.isEmpty && !$0.contains(".") } && Set(names).count == names.count, "TrainingRun",
      "the parts have no names of their own", given: "\(names)", expected: "different names without dots")
    // What cannot be saved traps now, and not at the end of an epoch.
    for part in parts { _ = part.content.tensors }
    self.parts = parts
  }

  /// Writes all parts. A file of that name is replaced.
  ///
  /// - Parameters:
  ///   - path: Where to; a safetensors file.
  ///   - notes: Words to go with them, such as how many epochs there have been.
  /// - Throws: `DataError` where the file cannot be written; what was there before is then still there.
  /// - Traps: where a note is named `stream`, or begins with `stream.`.
  public func save(to path: String, notes: [String: String] = [:]) throws(DataError) {
    for name in notes.keys {
      require(
        !Self.isStream(name), "TrainingRun", "the note's name is that of a stream", given: name,
        expected: "a name other than stream, and without stream. at its beginning")
    }
    var tensors: [String: Tensor] = [:]
    for (name, part) in parts {
      for (path, tensor) in part.tensors { tensors["\(name).\(path)"] = tensor }
    }
    let streams = streams.mapValues { "\($0.state.key) \($0.state.position)" }
    try SafetensorsFile(tensors: tensors, metadata: notes.merging(streams) { $1 }).write(to: path)
  }

  /// Sets all parts to what a file holds, or none of them.
  ///
  /// - Parameter path: What ``save(to:notes:)`` has written, of parts of the same names.
  /// - Returns: The notes.
  /// - Throws: `DataError` where the file cannot be read, or its tensors or streams are not those of the parts.
  @discardableResult
  public func restore(from path: String) throws(DataError) -> [String: String] {
    let file = try SafetensorsFile(contentsOf: path)
    let states = try streamStates(in: file.metadata, file: path)
    try load(file, from: path)
    for (name, stream) in streams { stream.state = states[name]! }
    return file.metadata.filter { !Self.isStream($0.key) }
  }

  private func streamStates(
    in words: [String: String], file: String
  ) throws(DataError) -> [String: RandomStream.State] {
    let words = words.filter { Self.isStream($0.key) }
    let (found, expected) = (words.keys.sorted(), streams.keys.sorted())
    guard found == expected else {
      throw DataError(
        file: file, operation: "restore", problem: "the streams are not those of the parts",
        given: "\(found)", expected: "\(expected)")
    }
    var states: [String: RandomStream.State] = [:]
    for (name, text) in words {
      let numbers = text.split(separator: " ", omittingEmptySubsequences: false).map { UInt64($0) }
      guard numbers.count == 2, let key = numbers[0], let position = numbers[1] else {
        throw DataError(
          file: file, operation: "restore", problem: "a stream has no state", given: "\(name): \(text)",
          expected: "a key and a position")
      }
      states[name] = RandomStream.State(key: key, position: position)
    }
    return states
  }

  private func load(_ file: SafetensorsFile, from path: String) throws(DataError) {
    let names = parts.map(\.name)
    let strangers = file.tensors.keys.filter { key in !names.contains { key.hasPrefix("\($0).") } }.sorted()
    guard strangers.isEmpty else {
      throw DataError(
        file: path, operation: "restore", problem: "a tensor is of no part", given: strangers[0],
        expected: "a name that begins with one of \(names) and a dot")
    }
    for isRehearsal in [true, false] {
      for (name, part) in parts {
        let own = file.tensors(under: name)
        do throws(Failure) {
          if isRehearsal { try part.check(own) } else { try part.load(own) }
        } catch {
          throw DataError(
            file: path, operation: "restore", problem: error.problem, given: "\(name): \(error.given)",
            expected: error.expected, hint: error.hint)
        }
      }
    }
  }

  /// All streams, by the names of their states in the file.
  private var streams: [String: RandomStream] {
    var streams = [Self.standardStream: RandomStream.standard]
    for (name, part) in parts {
      for (path, stream) in part.namedStreams { streams["\(Self.standardStream).\(name).\(path)"] = stream }
    }
    return streams
  }

  private static let standardStream = "stream"

  private static func isStream(_ name: String) -> Bool {
    name == standardStream || name.hasPrefix("\(standardStream).")
  }
}

extension TrainingRun: ExpressibleByDictionaryLiteral {
  /// The parts, by their names.
  public init(dictionaryLiteral parts: (String, any Savable)...) {
    self.init(parts.map { (name: $0, content: $1) })
  }
}
