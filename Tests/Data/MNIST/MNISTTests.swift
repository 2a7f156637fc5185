import AdjointAutodiff
import AdjointData
import Foundation
import TestSupport
import Testing

@Suite struct MNISTTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func theTestSplit() throws {
    guard let local = LocalMNIST.folder() else { return }
    let data = try MNIST(directory: local, split: .test)
    #expect(data.images.shape == [10_000, 28, 28, 1])
    #expect(data.images.dataType == .uint8)
    #expect(data.labels.shape == [10_000])
    #expect(data.labels.dataType == .int64)
    var counts = [Int](repeating: 0, count: 10)
    for label in data.labels.scalars(as: Int.self) { counts[label] += 1 }
    #expect(counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    #expect(data[0].label == 7)
  }

  @Test func theTrainingSplit() throws {
    #if DEBUG
      print("SKIPPED: \(#function): 47 MB of pixels are read in release only")
    #else
      guard let local = LocalMNIST.folder() else { return }
      let data = try MNIST(directory: local, split: .train)
      #expect(data.count == 60_000)
      let pixels = data.images.scalars(as: UInt8.self)
      let sum = pixels.reduce(0) { $0 + Int($1) }
      #expect((Double(sum) / Double(pixels.count) / 255 * 10_000).rounded() == 1_307)
      #expect(data.batches(size: 64, shuffledBy: 1).reduce(0) { $0 + $1.labels.count } == 60_000)
    #endif
  }

  @Test func plainFilesAreRead() throws {
    try write(images: [2, 28, 28], labels: [0, 9])
    let data = try MNIST(directory: folder.path, split: .test)
    #expect(data.images.shape == [2, 28, 28, 1])
    #expect(data.labels.scalars(as: Int.self) == [0, 9])
  }

  @Test func allFourFilesAreDownloaded() throws {
    #if DEBUG
      print("SKIPPED: \(#function): 55 MB of content are hashed in release only")
    #else
      guard let local = LocalMNIST.folder() else { return }
      let directory = folder.path("new/mnist")
      try MNIST.download(to: directory, from: "file://\(local)")
      #expect(try MNIST(directory: directory, split: .test).count == 10_000)
      // What is there is not fetched again.
      try MNIST.download(to: directory, from: "file:///nowhere")
    #endif
  }

  @Test func theCacheIsReadWithoutANetwork() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      setenv("XDG_CACHE_HOME", folder.path, 1)
      try Files.makeFolder(MNIST.cacheDirectory, operation: "test")
      for (images, labels) in [("train-images", "train-labels"), ("t10k-images", "t10k-labels")] {
        try IDXFile(shape: [1, 28, 28], elements: .uint8([UInt8](repeating: 0, count: 784)))
          .write(to: "\(folder.path)/adjoint/mnist/\(images)-idx3-ubyte")
        try IDXFile(shape: [1], elements: .uint8([6]))
          .write(to: "\(folder.path)/adjoint/mnist/\(labels)-idx1-ubyte")
      }
      #expect(try MNIST(split: .train)[0].label == 6)
      #expect(try MNIST(split: .test).count == 1)
    }
  }

  @Test func aMissingFileIsNamedWithWhatToDo() throws {
    let error = try #require(throws: DataError.self) { try MNIST(directory: folder.path, split: .train) }
    #expect(error.problem == "the file is missing")
    #expect(error.file == folder.path("train-images-idx3-ubyte"))
    #expect(error.hint?.contains(MNIST.mirror) == true)
    #expect(error.hint?.contains(folder.path) == true)
  }

  @Test func filesThatDoNotFitAreNamed() throws {
    try write(images: [2, 28, 28], labels: [0, 9, 1])
    expectProblem("not one label for each image", file: folder.path("t10k-labels-idx1-ubyte")) {
      try MNIST(directory: folder.path, split: .test)
    }
    try write(images: [2, 28, 28], labels: [3, 10])
    expectProblem("a label is not a digit", file: folder.path("t10k-labels-idx1-ubyte")) {
      try MNIST(directory: folder.path, split: .test)
    }
    try write(images: [2, 28, 27], labels: [3, 4])
    expectProblem("not images of 28 by 28", file: folder.path("t10k-images-idx3-ubyte")) {
      try MNIST(directory: folder.path, split: .test)
    }
    try IDXFile(shape: [2], elements: .int16([1, 2])).write(to: folder.path("t10k-images-idx3-ubyte"))
    expectProblem("not bytes", file: folder.path("t10k-images-idx3-ubyte")) {
      try MNIST(directory: folder.path, split: .test)
    }
  }

  private func write(images shape: [Int], labels: [UInt8]) throws {
    let pixels = [UInt8](repeating: 5, count: shape.reduce(1, *))
    try IDXFile(shape: shape, elements: .uint8(pixels)).write(to: folder.path("t10k-images-idx3-ubyte"))
    try IDXFile(shape: [labels.count], elements: .uint8(labels))
      .write(to: folder.path("t10k-labels-idx1-ubyte"))
  }
}
