import AdjointData
import TestSupport
import Testing

@Suite struct FilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 1_000_003, 1 << 20])
  func writtenBytesAreReadBack(count: Int) throws {
    let path = folder.path("a.bin")
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    try Files.write([1, 2, 3], to: path, operation: "test")
    try Files.write(bytes, to: path, operation: "test")
    #expect(try Files.read(path, operation: "test") == bytes)
    #expect(folder.names == ["a.bin"])
  }

  @Test func aMissingFileIsNamed() throws {
    let path = folder.path("absent.bin")
    let error = try #require(throws: DataError.self) { try Files.read(path, operation: "idx") }
    #expect(
      error.description
        == "idx: the file cannot be opened; given \(path), \"No such file or directory\";"
        + " expected a file that can be read.")
  }

  @Test func aFolderIsNotAFile() {
    expectProblem("the file cannot be read", file: folder.path) {
      try Files.read(folder.path, operation: "test")
    }
  }

  @Test func aFailureLeavesTheOldFileAndNothingElse() throws {
    let path = folder.path("a.bin")
    try Files.write([1, 2, 3], to: path, operation: "test")
    expectProblem("interrupted") {
      try Files.replace(path, operation: "test") { temporary throws(DataError) in
        try Files.write([4], to: temporary, operation: "test")
        throw DataError(
          file: path, operation: "test", problem: "interrupted", given: "1 byte", expected: "2")
      }
    }
    #expect(try Files.read(path, operation: "test") == [1, 2, 3])
    #expect(folder.names == ["a.bin"])
    expectProblem("the file cannot be made") {
      try Files.write([1], to: folder.path("no/such/folder/a.bin"), operation: "test")
    }
  }

  @Test func anEmptyFolderIsTheCurrentOne() {
    #expect(Files.path("a.gz", in: "") == "a.gz")
    #expect(Files.path("a.gz", in: "b/c") == "b/c/a.gz")
  }

  @Test func foldersAreMadeWithThoseAbove() throws {
    let path = folder.path("a/b/c")
    try Files.makeFolder(path, operation: "test")
    try Files.makeFolder(path, operation: "test")
    try Files.write([1], to: path + "/d.bin", operation: "test")
    expectProblem("the folder cannot be made") {
      try Files.makeFolder(path + "/d.bin/e", operation: "test")
    }
  }
}
