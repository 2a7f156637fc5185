import TestSupport
import Testing

@testable import AdjointData

@Suite struct IDXFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let examples = [
    IDXFile(shape: [2, 3, 4], elements: .uint8((0..<24).map { UInt8($0 * 11) })),
    IDXFile(shape: [3], elements: .int8([-128, 0, 127])),
    IDXFile(shape: [2, 1, 2], elements: .int16([-32768, -2, 258, 32767])),
    IDXFile(shape: [1, 3], elements: .int32([.min, 16_909_060, .max])),
    IDXFile(shape: [2, 2], elements: .float32([0, -0.1, .infinity, .leastNonzeroMagnitude])),
    IDXFile(shape: [5, 1], elements: .float64([0.1, -.infinity, .pi, .greatestFiniteMagnitude, 0])),
    IDXFile(shape: [], elements: .float64([2.5])),
    IDXFile(shape: [4, 0, 3], elements: .int16([])),
    IDXFile(shape: [1, 2, 1, 3, 1, 1], elements: .uint8([1, 2, 3, 4, 5, 6])),
  ]

  @Test(arguments: examples)
  func writtenFilesAreReadBack(file: IDXFile) throws {
    let path = folder.path("a.idx")
    try file.write(to: path)
    #expect(try IDXFile(contentsOf: path) == file)
  }

  @Test func theLayoutIsBigEndian() {
    let file = IDXFile(shape: [1, 2], elements: .int16([258, -2]))
    #expect(file.bytes == [0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0xff, 0xfe])
    let number = IDXFile(shape: [], elements: .float32([1]))
    #expect(number.bytes == [0, 0, 0x0d, 0, 0x3f, 0x80, 0, 0])
  }

  @Test func compressedFilesAreKnownByTheirContent() throws {
    let path = folder.path("a.idx")
    let file = Self.examples[0]
    try Files.write(Gzip.stored(file.bytes), to: path, operation: "test")
    #expect(try IDXFile(contentsOf: path) == file)
  }

  @Test(arguments: [
    ([], "the header ends too soon"),
    ([0, 0, 8], "the header ends too soon"),
    ([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0], "the header ends too soon"),
    ([0, 1, 8, 1, 0, 0, 0, 0], "not an IDX file"),
    ([0, 0, 0x0a, 1, 0, 0, 0, 0], "not an IDX file"),
    ([0x50, 0x4b, 3, 4, 0, 0, 0, 0], "not an IDX file"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 1], "wrong number of bytes"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3], "wrong number of bytes"),
    ([0, 0, 8, 1, 255, 255, 255, 255], "wrong number of bytes"),
    ([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255], "the sizes overflow"),
    ([0, 0, 14, 2, 64, 0, 0, 0, 64, 0, 0, 0], "the sizes overflow"),
    (
      [0, 0, 8, 3, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], "the sizes overflow"
    ),
    ([0x1f, 0x8b, 8, 0], "the compressed data ends too soon"),
  ])
  func malformedFiles(bytes: [UInt8], problem: String) throws {
    let path = folder.path("a.idx")
    try Files.write(bytes, to: path, operation: "test")
    expectProblem(problem, file: path) { try IDXFile(contentsOf: path) }
  }

  @Test func theFormatsLimitsCanBeReached() throws {
    for shape in [[Int](repeating: 1, count: 255), [1 << 32 - 1, 0]] {
      let file = IDXFile(shape: shape, elements: .int8(Array(repeating: -3, count: shape.reduce(1, *))))
      #expect(try IDXFile(file.bytes, file: "a.idx") == file)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("idx: the format has no such shape; given 256 axes; expected up to 255 sizes, each in 0 ..< 2³²")
    {
      IDXFile(shape: Array(repeating: 1, count: 256), elements: .uint8([7]))
    },
    Mistake("idx: the format has no such shape; given [4294967296, 0]") {
      IDXFile(shape: [1 << 32, 0], elements: .uint8([]))
    },
    Mistake("idx: the format has no such shape; given [-2, -3]") {
      IDXFile(shape: [-2, -3], elements: .uint8([1, 2, 3, 4, 5, 6]))
    },
    Mistake("idx: wrong number of elements; given 5; expected those of shape [2, 3]") {
      IDXFile(shape: [2, 3], elements: .int16([1, 2, 3, 4, 5]))
    },
    Mistake("idx: wrong number of elements; given 1; expected those of shape [4294967295, 4294967295, 2]") {
      IDXFile(shape: [1 << 32 - 1, 1 << 32 - 1, 2], elements: .uint8([7]))
    },
  ]

  @Test(arguments: mistakes.indices) func mistakesEndWithTheirMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      IDXFileTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }

  @Test func aMissingFileIsNamed() {
    let path = folder.path("absent.idx")
    expectProblem("the file cannot be opened", file: path) { try IDXFile(contentsOf: path) }
  }

  @Test func errorsSayWhatWasFoundAndExpected() throws {
    let bytes = Self.examples[2].bytes.dropLast()
    let error = try #require(throws: DataError.self) { try IDXFile(Array(bytes), file: "a.idx") }
    #expect(
      error.description
        == "idx: wrong number of bytes; given a.idx, 7 bytes after the header;"
        + " expected 8 for shape [2, 1, 2] of int16.")
  }

  /// A shape and elements determine the bytes, so those of a file that is read must be the file's.
  @Test func randomChangesThrowOrGiveWhatTheFileSays() {
    var generator = SplitMix(state: 3)
    var (read, refused) = (0, 0)
    for example in Self.examples {
      for _ in 0..<300 {
        var bytes = example.bytes
        bytes[.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
        bytes.removeLast(.random(in: 0...min(bytes.count, 3), using: &generator))
        do throws(DataError) {
          let file = try IDXFile(bytes, file: "a.idx")
          #expect(file.bytes == bytes)
          read += 1
        } catch {
          #expect(error.file == "a.idx")
          refused += 1
        }
      }
    }
    #expect(read > 100 && refused > 1_000, "\(read) read, \(refused) refused")
  }
}

extension Gzip {
  /// A gzip file that holds up to 65535 bytes as they are.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var crc = CRC32()
    bytes.withUnsafeBytes { crc.update($0) }
    let length = UInt16(bytes.count)
    func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] { number.bigEndianBytes.reversed() }
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1] + littleEndian(length) + littleEndian(~length) + bytes
      + littleEndian(crc.value) + littleEndian(UInt32(bytes.count))
  }
}
