import AdjointAutodiff
import AdjointData
import TestSupport
import Testing

@testable import AdjointFormats

@Suite struct SafetensorsFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let tensors: [String: Tensor] = [
    "weight": Tensor([[1.5, -2, .infinity], [0.1, -0.0, .leastNonzeroMagnitude]], dataType: .float64),
    "layers.0.bias é": Tensor([0.25, 3, -7] as [Float]),
    "labels": Tensor([[Int.min], [Int.max]]),
    "counts": Tensor([1, -2, Int32.max]),
    "pixels": Tensor([[[0, 1, 255]]] as [[[UInt8]]]),
    "mask": Tensor([true, false, true]),
    "scalar": Tensor(2.5),
    "empty": Tensor.zeros([3, 0, 2]),
  ]

  @Test func writtenFilesAreReadBack() throws {
    let path = folder.path("a.safetensors")
    let words = ["step": "12", "note": "a \"quoted\" line\nand another"]
    try SafetensorsFile(tensors: Self.tensors, metadata: words).write(to: path)
    let file = try SafetensorsFile(contentsOf: path)
    #expect(file.metadata == words)
    #expect(file.tensors.keys.sorted() == Self.tensors.keys.sorted())
    for (name, tensor) in Self.tensors {
      let read = try #require(file.tensors[name])
      #expect(read.isClose(to: tensor, relativeTolerance: 0, absoluteTolerance: 0), "\(name)")
    }
  }

  @Test func partsHaveTheRestOfTheNames() {
    let file = SafetensorsFile(tensors: [
      "conv.filter": Tensor([1.0]), "conv.norm.scale": Tensor([2.0]), "conv2.filter": Tensor([3.0]),
      "conv": Tensor([4.0]),
    ])
    #expect(
      file.tensors(under: "conv").mapValues { $0.scalars(as: Int.self) } == [
        "filter": [1], "norm.scale": [2],
      ])
    #expect(file.tensors(under: "con").isEmpty)
  }

  @Test func tensorsThatAreNotContiguousAreWrittenInTheirOrder() throws {
    let tensor = Tensor([[1, 2, 3], [4, 5, 6]]).transposed()
    let file = try SafetensorsFile(SafetensorsFile(tensors: ["t": tensor]).bytes, file: "a")
    #expect(file.tensors["t"]?.shape == [3, 2])
    #expect(file.tensors["t"]?.scalars() == [1, 4, 2, 5, 3, 6])
  }

  @Test func theLayoutIsThatOfTheFormatsOwnLibrary() {
    let tensors = ["b": Tensor([true]), "c": Tensor([1.0]), "a": Tensor([2.0]), "d": Tensor([3])]
    let text =
      #"{"__metadata__":{"k":"v"},"d":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
      + #""a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"#
      + #""c":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"#
      + #""b":{"dtype":"BOOL","shape":[1],"data_offsets":[16,17]}}"#
    let padded = Array((text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)).utf8)
    let data: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 128, 63, 1]
    #expect(
      SafetensorsFile(tensors: tensors, metadata: ["k": "v"]).bytes
        == [UInt8(padded.count), 0, 0, 0, 0, 0, 0, 0] + padded + data)
  }

  @Test func narrowTypesBecomeWider() throws {
    func read(_ type: String, _ data: [UInt8], count: Int) throws -> Tensor {
      let header = #"{"x":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(data.count)]}}"#
      return try #require(SafetensorsFile(Self.file(header, data), file: "a").tensors["x"])
    }
    let half = try read("F16", [0, 0x3c, 0, 0xc0, 1, 0, 0xff, 0x7b, 0, 0xfc, 0, 0x80], count: 6)
    #expect(half.scalars(as: Float.self) == [1, -2, 0x1p-24, 65504, -.infinity, -0.0])
    #expect(try read("F16", [1, 0x7e], count: 1).scalar(as: Float.self).isNaN)
    let brain = try read("BF16", [0x80, 0x3f, 0x49, 0xc0], count: 2)
    #expect(brain.scalars(as: Float.self) == [1, -3.140625])
    #expect(brain.dataType == .float32)
    #expect(try read("I8", [0x80, 0x7f], count: 2).scalars(as: Int32.self) == [-128, 127])
    #expect(try read("I16", [0, 0x80], count: 1).scalars(as: Int32.self) == [-32768])
    #expect(try read("U16", [0xff, 0xff], count: 1).scalars(as: Int32.self) == [65535])
    #expect(try read("U32", [0xff, 0xff, 0xff, 0xff], count: 1).scalars(as: Int.self) == [4294967295])
  }

  static let malformed: [(header: String, dataCount: Int, problem: String)] = [
    ("", 0, "the header is not JSON"),
    ("{", 0, "the header is not JSON"),
    (#"{"a":{},"a":{}}"#, 0, "the header is not JSON"),
    ("[]", 0, "the header is no object"), (" {}", 0, "the header is no object"),
    (#"{"__metadata__":1}"#, 0, "the metadata is no object"),
    (#"{"__metadata__":{"a":1}}"#, 0, "the metadata holds something else than strings"),
    (#"{"a":1}"#, 0, "an element type is not known"),
    (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, 1, "an element type is not known"),
    (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, "a shape is missing or malformed"),
    (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, "a shape is missing or malformed"),
    (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1, "a shape is missing or malformed"),
    (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "the place of a tensor is missing or malformed"),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1,
      "the place of a tensor is missing or malformed"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}"#, 3,
      "the size of a tensor does not fit its shape"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
      "the size of a tensor does not fit its shape"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}"#, 0,
      "the size of a tensor does not fit its shape"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "tensors overlap or leave a gap"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"#
        + #""data_offsets":[1,3]}}"#, 3, "tensors overlap or leave a gap"
    ),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2, "wrong number of bytes"),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1, "wrong number of bytes"),
    (#"{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}"#, 1, "a truth value is neither 0 nor 1"),
  ]

  @Test(arguments: malformed.indices) func malformedFilesAreRefused(_ index: Int) throws {
    let (header, dataCount, problem) = Self.malformed[index]
    let path = folder.path("a.safetensors")
    let bytes = Self.file(header, [UInt8](repeating: 7, count: dataCount))
    try Files.write(bytes, to: path, operation: "test")
    expectProblem(problem, file: path) { try SafetensorsFile(contentsOf: path) }
  }

  @Test func filesThatAreCutOffAreRefused() {
    expectProblem("the header ends too soon") { try SafetensorsFile([1, 0, 0], file: "a") }
    expectProblem("the header's length does not fit") {
      try SafetensorsFile([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d], file: "a")
    }
    expectProblem("the header's length does not fit") {
      try SafetensorsFile([UInt8](repeating: 255, count: 16), file: "a")
    }
    expectProblem("the file cannot be opened") { try SafetensorsFile(contentsOf: folder.path("absent")) }
  }

  @Test func errorsSayWhatWasFoundAndExpected() throws {
    let bytes = Self.file(#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}"#, [])
    let error = try #require(throws: DataError.self) { try SafetensorsFile(bytes, file: "w.safetensors") }
    #expect(
      error.description
        == "safetensors: the size of a tensor does not fit its shape; given w.safetensors, a of 20 bytes;"
        + " expected 24 for F32 [2, 3].")
  }

  @Test func randomChangesThrowOrGiveWhatTheHeaderSays() throws {
    var generator = SplitMix(state: 5)
    var (read, refused) = (0, 0)
    let original = SafetensorsFile(tensors: Self.tensors, metadata: ["a": "b"]).bytes
    for _ in 0..<500 {
      var bytes = original
      bytes[.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
      bytes.removeLast(.random(in: 0...1, using: &generator))
      let file: SafetensorsFile
      do throws(DataError) {
        file = try SafetensorsFile(bytes, file: "a.safetensors")
      } catch {
        #expect(error.file == "a.safetensors")
        refused += 1
        continue
      }
      try expectWhatTheHeaderSays(file, bytes)
      read += 1
    }
    #expect(read > 50 && refused > 100, "\(read) read, \(refused) refused")
  }

  /// Names and shapes are compared with the header's, and elements of the types that are not widened with the bytes.
  private func expectWhatTheHeaderSays(_ file: SafetensorsFile, _ bytes: [UInt8]) throws {
    let dataStart = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    guard case .object(let members) = try JSON(parsing: bytes[8..<dataStart]) else { return }
    let entries = members.filter { $0.name != "__metadata__" }
    #expect(file.tensors.keys.sorted() == entries.map(\.name).sorted())
    for entry in entries {
      let tensor = try #require(file.tensors[entry.name])
      #expect(entry.value["shape"] == .array(tensor.shape.map(JSON.integer)))
      guard case .array(let offsets)? = entry.value["data_offsets"], case .integer(let start) = offsets[0],
        case .integer(let end) = offsets[1],
        entry.value["dtype"] == .string(SafetensorsType(tensor.dataType).rawValue)
      else { continue }
      var stored: [UInt8] = []
      SafetensorsType(tensor.dataType).append(tensor, to: &stored)
      #expect(stored == Array(bytes[dataStart + start..<dataStart + end]))
    }
  }

  private static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    UInt64(header.utf8.count).bigEndianBytes.reversed() + Array(header.utf8) + data
  }
}
