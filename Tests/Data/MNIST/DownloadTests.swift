import Foundation
import TestSupport
import Testing

@testable import AdjointData

/// Downloads from addresses of files, which need no network.
@Suite struct DownloadTests {
  private let mirror: TemporaryFolder
  private let folder: TemporaryFolder

  init() throws {
    mirror = try TemporaryFolder()
    folder = try TemporaryFolder()
  }

  private func download() throws {
    try MNISTFile.testLabels.download(from: "file://\(mirror.path)", to: folder.path)
  }

  @Test func thePublishedFileIsKept() throws {
    guard let local = LocalMNIST.folder() else { return }
    let name = "t10k-labels-idx1-ubyte.gz"
    try FileManager.default.copyItem(atPath: "\(local)/\(name)", toPath: mirror.path(name))
    try download()
    #expect(folder.names == [name])
    #expect(MNISTFile.testLabels.path(in: folder.path) == folder.path(name))
  }

  @Test func anotherFileIsNotKept() throws {
    let other = Gzip.stored(IDXFile(shape: [3], elements: .uint8([1, 2, 3])).bytes)
    try Files.write(other, to: mirror.path("t10k-labels-idx1-ubyte.gz"), operation: "test")
    expectProblem("the content is not the published one") { try download() }
    #expect(folder.names == [])
  }

  @Test func aBrokenFileIsNotKept() throws {
    let name = "t10k-labels-idx1-ubyte.gz"
    try Files.write([0x1f, 0x8b, 8], to: mirror.path(name), operation: "test")
    expectProblem("the compressed data ends too soon", file: "file://\(mirror.path)/\(name)") {
      try download()
    }
    #expect(folder.names == [])
  }

  @Test func aFailureSaysWhatToFetchAndWhereToPutIt() throws {
    let error = try #require(throws: DataError.self) { try download() }
    #expect(error.problem == "the download failed")
    #expect(error.file == "file://\(mirror.path)/t10k-labels-idx1-ubyte.gz")
    #expect(error.given.contains("curl: (37)"))
    #expect(
      error.hint
        == "fetch train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz,"
        + " t10k-labels-idx1-ubyte.gz from file://\(mirror.path) and put them in \(folder.path)")
    #expect(folder.names == [])
  }

  @Test func pathsMayHoldAnyCharacter() throws {
    let path = folder.path("it's a \"$HOME\" & `more`")
    try Files.write([1, 2, 3], to: mirror.path("a"), operation: "test")
    try Download.fetch("file://\(mirror.path)/a", to: path, operation: "test", hint: "") {
      (bytes: [UInt8]) throws(DataError) in
      #expect(bytes == [1, 2, 3])
    }
    #expect(try Files.read(path, operation: "test") == [1, 2, 3])
  }

  @Test func aMissingCurlIsNamed() async {
    await #expect(processExitsWith: .success) {
      setenv("PATH", "/nowhere", 1)
      let error = #expect(throws: DataError.self) {
        try MNISTFile.testLabels.download(from: "file:///nowhere", to: "/tmp")
      }
      #expect(error?.problem == "the program curl is not installed")
    }
  }

  @Test func theCacheFolderIsTheUsers() async {
    await #expect(processExitsWith: .success) {
      setenv("XDG_CACHE_HOME", "/somewhere/else", 1)
      #expect(Files.cacheFolder == "/somewhere/else")
      setenv("XDG_CACHE_HOME", "", 1)
      setenv("HOME", "/home/ada", 1)
      #expect(["/home/ada/.cache", "/home/ada/Library/Caches"].contains(Files.cacheFolder))
    }
  }
}
