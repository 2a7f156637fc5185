/// The four files of MNIST: their names, where they come from, and what must be in them.
struct MNISTFile {
  /// As published, without the `.gz` of its compressed form.
  let name: String
  /// The SHA-256 of the content; compressed forms of it differ.
  let hash: String

  static let trainImages = MNISTFile(
    name: "train-images-idx3-ubyte",
    hash: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")
  static let trainLabels = MNISTFile(
    name: "train-labels-idx1-ubyte",
    hash: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")
  static let testImages = MNISTFile(
    name: "t10k-images-idx3-ubyte",
    hash: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")
  static let testLabels = MNISTFile(
    name: "t10k-labels-idx1-ubyte",
    hash: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")

  static let all = [trainImages, trainLabels, testImages, testLabels]

  /// The file in a folder, compressed or not; nil where it is not there.
  func path(in folder: String) -> String? {
    ["\(name).gz", name].map { Files.path($0, in: folder) }.first(where: Files.exists)
  }

  /// Downloads the file to a folder, and checks that it is the published one.
  func download(from mirror: String, to folder: String) throws(DataError) {
    let address = "\(mirror)/\(name).gz"
    try Download.fetch(
      address, to: Files.path("\(name).gz", in: folder), operation: "mnist",
      hint: Self.hint(mirror: mirror, folder: folder)
    ) { bytes throws(DataError) in
      let content = try Gzip.decompress(bytes, file: address, limit: 1 << 26)
      let found = SHA256.hash(content)
      guard found == hash else {
        throw DataError(
          file: address, operation: "mnist", problem: "the content is not the published one",
          given: "SHA-256 \(found)", expected: hash, hint: "another mirror may have it")
      }
    }
  }

  /// How to come by the files by hand.
  static func hint(mirror: String, folder: String) -> String {
    let names = all.map { "\($0.name).gz" }.joined(separator: ", ")
    return "fetch \(names) from \(mirror) and put them in \(folder)"
  }
}
