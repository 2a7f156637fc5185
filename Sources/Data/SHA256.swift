/// The checksum by which downloads are known.
///
/// - Source: National Institute of Standards and Technology, Secure Hash Standard, FIPS 180-4, 2015,
///   doi:10.6028/NIST.FIPS.180-4.
enum SHA256 {
  /// The hash in hexadecimal.
  static func hash(_ bytes: [UInt8]) -> String {
    var state = fractions(of: { $0.squareRoot() }, count: 8)
    let constants = fractions(of: cubeRoot, count: 64)
    let whole = bytes.count & ~63
    bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: whole, by: 64) {
        mix(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64]), constants, into: &state)
      }
    }

    // The end: a bit of 1, zeros, and the number of bits.
    var rest = bytes[whole...] + [0x80]
    rest += repeatElement(0, count: (120 - rest.count) % 64)
    rest += UInt64(8 * bytes.count).bigEndianBytes
    rest.withUnsafeBytes { rest in
      for start in stride(from: 0, to: rest.count, by: 64) {
        mix(UnsafeRawBufferPointer(rebasing: rest[start..<start + 64]), constants, into: &state)
      }
    }
    let digits = Array("0123456789abcdef")
    return String(state.flatMap(\.bigEndianBytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  private static func mix(
    _ block: UnsafeRawBufferPointer, _ constants: [UInt32], into state: inout [UInt32]
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for index in 0..<16 {
        words[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      }
      for index in 16..<64 {
        let (early, late) = (words[index - 15], words[index - 2])
        let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
        let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
        words[index] = words[index - 16] &+ sigma0 &+ words[index - 7] &+ sigma1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for index in 0..<64 {
        let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let choice = (e & f) ^ (~e & g)
        let first = h &+ sum1 &+ choice &+ constants[index] &+ words[index]
        let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
      }
      for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }
  }

  @inline(__always) private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
  }

  /// The first 32 bits of the fraction of a root of each of the first primes.
  private static func fractions(of root: (Double) -> Double, count: Int) -> [UInt32] {
    let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
    return primes.prefix(count).map { prime in
      let root = root(Double(prime))
      return UInt32((root - root.rounded(.down)) * 0x1p32)
    }
  }

  /// By Newton's method: the C library's function may differ in its last bit from one machine to another.
  private static func cubeRoot(_ number: Double) -> Double {
    var root = 7.0
    for _ in 0..<20 { root -= (root * root * root - number) / (3 * root * root) }
    return root
  }
}
