/// The constants of DEFLATE: what its symbols mean, and the codes of blocks that define none.
///
/// - Source: Deutsch, DEFLATE Compressed Data Format Specification version 1.3, 1996, RFC 1951,
///   sections 3.2.5 to 3.2.7.
enum DeflateCode {
  static let endOfBlock = 256
  static let shortestMatch = 3
  static let longestMatch = 258
  static let windowSize = 32768

  /// The order in which a block gives the lengths of the codes for code lengths: the likeliest zeros last.
  static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  static let lengthMeanings = (0..<19).map { PrefixCode.Entry(.literal, value: $0) }

  /// The base and the number of extra bits of each length symbol, from 257 on.
  static let lengths: [(base: Int, extraBits: Int)] = {
    let steps = (0..<28).map { $0 < 8 ? 0 : $0 / 4 - 1 }
    return ranges(from: shortestMatch, extraBits: steps) + [(longestMatch, 0)]
  }()

  /// The base and the number of extra bits of each distance symbol.
  static let distances = ranges(from: 1, extraBits: (0..<30).map { $0 < 4 ? 0 : $0 / 2 - 1 })

  static let fixedLiteralLengths =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
    + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8)

  static let fixedLiterals = valid { () throws(StreamFault) in try literals(fixedLiteralLengths[...]) }
  static let fixedDistances = valid { () throws(StreamFault) in
    try distances([UInt8](repeating: 5, count: 32)[...])
  }

  static func literals(_ lengths: ArraySlice<UInt8>) throws(StreamFault) -> PrefixCode {
    try PrefixCode(lengths: lengths, meanings: literalMeanings, rootBits: 10, name: "literal")
  }

  static func distances(_ lengths: ArraySlice<UInt8>) throws(StreamFault) -> PrefixCode {
    try PrefixCode(lengths: lengths, meanings: distanceMeanings, rootBits: 9, name: "distance")
  }

  // The fixed codes have two symbols more of each kind, which a stream may not use.
  private static let unused = [PrefixCode.Entry](repeating: .init(.invalid), count: 2)
  private static let literalMeanings =
    (0..<256).map { PrefixCode.Entry(.literal, value: $0) } + [PrefixCode.Entry(.end)]
    + lengths.map { PrefixCode.Entry(.base, value: $0.base, extraBits: $0.extraBits) } + unused
  private static let distanceMeanings =
    distances.map { PrefixCode.Entry(.base, value: $0.base, extraBits: $0.extraBits) } + unused

  private static func ranges(from first: Int, extraBits: [Int]) -> [(base: Int, extraBits: Int)] {
    var base = first
    return extraBits.map { bits in
      defer { base += 1 << bits }
      return (base, bits)
    }
  }

  private static func valid(_ code: () throws(StreamFault) -> PrefixCode) -> PrefixCode {
    do { return try code() } catch { fatalError("the fixed codes are complete: \(error.problem)") }
  }
}
