import Testing

@testable import AdjointFormats

@Suite struct JSONTests {
  static let values: [(String, JSON)] = [
    ("null", .null),
    (" \t\r\n true ", .bool(true)),
    ("-0", .integer(0)),
    ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number(9223372036854775808)),
    ("-1.5e-3", .number(-0.0015)),
    ("1E+2", .number(100)),
    ("[]", .array([])),
    ("[1, [2.0], {}]", .array([.integer(1), .array([.number(2)]), .object([])])),
    (
      #"{"b": 1, "a": {"": null}}"#,
      .object([.init("b", .integer(1)), .init("a", .object([.init("", .null)]))])
    ),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
    (#""é\u00e9\u4E2d\ud83d\ude00😀""#, .string("éé中😀😀")),
    (#""\u0000""#, .string("\0")),
  ]

  @Test(arguments: values) func textsAreTakenApart(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text.utf8) == value)
    #expect(try JSON(parsing: value.text.utf8) == value)
  }

  static let faults: [(String, String, Int)] = [
    ("", "the text ends too soon", 0),
    ("  ", "the text ends too soon", 2),
    ("nul", "no value begins so", 0),
    ("True", "no value begins so", 0),
    ("1 2", "text after the value", 2),
    ("01", "text after the value", 1),
    ("+1", "no value begins so", 0),
    (".5", "no value begins so", 0),
    ("-", "a number has no digits", 1),
    ("1.", "a number has no digits", 2),
    ("1e", "a number has no digits", 2),
    ("1e999", "a number is too large", 0),
    ("NaN", "no value begins so", 0),
    ("[1,]", "no value begins so", 3),
    ("[1", "an array does not end", 2),
    ("[1 2]", "an array does not end", 3),
    (#"{"a":1,}"#, "a member has no name", 7),
    (#"{"a" 1}"#, "no colon after a name", 5),
    (#"{"a":1"#, "an object does not end", 6),
    (#"{"a":1, "a":2}"#, "a name is there twice", 8),
    ("{a:1}", "a member has no name", 1),
    ("\"a", "a string does not end", 0),
    ("\"a\nb\"", "a string holds a control character", 2),
    (#""\x""#, "no such escape", 2),
    (#""\u12g4""#, "no hexadecimal digit", 5),
    (#""\ud83d""#, "half of a surrogate pair", 3),
    (#""\ud83d\u0041""#, "half of a surrogate pair", 3),
    (#""\ude00""#, "half of a surrogate pair", 3),
  ]

  @Test(arguments: faults) func otherTextsAreRefused(text: String, problem: String, offset: Int) {
    let fault = #expect(throws: JSON.Fault.self) { try JSON(parsing: text.utf8) }
    #expect(fault == JSON.Fault(problem: problem, offset: offset))
  }

  @Test func stringsAreUTF8() {
    let fault = #expect(throws: JSON.Fault.self) { try JSON(parsing: [0x22, 0xff, 0x22]) }
    #expect(fault?.problem == "a string is not UTF-8")
  }

  @Test func deepNestingIsRefused() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(128).utf8)
    let fault = #expect(throws: JSON.Fault.self) { try JSON(parsing: nested(100_000).utf8) }
    #expect(fault == JSON.Fault(problem: "nested too deeply", offset: 128))
  }
}
