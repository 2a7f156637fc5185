import AdjointAutodiff

/// An array in the IDX format, in which MNIST and its kin are published.
///
/// ```swift
/// try IDXFile(shape: [2, 3], elements: .int16([1, 2, 3, 4, 5, 6])).write(to: "numbers.idx")
/// try IDXFile(contentsOf: "numbers.idx").shape  // [2, 3]
/// ```
///
/// - Source: LeCun, Cortes, Burges, The MNIST database of handwritten digits, section on file formats.
public struct IDXFile: Sendable, Equatable {
  /// The elements in row-major order, of one of the format's types.
  public enum Elements: Sendable, Equatable {
    /// Bytes from 0 to 255.
    case uint8([UInt8])
    /// Bytes from -128 to 127.
    case int8([Int8])
    /// Integers of 16 bits.
    case int16([Int16])
    /// Integers of 32 bits.
    case int32([Int32])
    /// Numbers of single precision.
    case float32([Float])
    /// Numbers of double precision.
    case float64([Double])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .uint8(let elements): elements.count
      case .int8(let elements): elements.count
      case .int16(let elements): elements.count
      case .int32(let elements): elements.count
      case .float32(let elements): elements.count
      case .float64(let elements): elements.count
      }
    }
  }

  /// The sizes of the axes, the slowest first.
  public let shape: [Int]
  /// As many as the product of `shape`.
  public let elements: Elements

  /// An array to be written.
  ///
  /// - Parameters:
  ///   - shape: Up to 255 sizes, each below 2³².
  ///   - elements: In row-major order, as many as the product of `shape`.
  /// - Traps: where the format has no such shape, or the elements are not as many as its product.
  public init(shape: [Int], elements: Elements) {
    require(
      shape.count <= 255 && shape.allSatisfy { $0 >= 0 && $0 <= UInt32.max }, "idx",
      "the format has no such shape", given: shape.count <= 255 ? "\(shape)" : "\(shape.count) axes",
      expected: "up to 255 sizes, each in 0 ..< 2³²")
    require(
      Shape.elementCount(of: shape) == elements.count, "idx", "wrong number of elements",
      given: "\(elements.count)", expected: "those of shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// Reads a file, plain or compressed with gzip, whatever its name.
  ///
  /// - Throws: ``DataError`` where the file cannot be read, or is not exactly one array in this format.
  public init(contentsOf path: String) throws(DataError) {
    var bytes = try Files.read(path, operation: "idx")
    if Gzip.isGzip(bytes) { bytes = try Gzip.decompress(bytes, file: path) }
    try self.init(bytes, file: path)
  }

  /// Writes the array, not compressed. A file of that name is replaced.
  ///
  /// - Throws: ``DataError`` where the file cannot be written; what was there before is then still there.
  public func write(to path: String) throws(DataError) {
    try Files.write(bytes, to: path, operation: "idx")
  }
}

extension IDXFile {
  /// The types of elements by the format's numbers.
  private enum Kind: UInt8 {
    case uint8 = 0x08
    case int8 = 0x09
    case int16 = 0x0b
    case int32 = 0x0c
    case float32 = 0x0d
    case float64 = 0x0e

    /// Bytes an element takes.
    var byteCount: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  init(_ bytes: [UInt8], file: String) throws(DataError) {
    func error(_ problem: String, given: String, expected: String) -> DataError {
      DataError(file: file, operation: "idx", problem: problem, given: given, expected: expected)
    }
    guard bytes.count >= 4 else {
      throw error("the header ends too soon", given: "\(bytes.count) bytes", expected: "at least 4")
    }
    guard bytes[0] == 0, bytes[1] == 0, let kind = Kind(rawValue: bytes[2]) else {
      let magic = bytes[..<4].map { hexadecimal(Int($0)) }.joined(separator: " ")
      throw error(
        "not an IDX file", given: "first bytes \(magic)",
        expected: "two zeros, then an element type, 0x8, 0x9 or 0xb to 0xe, then the number of axes")
    }
    let rank = Int(bytes[3])
    let headerCount = 4 + 4 * rank
    guard bytes.count >= headerCount else {
      throw error(
        "the header ends too soon", given: "\(bytes.count) bytes", expected: "\(headerCount) for \(rank) axes"
      )
    }
    let shape = bytes.bigEndian(UInt32.self, from: 4, count: rank).map(Int.init)
    guard let count = Shape.elementCount(of: shape) else {
      throw error(
        "the sizes overflow", given: "shape \(shape)",
        expected: "at most \(Shape.mostElements) elements, a size of 0 taken for 1")
    }
    let dataCount = count * kind.byteCount
    guard bytes.count - headerCount == dataCount else {
      throw error(
        "wrong number of bytes", given: "\(bytes.count - headerCount) bytes after the header",
        expected: "\(dataCount) for shape \(shape) of \(kind)")
    }

    self.shape = shape
    switch kind {
    case .uint8:
      elements = .uint8(Array(bytes[headerCount...]))
    case .int8:
      elements = .int8(bytes[headerCount...].map { Int8(bitPattern: $0) })
    case .int16:
      elements = .int16(bytes.bigEndian(Int16.self, from: headerCount, count: count))
    case .int32:
      elements = .int32(bytes.bigEndian(Int32.self, from: headerCount, count: count))
    case .float32:
      let words = bytes.bigEndian(UInt32.self, from: headerCount, count: count)
      elements = .float32(words.map { Float(bitPattern: $0) })
    case .float64:
      let words = bytes.bigEndian(UInt64.self, from: headerCount, count: count)
      elements = .float64(words.map { Double(bitPattern: $0) })
    }
  }

  var bytes: [UInt8] {
    let (kind, data): (Kind, [UInt8]) =
      switch elements {
      case .uint8(let elements): (.uint8, elements)
      case .int8(let elements): (.int8, elements.map { UInt8(bitPattern: $0) })
      case .int16(let elements): (.int16, elements.flatMap(\.bigEndianBytes))
      case .int32(let elements): (.int32, elements.flatMap(\.bigEndianBytes))
      case .float32(let elements): (.float32, elements.flatMap(\.bitPattern.bigEndianBytes))
      case .float64(let elements): (.float64, elements.flatMap(\.bitPattern.bigEndianBytes))
      }
    return [0, 0, kind.rawValue, UInt8(shape.count)] + shape.flatMap { UInt32($0).bigEndianBytes } + data
  }
}
