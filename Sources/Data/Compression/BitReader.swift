/// Reads bits from the least significant of each byte on, through a buffer of 64 of them.
struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var buffer: UInt64 = 0
  /// How many bits of the buffer count. Those above are zero, or the bits that the next refill puts there.
  private var bitCount = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = UnsafeRawBufferPointer(bytes) }

  /// The next bits, of which `refill` has made 56 valid where the stream has that many.
  @inline(__always) var upcoming: UInt64 { buffer }

  /// The position of the first byte of which no bit has been read.
  var byteOffset: Int { position - bitCount / 8 }

  var isAtEnd: Bool { byteOffset == bytes.count }

  @inline(__always) mutating func refill() {
    if position + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      buffer |= UInt64(littleEndian: word) &<< UInt64(truncatingIfNeeded: bitCount)
      position &+= (63 &- bitCount) &>> 3
      bitCount |= 56
    } else {
      while bitCount <= 56, position < bytes.count {
        buffer |= UInt64(bytes[position]) << UInt64(bitCount)
        position += 1
        bitCount += 8
      }
    }
  }

  /// Drops up to 56 bits after a `refill`.
  @inline(__always) mutating func skip(_ count: Int) throws(StreamFault) {
    guard count <= bitCount else { throw truncated() }
    buffer &>>= UInt64(truncatingIfNeeded: count)
    bitCount &-= count
  }

  /// The next `count` bits, up to 32, as a number.
  mutating func bits(_ count: Int) throws(StreamFault) -> Int {
    refill()
    let value = Int(truncatingIfNeeded: buffer & (1 << UInt64(count) - 1))
    try skip(count)
    return value
  }

  mutating func alignToByte() {
    buffer >>= UInt64(bitCount & 7)
    bitCount &= ~7
  }

  /// The next `count` bytes, from a position that is a whole byte.
  mutating func take(_ count: Int) throws(StreamFault) -> UnsafeRawBufferPointer {
    let start = byteOffset
    guard count <= bytes.count - start else { throw truncated() }
    position = start + count
    buffer = 0
    bitCount = 0
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
  }

  /// The whole bytes read since `start`.
  func bytesRead(from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[start..<byteOffset])
  }

  private func truncated() -> StreamFault {
    StreamFault(
      problem: "the compressed data ends too soon", given: "\(bytes.count) compressed bytes",
      expected: "more of them")
  }
}
