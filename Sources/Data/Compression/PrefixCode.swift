/// A table that decodes a prefix (Huffman) code by looking up its next bits: in one step for codes of up to
/// `rootBits`, in two for longer ones.
///
/// - Source: Deutsch, DEFLATE Compressed Data Format Specification version 1.3, 1996, RFC 1951,
///   section 3.2.2.
struct PrefixCode {
  /// What a code stands for, in 32 bits so that tables stay in the first-level cache.
  struct Entry {
    enum Kind: UInt32 { case invalid, literal, base, end, link }

    private var word: UInt32

    /// - Parameters:
    ///   - value: The literal; the base of a length or distance; the place of a linked table.
    ///   - extraBits: How many bits follow to be added to a base; the bits that index a linked table.
    init(_ kind: Kind, value: Int = 0, extraBits: Int = 0) {
      word = UInt32(value) << 16 | UInt32(extraBits) << 8 | kind.rawValue << 4
    }

    func withLength(_ length: Int) -> Entry {
      var entry = self
      entry.word |= UInt32(length)
      return entry
    }

    /// The number of bits of the code, or of those that led to a linked table.
    @inline(__always) var length: Int { Int(truncatingIfNeeded: word & 15) }
    @inline(__always) var extraBits: Int { Int(truncatingIfNeeded: word &>> 8 & 15) }
    @inline(__always) var value: Int { Int(truncatingIfNeeded: word &>> 16) }

    @inline(__always) func isA(_ kind: Kind) -> Bool { word &>> 4 & 7 == kind.rawValue }
  }

  static let maximumLength = 15

  let rootBits: Int
  private(set) var entries: [Entry]

  /// Builds the canonical code of the given lengths, of which 0 stands for a symbol that does not occur.
  ///
  /// Every code must be used up, but for two that compressors do write: no code, and one code of one bit.
  init(
    lengths: ArraySlice<UInt8>, meanings: [Entry], rootBits: Int, name: String
  ) throws(StreamFault) {
    self.rootBits = rootBits
    entries = [Entry](repeating: Entry(.invalid), count: 1 << rootBits)

    // A code of length n takes up the 2⁻ⁿth part of all bit strings.
    let used = lengths.reduce(0) { $1 == 0 ? $0 : $0 + 1 << (Self.maximumLength - Int($1)) }
    let space = 1 << Self.maximumLength
    let codeCount = lengths.count { $0 > 0 }
    guard used == space || codeCount == 0 || (codeCount == 1 && lengths.contains(1)) else {
      throw StreamFault(
        problem: "\(used > space ? "too many" : "too few") codes", given: "\(codeCount) \(name) codes",
        expected: "lengths that use every code once")
    }
    let codes = Self.canonicalCodes(lengths)
    fill(
      lengths.indices.filter { lengths[$0] > 0 }.map { index in
        let symbol = index - lengths.startIndex
        return (codes[symbol], Int(lengths[index]), meanings[symbol])
      })
  }

  /// The code of each symbol, its first bit lowest: shorter codes come first, then earlier symbols.
  static func canonicalCodes(_ lengths: ArraySlice<UInt8>) -> [Int] {
    var counts = [Int](repeating: 0, count: maximumLength + 1)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var next = [Int](repeating: 0, count: maximumLength + 1)
    for length in 2...maximumLength { next[length] = (next[length - 1] + counts[length - 1]) << 1 }
    return lengths.map { length in
      defer { next[Int(length)] += 1 }
      return reversed(next[Int(length)], Int(length))
    }
  }

  /// The entry for the lowest `bits` bits of `upcoming` in the table that starts at `table`.
  @inline(__always)
  subscript(upcoming: UInt64, bits bits: Int, from table: Int) -> Entry {
    entries[table &+ Int(truncatingIfNeeded: upcoming & (1 &<< UInt64(truncatingIfNeeded: bits) &- 1))]
  }

  private mutating func fill(_ symbols: [(code: Int, length: Int, entry: Entry)]) {
    let mask = 1 << rootBits - 1
    var linkBits = [Int](repeating: 0, count: 1 << rootBits)
    for symbol in symbols where symbol.length > rootBits {
      linkBits[symbol.code & mask] = max(linkBits[symbol.code & mask], symbol.length - rootBits)
    }
    for symbol in symbols {
      guard symbol.length > rootBits else {
        let entry = symbol.entry.withLength(symbol.length)
        for index in stride(from: symbol.code, to: 1 << rootBits, by: 1 << symbol.length) {
          entries[index] = entry
        }
        continue
      }
      let root = symbol.code & mask
      let size = 1 << linkBits[root]
      if !entries[root].isA(.link) {
        entries[root] = Entry(.link, value: entries.count, extraBits: linkBits[root]).withLength(rootBits)
        entries.append(contentsOf: repeatElement(Entry(.invalid), count: size))
      }
      let entry = symbol.entry.withLength(symbol.length - rootBits)
      let table = entries[root].value
      for index in stride(from: symbol.code >> rootBits, to: size, by: 1 << (symbol.length - rootBits)) {
        entries[table + index] = entry
      }
    }
  }

  private static func reversed(_ code: Int, _ length: Int) -> Int {
    var reversed = 0
    for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
    return reversed
  }
}
