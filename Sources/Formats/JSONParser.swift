/// Reads a JSON text from front to back, by recursive descent.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Deeper nesting is refused, so that no text can exhaust the stack.
  private static let deepest = 128

  init(_ text: some Sequence<UInt8>) {
    bytes = Array(text)
  }

  mutating func wholeText() throws(JSON.Fault) -> JSON {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw fault("text after the value") }
    return result
  }

  private mutating func value() throws(JSON.Fault) -> JSON {
    skipSpace()
    guard let byte = peek else { throw fault("the text ends too soon") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { parser throws(JSON.Fault) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(JSON.Fault) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("no value begins so")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSON.Fault) -> JSON
  ) throws(JSON.Fault) -> JSON {
    guard depth < Self.deepest else { throw fault("nested too deeply") }
    depth += 1
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func object() throws(JSON.Fault) -> JSON {
    var members: [JSON.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw fault("a member has no name") }
      let name = try string()
      guard names.insert(name).inserted else { throw fault("a name is there twice", at: start) }
      skipSpace()
      guard take(":") else { throw fault("no colon after a name") }
      members.append(JSON.Member(name, try value()))
      skipSpace()
    } while take(",")
    guard take("}") else { throw fault("an object does not end") }
    return .object(members)
  }

  private mutating func array() throws(JSON.Fault) -> JSON {
    var values: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    repeat {
      values.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw fault("an array does not end") }
    return .array(values)
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(JSON.Fault) -> JSON {
    let count = text.utf8CodeUnitCount
    guard bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: count)) else {
      throw fault("no value begins so")
    }
    position += count
    return value
  }

  private mutating func number() throws(JSON.Fault) -> JSON {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    let wholeEnd = position
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if position == wholeEnd, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw fault("a number is too large", at: start) }
    return .number(number)
  }

  private mutating func digits() throws(JSON.Fault) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw fault("a number has no digits") }
  }

  private mutating func string() throws(JSON.Fault) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault("a string is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      case 0..<0x20: throw fault("a string holds a control character", at: position - 1)
      default: text.append(byte)
      }
    }
    throw fault("a string does not end", at: start)
  }

  private mutating func escape() throws(JSON.Fault) -> Unicode.Scalar {
    guard let byte = peek else { throw fault("the text ends too soon") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar()
    default: throw fault("no such escape", at: position - 1)
    }
  }

  /// Four hexadecimal digits, or twice four where the first are half of a surrogate pair.
  private mutating func escapedScalar() throws(JSON.Fault) -> Unicode.Scalar {
    let start = position
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xd800..<0xdc00).contains(first), take("\\"), take("u") else {
      throw fault("half of a surrogate pair", at: start)
    }
    let second = try codeUnit()
    let pair = 0x10000 + (UInt32(first) - 0xd800) << 10 + UInt32(second &- 0xdc00)
    guard (0xdc00..<0xe000).contains(second), let scalar = Unicode.Scalar(pair) else {
      throw fault("half of a surrogate pair", at: start)
    }
    return scalar
  }

  private mutating func codeUnit() throws(JSON.Fault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw fault("no hexadecimal digit")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private var peek: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private func fault(_ problem: String, at offset: Int? = nil) -> JSON.Fault {
    JSON.Fault(problem: problem, offset: offset ?? position)
  }
}
