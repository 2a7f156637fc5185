/// Decompresses DEFLATE streams (RFC 1951), one after another from the same bytes.
struct Inflater: ~Copyable {
  var reader: BitReader
  var output: GrowingBytes
  /// Where the current stream's output starts: no match reaches further back.
  private var streamStart = 0
  private let limit: Int

  /// - Parameter limit: The most bytes to put out; a few hostile bytes can ask for a thousand times as many.
  init(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) {
    reader = BitReader(bytes)
    output = GrowingBytes(capacity: min(4 * bytes.count, limit) + DeflateCode.longestMatch)
    self.limit = limit
  }

  /// Decompresses what `read` takes from `bytes`, and names the file in what goes wrong.
  static func decompress(
    _ bytes: [UInt8], file: String, operation: String, limit: Int,
    read: (inout Inflater) throws(StreamFault) -> Void
  ) throws(DataError) -> [UInt8] {
    do throws(StreamFault) {
      return try bytes.withUnsafeBufferPointer { bytes throws(StreamFault) in
        var inflater = Inflater(bytes, limit: limit)
        try read(&inflater)
        return inflater.output.withBytes(from: 0) { Array($0) }
      }
    } catch {
      throw DataError(
        file: file, operation: operation, problem: error.problem, given: error.given,
        expected: error.expected)
    }
  }

  /// Decompresses one stream and returns where its output starts in `output`. The reader is left at the byte
  /// that follows.
  mutating func inflateStream() throws(StreamFault) -> Int {
    streamStart = output.count
    var isLast = false
    while !isLast {
      isLast = try reader.bits(1) == 1
      switch try reader.bits(2) {
      case 0: try copyStoredBlock()
      case 1: try inflateBlock(DeflateCode.fixedLiterals, DeflateCode.fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try inflateBlock(literals, distances)
      default:
        throw StreamFault(
          problem: "unknown kind of block", given: "kind 3 before byte \(reader.byteOffset)",
          expected: "kind 0, 1 or 2")
      }
    }
    reader.alignToByte()
    return streamStart
  }

  private mutating func copyStoredBlock() throws(StreamFault) {
    reader.alignToByte()
    let length = try reader.bits(16)
    let complement = try reader.bits(16)
    guard length ^ complement == 0xffff else {
      throw StreamFault(
        problem: "a stored block's length contradicts itself",
        given: "length \(length), complement \(complement)", expected: "complement \(length ^ 0xffff)")
    }
    let bytes = try reader.take(length)
    try checkLimit(adding: length)
    output.append(bytes)
  }

  private func checkLimit(adding count: Int) throws(StreamFault) {
    guard count <= limit - output.count else {
      throw StreamFault(
        problem: "too much data", given: "more than \(limit) decompressed bytes",
        expected: "at most \(limit)")
    }
  }

  /// The hot loop. It works on a copy of the reader, which the compiler can keep in registers.
  private mutating func inflateBlock(
    _ literals: borrowing PrefixCode, _ distances: borrowing PrefixCode
  ) throws(StreamFault) {
    var reader = self.reader
    defer { self.reader = reader }
    while true {
      output.reserve(DeflateCode.longestMatch)
      reader.refill()
      // At most 15 + 5 bits for the length and 15 + 13 for the distance: one refill serves both.
      let symbol = try Self.decode(literals, &reader)
      if symbol.isA(.literal) {
        output.appendReserved(UInt8(truncatingIfNeeded: symbol.value))
        continue
      }
      guard symbol.isA(.base) else {
        if symbol.isA(.end) { return try checkLimit(adding: 0) }
        throw Self.invalidCode("length", reader)
      }
      let length = symbol.value + (try Self.extraBits(symbol, &reader))
      let base = try Self.decode(distances, &reader)
      guard base.isA(.base) else { throw Self.invalidCode("distance", reader) }
      let distance = base.value + (try Self.extraBits(base, &reader))
      guard distance <= output.count - streamStart else {
        throw StreamFault(
          problem: "a distance reaches before the start", given: "distance \(distance)",
          expected: "at most \(output.count - streamStart)")
      }
      output.repeatReserved(distance: distance, length: length)
      if output.count > limit { try checkLimit(adding: 0) }
    }
  }

  @inline(__always)
  private static func decode(
    _ code: borrowing PrefixCode, _ reader: inout BitReader
  ) throws(StreamFault) -> PrefixCode.Entry {
    var entry = code[reader.upcoming, bits: code.rootBits, from: 0]
    if entry.isA(.link) {
      try reader.skip(entry.length)
      entry = code[reader.upcoming, bits: entry.extraBits, from: entry.value]
    }
    try reader.skip(entry.length)
    return entry
  }

  @inline(__always)
  private static func extraBits(
    _ entry: PrefixCode.Entry, _ reader: inout BitReader
  ) throws(StreamFault) -> Int {
    let value = reader.upcoming & (1 &<< UInt64(truncatingIfNeeded: entry.extraBits) &- 1)
    try reader.skip(entry.extraBits)
    return Int(truncatingIfNeeded: value)
  }

  /// Reads the codes that a block defines for itself: their lengths, which are themselves in a prefix code.
  private mutating func readCodes() throws(StreamFault) -> (literals: PrefixCode, distances: PrefixCode) {
    let literalCount = try reader.bits(5) + 257
    let distanceCount = try reader.bits(5) + 1
    let lengthCount = try reader.bits(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw StreamFault(
        problem: "too many codes", given: "\(literalCount) literal and \(distanceCount) distance codes",
        expected: "at most 286 and 30")
    }
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for symbol in DeflateCode.lengthOrder.prefix(lengthCount) {
      codeLengths[symbol] = UInt8(try reader.bits(3))
    }
    let code = try PrefixCode(
      lengths: codeLengths[...], meanings: DeflateCode.lengthMeanings, rootBits: 7, name: "length")
    let lengths = try readLengths(literalCount + distanceCount, in: code)
    guard lengths[DeflateCode.endOfBlock] != 0 else {
      throw StreamFault(
        problem: "a block cannot end", given: "no code for its end", expected: "a code for symbol 256")
    }
    return (
      try DeflateCode.literals(lengths[..<literalCount]), try DeflateCode.distances(lengths[literalCount...])
    )
  }

  private mutating func readLengths(_ count: Int, in code: PrefixCode) throws(StreamFault) -> [UInt8] {
    var lengths: [UInt8] = []
    while lengths.count < count {
      reader.refill()
      let entry = try Self.decode(code, &reader)
      guard !entry.isA(.invalid) else { throw Self.invalidCode("length", reader) }
      var (repeated, times) = (UInt8(truncatingIfNeeded: entry.value), 1)
      switch entry.value {
      case 16:
        guard let last = lengths.last else {
          throw StreamFault(
            problem: "a code length repeats the one before", given: "none before",
            expected: "a first code length")
        }
        (repeated, times) = (last, try reader.bits(2) + 3)
      case 17: (repeated, times) = (0, try reader.bits(3) + 3)
      case 18: (repeated, times) = (0, try reader.bits(7) + 11)
      default: break
      }
      guard times <= count - lengths.count else {
        throw StreamFault(
          problem: "too many code lengths", given: "\(lengths.count + times)", expected: "\(count)")
      }
      lengths.append(contentsOf: repeatElement(repeated, count: times))
    }
    return lengths
  }

  private static func invalidCode(_ name: String, _ reader: BitReader) -> StreamFault {
    StreamFault(
      problem: "invalid \(name) code", given: "bits of no symbol before byte \(reader.byteOffset)",
      expected: "a code of the block's table")
  }
}
