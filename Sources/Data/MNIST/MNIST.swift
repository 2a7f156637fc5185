import AdjointAutodiff

/// Handwritten digits: 60,000 to train on and 10,000 to test with, each 28 pixels square.
///
/// ```swift
/// let train = try MNIST(split: .train)
/// for batch in train.batches(size: 64, shuffledBy: 1, epoch: 0) {
///   let loss = model(batch.images).crossEntropy(labels: batch.labels)  // images: [64, 28, 28, 1]
/// }
/// ```
///
/// - Source: LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning Applied to Document Recognition, 1998,
///   doi:10.1109/5.726791.
public struct MNIST: LabeledImages {
  /// The two parts of the data set.
  public enum Split: Sendable {
    /// The images to train on.
    case train
    /// The images to test with.
    case test
  }

  /// `[count, 28, 28, 1]` of `uint8`: 0 is paper, 255 is ink.
  public let images: Tensor
  /// `[count]` of `int64`: the digits, 0 to 9.
  public let labels: Tensor

  /// Where downloads are kept: `adjoint/mnist` in the user's folder for caches.
  public static let cacheDirectory = "\(Files.cacheFolder)/adjoint/mnist"

  /// A copy of the four files that has long been there.
  public static let mirror = "https://ossci-datasets.s3.amazonaws.com/mnist"

  /// Reads a part of the data set from ``cacheDirectory``, and downloads it first where it is not there.
  ///
  /// - Throws: ``DataError`` where the files cannot be had, or are not what they should be.
  public init(split: Split) throws(DataError) {
    try Self.download()
    try self.init(directory: Self.cacheDirectory, split: split)
  }

  /// Reads a part of the data set, or of another in the same form, from a folder.
  ///
  /// The files have their published names, such as `train-images-idx3-ubyte`, with `.gz` or without.
  ///
  /// - Throws: ``DataError`` where a file is missing, is malformed, or does not fit the other.
  public init(directory: String, split: Split) throws(DataError) {
    let files =
      switch split {
      case .train: (images: MNISTFile.trainImages, labels: MNISTFile.trainLabels)
      case .test: (images: MNISTFile.testImages, labels: MNISTFile.testLabels)
      }
    let (imagesPath, imagesShape, pixels) = try Self.bytes(files.images, in: directory)
    let (labelsPath, labelsShape, digits) = try Self.bytes(files.labels, in: directory)
    guard imagesShape.count == 3, imagesShape[1...] == [28, 28] else {
      throw Self.error(
        imagesPath, "not images of 28 by 28", given: "shape \(imagesShape)", expected: "[_, 28, 28]")
    }
    guard labelsShape == [imagesShape[0]] else {
      throw Self.error(
        labelsPath, "not one label for each image", given: "shape \(labelsShape)",
        expected: "[\(imagesShape[0])], as many as images in \(imagesPath)")
    }
    if let index = digits.firstIndex(where: { $0 > 9 }) {
      throw Self.error(
        labelsPath, "a label is not a digit", given: "\(digits[index]) at \(index)", expected: "0 to 9")
    }
    images = Tensor(pixels, shape: [imagesShape[0], 28, 28, 1])
    labels = Tensor(digits, shape: [digits.count]).cast(to: .int64)
  }

  /// Downloads the files that are not yet in a folder: 11 MB at most.
  ///
  /// Each is compared with the published one by its SHA-256 before it is put in place.
  ///
  /// - Parameters:
  ///   - directory: The folder, which is made where it does not exist.
  ///   - mirror: The address of the folder that has the files.
  /// - Throws: ``DataError`` where a file cannot be had, with a hint how to do without a network, or is another.
  public static func download(
    to directory: String = cacheDirectory, from mirror: String = mirror
  ) throws(DataError) {
    try Files.makeFolder(directory, operation: "mnist")
    for file in MNISTFile.all where file.path(in: directory) == nil {
      try file.download(from: mirror, to: directory)
    }
  }

  private static func bytes(
    _ file: MNISTFile, in directory: String
  ) throws(DataError) -> (path: String, shape: [Int], bytes: [UInt8]) {
    guard let path = file.path(in: directory) else {
      throw error(
        Files.path(file.name, in: directory), "the file is missing", given: "no such file, nor one with .gz",
        expected: "one of the data set's four files",
        hint: MNISTFile.hint(mirror: mirror, folder: directory) + ", or call MNIST.download(to:)")
    }
    let array = try IDXFile(contentsOf: path)
    guard case .uint8(let bytes) = array.elements else {
      throw error(path, "not bytes", given: "another type of element", expected: "unsigned bytes, type 0x8")
    }
    return (path, array.shape, bytes)
  }

  private static func error(
    _ file: String, _ problem: String, given: String, expected: String, hint: String? = nil
  ) -> DataError {
    DataError(
      file: file, operation: "mnist", problem: problem, given: given, expected: expected, hint: hint)
  }
}
