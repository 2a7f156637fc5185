import AdjointAutodiff
import AdjointFormats

/// A case as its file describes it.
struct ConformanceCase {
  let details: Attributes
  private let tensors: [String: Tensor]

  init(contentsOf path: String) throws {
    let file = try SafetensorsFile(contentsOf: path)
    guard let text = file.metadata["case"] else { throw CaseError("the file describes no case") }
    details = Attributes(try JSON(parsing: text.utf8))
    tensors = file.tensors
  }

  /// A tensor of the file; numbers with fractions in the type in which the case is computed.
  func tensor(_ name: String, in dataType: DataType) throws -> Tensor {
    guard let tensor = tensors[name] else { throw CaseError("there is no tensor \(name)") }
    return tensor.dataType.isFloatingPoint ? tensor.cast(to: dataType) : tensor
  }

  /// The tensors whose names begin so, by the rest of their names.
  func tensors(under prefix: String, in dataType: DataType) throws -> [String: Tensor] {
    let names = tensors.keys.filter { $0.hasPrefix(prefix) }
    return try Dictionary(
      uniqueKeysWithValues: names.map { (String($0.dropFirst(prefix.count)), try tensor($0, in: dataType)) })
  }

  /// What is wrong with a result, if anything, by the tolerance of the case in double precision.
  ///
  /// - Parameter drift: How far it may be off besides, in single precision.
  func problem(
    _ what: String, _ result: Tensor, in dataType: DataType, drift: Double = 0
  ) throws -> String? {
    let expected = try tensor(what, in: dataType)
    let tolerance =
      dataType == .float64
      ? Tolerance(relative: try details.number("rtol"), absolute: try details.number("atol"))
      : .singlePrecision(for: expected, drift: drift)
    return tolerance.problem(what, result, expected)
  }
}

/// Why a case cannot be computed.
struct CaseError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Named settings, each read as the type that it is expected to have.
struct Attributes {
  private let json: JSON

  init(_ json: JSON) {
    self.json = json
  }

  func contains(_ name: String) -> Bool { json[name] != nil }

  func attributes(_ name: String) throws -> Attributes { Attributes(try value(name)) }

  func word(_ name: String) throws -> String { try value(name).word() }

  func words(_ name: String) throws -> [String] { try value(name).elements().map { try $0.word() } }

  func truth(_ name: String) throws -> Bool { try value(name).truth() }

  func integer(_ name: String) throws -> Int { try value(name).integer() }

  func integers(_ name: String) throws -> [Int] { try value(name).elements().map { try $0.integer() } }

  func number(_ name: String) throws -> Double { try value(name).number() }

  func numbers(_ name: String) throws -> [Double] { try value(name).elements().map { try $0.number() } }

  /// Pairs of widths, or the word `same`.
  func padding(_ name: String) throws -> Padding {
    try value(name) == .string("same") ? .same : .explicit(widths(name))
  }

  func widths(_ name: String) throws -> [PaddingWidths] {
    try value(name).elements().map { pair in
      let widths = try pair.elements().map { try $0.integer() }
      guard widths.count == 2 else { throw CaseError("\(name) does not hold pairs") }
      return PaddingWidths(before: widths[0], after: widths[1])
    }
  }

  private func value(_ name: String) throws -> JSON {
    guard let value = json[name] else { throw CaseError("there is no attribute \(name)") }
    return value
  }
}

extension JSON {
  fileprivate func word() throws -> String {
    guard case .string(let word) = self else { throw CaseError("\(text) is no string") }
    return word
  }

  fileprivate func truth() throws -> Bool {
    guard case .bool(let truth) = self else { throw CaseError("\(text) is neither true nor false") }
    return truth
  }

  fileprivate func integer() throws -> Int {
    guard case .integer(let integer) = self else { throw CaseError("\(text) is no whole number") }
    return integer
  }

  fileprivate func number() throws -> Double {
    switch self {
    case .integer(let integer): return Double(integer)
    case .number(let number): return number
    default: throw CaseError("\(text) is no number")
    }
  }

  fileprivate func elements() throws -> [JSON] {
    guard case .array(let elements) = self else { throw CaseError("\(text) is no array") }
    return elements
  }
}
