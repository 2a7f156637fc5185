import AdjointAutodiff
import AdjointData

/// What stands before the tensors' bytes: 8 bytes of length, then JSON that says where each tensor lies.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: SafetensorsType
    let shape: Shape
    /// The tensor's bytes, counted from the end of the header.
    let range: Range<Int>
  }

  static let metadataName = "__metadata__"
  /// What the format allows at most.
  private static let largest = 100_000_000

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String]
  /// Where the tensors' bytes begin in the file, where it was read.
  private(set) var dataStart = 0

  init(metadata: [String: String]) {
    self.metadata = metadata
  }

  /// The bytes that the tensors take.
  var dataCount: Int { entries.last?.range.upperBound ?? 0 }

  mutating func append(_ name: String, type: SafetensorsType, shape: Shape) {
    let range = dataCount..<dataCount + shape.elementCount * type.byteCount
    entries.append(Entry(name: name, type: type, shape: shape, range: range))
  }

  var bytes: [UInt8] {
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      let words = metadata.sorted { $0.key < $1.key }.map { JSON.Member($0, .string($1)) }
      members.append(JSON.Member(Self.metadataName, .object(words)))
    }
    for entry in entries {
      let value = JSON.object([
        JSON.Member("dtype", .string(entry.type.rawValue)),
        JSON.Member("shape", .array(entry.shape.map(JSON.integer))),
        JSON.Member(
          "data_offsets", .array([entry.range.lowerBound, entry.range.upperBound].map(JSON.integer))),
      ])
      members.append(JSON.Member(entry.name, value))
    }
    var text = Array(JSON.object(members).text.utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return UInt64(text.count).bigEndianBytes.reversed() + text
  }
}

extension SafetensorsHeader {
  init(_ bytes: [UInt8], file: String) throws(DataError) {
    guard bytes.count >= 8 else {
      throw DataError(
        file: file, operation: "safetensors", problem: "the header ends too soon",
        given: "\(bytes.count) bytes", expected: "at least 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.largest, Int(length) <= bytes.count - 8 else {
      throw DataError(
        file: file, operation: "safetensors", problem: "the header's length does not fit",
        given: "a length of \(length) in a file of \(bytes.count) bytes",
        expected: "at most \(min(Self.largest, bytes.count - 8))",
        hint: "the file is cut off, or not in this format")
    }
    dataStart = 8 + Int(length)
    let reader = SafetensorsHeaderReader(file: file)
    (entries, metadata) = try reader.read(bytes[8..<dataStart], dataCount: bytes.count - dataStart)
  }
}

/// Checks what a header says, so that what comes out can be trusted.
private struct SafetensorsHeaderReader {
  let file: String

  func read(
    _ text: ArraySlice<UInt8>, dataCount: Int
  ) throws(DataError) -> ([SafetensorsHeader.Entry], [String: String]) {
    var entries: [SafetensorsHeader.Entry] = []
    var metadata: [String: String] = [:]
    for member in try members(text) {
      if member.name == SafetensorsHeader.metadataName {
        metadata = try words(member.value)
      } else {
        entries.append(try entry(member))
      }
    }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    try checkCover(entries, dataCount)
    return (entries, metadata)
  }

  private func members(_ text: ArraySlice<UInt8>) throws(DataError) -> [JSON.Member] {
    do throws(JSON.Fault) {
      // Blanks may come after the object, but not before it.
      if case .object(let members) = try JSON(parsing: text), text.first == UInt8(ascii: "{") {
        return members
      }
    } catch {
      throw failure(
        "the header is not JSON", given: "\(error.problem) at byte \(8 + error.offset)",
        expected: "a JSON object")
    }
    throw failure(
      "the header is no object", given: "other JSON", expected: "a JSON object, and nothing before it")
  }

  private func words(_ value: JSON) throws(DataError) -> [String: String] {
    guard case .object(let members) = value else {
      throw failure("the metadata is no object", given: value.text, expected: "names with strings")
    }
    var words: [String: String] = [:]
    for member in members {
      guard case .string(let word) = member.value else {
        throw failure(
          "the metadata holds something else than strings", given: "\(member.name): \(member.value.text)",
          expected: "a string")
      }
      words[member.name] = word
    }
    return words
  }

  private func entry(_ member: JSON.Member) throws(DataError) -> SafetensorsHeader.Entry {
    guard case .string(let typeName)? = member.value["dtype"], let type = SafetensorsType(rawValue: typeName)
    else {
      throw failure(
        "an element type is not known", given: "\(member.name) of dtype \(described(member, "dtype"))",
        expected: SafetensorsType.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let sizes = naturals(member, "shape") else {
      throw failure(
        "a shape is missing or malformed", given: "\(member.name) of shape \(described(member, "shape"))",
        expected: "an array of whole numbers of 0 or more")
    }
    guard let offsets = naturals(member, "data_offsets"), offsets.count == 2, offsets[0] <= offsets[1] else {
      throw failure(
        "the place of a tensor is missing or malformed",
        given: "\(member.name) at \(described(member, "data_offsets"))", expected: "[begin, end]")
    }
    let byteCount = Shape.elementCount(of: sizes).map { $0 * type.byteCount }
    guard byteCount == offsets[1] - offsets[0] else {
      throw failure(
        "the size of a tensor does not fit its shape",
        given: "\(member.name) of \(offsets[1] - offsets[0]) bytes",
        expected: "\(byteCount.map(String.init) ?? "more than can be counted") for \(typeName) \(sizes)")
    }
    return SafetensorsHeader.Entry(
      name: member.name, type: type, shape: Shape(sizes), range: offsets[0]..<offsets[1])
  }

  /// Every byte belongs to one tensor: nothing can hide between them, and nothing is missing.
  private func checkCover(_ entries: [SafetensorsHeader.Entry], _ dataCount: Int) throws(DataError) {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw failure(
          "tensors overlap or leave a gap", given: "\(entry.name) at \(entry.range.lowerBound)",
          expected: "\(end), the end of the one before")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw failure(
        "wrong number of bytes", given: "\(dataCount) bytes after the header",
        expected: "\(end), the end of the last tensor")
    }
  }

  private func naturals(_ member: JSON.Member, _ name: String) -> [Int]? {
    guard case .array(let values)? = member.value[name] else { return nil }
    let numbers = values.compactMap { value -> Int? in
      guard case .integer(let number) = value, number >= 0 else { return nil }
      return number
    }
    return numbers.count == values.count ? numbers : nil
  }

  private func described(_ member: JSON.Member, _ name: String) -> String {
    member.value[name]?.text ?? "nothing"
  }

  private func failure(_ problem: String, given: String, expected: String) -> DataError {
    DataError(file: file, operation: "safetensors", problem: problem, given: given, expected: expected)
  }
}
