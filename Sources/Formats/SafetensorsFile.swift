import AdjointAutodiff
import AdjointData

/// Named tensors and words about them, in the safetensors format, in which trained networks are exchanged.
///
/// ```swift
/// try SafetensorsFile(tensors: ["weight": weight], metadata: ["epochs": "12"]).write(to: "model.safetensors")
/// try SafetensorsFile(contentsOf: "model.safetensors").tensors["weight"]
/// ```
///
/// - Source: Hugging Face, Safetensors, github.com/huggingface/safetensors, section Format.
public struct SafetensorsFile: Sendable {
  /// The tensors by name; never recorded.
  public let tensors: [String: Tensor]
  /// Words about the tensors.
  public let metadata: [String: String]

  /// Tensors to be written.
  ///
  /// - Parameters:
  ///   - tensors: Of any type, each under a name other than `__metadata__`.
  ///   - metadata: Words about them.
  /// - Traps: where a tensor is named `__metadata__`.
  public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
    require(
      tensors[SafetensorsHeader.metadataName] == nil, "safetensors", "the name is taken by the format",
      given: "a tensor named \(SafetensorsHeader.metadataName)", expected: "any other name")
    self.tensors = tensors.mapValues { $0.detached() }
    self.metadata = metadata
  }

  /// The tensors of a part, by the rest of their names: of `conv`, `filter` for `conv.filter`.
  public func tensors(under part: String) -> [String: Tensor] {
    let prefix = "\(part)."
    let named = tensors.filter { $0.key.hasPrefix(prefix) }
    return Dictionary(
      uniqueKeysWithValues: named.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  /// Reads a file.
  ///
  /// Types that tensors do not have become wider: half precision (`F16`, `BF16`) `float32`, `I8`, `I16` and `U16`
  /// `int32`, `U32` `int64`. Others, such as `U64` and `F8_E4M3`, are refused.
  ///
  /// - Throws: `DataError` where the file cannot be read, or is not exactly tensors in this format.
  public init(contentsOf path: String) throws(DataError) {
    try self.init(Files.read(path, operation: "safetensors"), file: path)
  }

  /// Writes the tensors, the same bytes for the same tensors. A file of that name is replaced.
  ///
  /// - Throws: `DataError` where the file cannot be written; what was there before is then still there.
  public func write(to path: String) throws(DataError) {
    try Files.write(bytes, to: path, operation: "safetensors")
  }
}

extension SafetensorsFile {
  init(_ bytes: [UInt8], file: String) throws(DataError) {
    let header = try SafetensorsHeader(bytes, file: file)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      let range = header.dataStart + entry.range.lowerBound..<header.dataStart + entry.range.upperBound
      guard let tensor = entry.type.tensor(entry.shape, from: bytes[range]) else {
        throw DataError(
          file: file, operation: "safetensors", problem: "a truth value is neither 0 nor 1",
          given: "a byte above 1 in \(entry.name)", expected: "0 or 1")
      }
      tensors[entry.name] = tensor
    }
    self.tensors = tensors
    metadata = header.metadata
  }

  var bytes: [UInt8] {
    // The order of the format's own library: types with large elements first, so that all stay aligned.
    let sorted = tensors.map { (name: $0, tensor: $1, type: SafetensorsType($1.dataType)) }
      .sorted { ($1.type.order, $0.name) < ($0.type.order, $1.name) }
    var header = SafetensorsHeader(metadata: metadata)
    for (name, tensor, type) in sorted { header.append(name, type: type, shape: tensor.shape) }
    var bytes = header.bytes
    bytes.reserveCapacity(bytes.count + header.dataCount)
    for (_, tensor, type) in sorted { type.append(tensor, to: &bytes) }
    return bytes
  }
}
