/// Compresses into one DEFLATE block of the fixed codes, with the longest match of a few candidates.
///
/// Pictures drawn by a program repeat themselves exactly, so matches do nearly all the work: codes fitted to
/// the data would double this code and gain little.
struct Deflater {
  /// How many earlier places with the same three bytes are tried.
  private static let candidateCount = 16
  private static let literalCodes = PrefixCode.canonicalCodes(DeflateCode.fixedLiteralLengths[...])
  private static let distanceCodes = PrefixCode.canonicalCodes([UInt8](repeating: 5, count: 30)[...])

  private let bytes: UnsafeBufferPointer<UInt8>
  private var output: [UInt8] = []
  private var buffer: UInt64 = 0
  private var bitCount = 0
  /// The last place, and for each place the one before, whose three bytes have the same hash.
  private var lastPlaces = [Int](repeating: -1, count: 1 << 14)
  private var earlierPlaces: [Int]

  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { bytes in
      var deflater = Deflater(bytes)
      deflater.deflate()
      return deflater.output
    }
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    earlierPlaces = [Int](repeating: -1, count: bytes.count)
  }

  private mutating func deflate() {
    put(0b011, bits: 3)  // The last block, of the fixed codes.
    var position = 0
    while position < bytes.count {
      let match = longestMatch(at: position)
      if match.length >= DeflateCode.shortestMatch {
        putMatch(match)
      } else {
        putSymbol(Int(bytes[position]))
      }
      let end = position + max(match.length, 1)
      while position < end {
        remember(position)
        position += 1
      }
    }
    putSymbol(DeflateCode.endOfBlock)
    put(0, bits: 7)  // Fills the last byte.
  }

  private func hash(at position: Int) -> Int? {
    guard position + 3 <= bytes.count else { return nil }
    let word = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
    return Int((word &* 0x9e37_79b1) >> 18)
  }

  private mutating func remember(_ position: Int) {
    guard let hash = hash(at: position) else { return }
    earlierPlaces[position] = lastPlaces[hash]
    lastPlaces[hash] = position
  }

  private func longestMatch(at position: Int) -> (length: Int, distance: Int) {
    var best = (length: 0, distance: 0)
    guard let hash = hash(at: position) else { return best }
    let limit = min(DeflateCode.longestMatch, bytes.count - position)
    var place = lastPlaces[hash]
    for _ in 0..<Self.candidateCount {
      guard place >= 0, position - place <= DeflateCode.windowSize, best.length < limit else { break }
      var length = 0
      while length < limit, bytes[place + length] == bytes[position + length] { length += 1 }
      if length > best.length { best = (length, position - place) }
      place = earlierPlaces[place]
    }
    return best.length >= DeflateCode.shortestMatch ? best : (0, 0)
  }

  private mutating func putMatch(_ match: (length: Int, distance: Int)) {
    let length = DeflateCode.lengths.lastIndex { $0.base <= match.length }!
    let distance = DeflateCode.distances.lastIndex { $0.base <= match.distance }!
    putSymbol(DeflateCode.endOfBlock + 1 + length)
    let (lengthBase, lengthBits) = DeflateCode.lengths[length]
    put(match.length - lengthBase, bits: lengthBits)
    put(Self.distanceCodes[distance], bits: 5)
    let (distanceBase, distanceBits) = DeflateCode.distances[distance]
    put(match.distance - distanceBase, bits: distanceBits)
  }

  private mutating func putSymbol(_ symbol: Int) {
    put(Self.literalCodes[symbol], bits: Int(DeflateCode.fixedLiteralLengths[symbol]))
  }

  private mutating func put(_ value: Int, bits: Int) {
    buffer |= UInt64(value) << UInt64(bitCount)
    bitCount += bits
    while bitCount >= 8 {
      output.append(UInt8(truncatingIfNeeded: buffer))
      buffer >>= 8
      bitCount -= 8
    }
  }
}
