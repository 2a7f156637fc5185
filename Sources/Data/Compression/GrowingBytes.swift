/// Memory that doubles as it fills, written to without a check for each byte.
struct GrowingBytes: ~Copyable {
  private(set) var count = 0
  private var capacity: Int
  private var pointer: UnsafeMutableRawPointer

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    pointer = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { pointer.deallocate() }

  /// Makes room for `extra` bytes more.
  @inline(__always) mutating func reserve(_ extra: Int) {
    if capacity &- count < extra { grow(extra) }
  }

  @inline(never) private mutating func grow(_ extra: Int) {
    capacity = max(2 * capacity, count + extra)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: pointer, byteCount: count)
    pointer.deallocate()
    pointer = larger
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    reserve(bytes.count)
    if let start = bytes.baseAddress { (pointer + count).copyMemory(from: start, byteCount: bytes.count) }
    count += bytes.count
  }

  /// Appends a byte for which there is room.
  @inline(__always) mutating func appendReserved(_ byte: UInt8) {
    pointer.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends `length` bytes, for which there is room, that repeat those from `distance` bytes back on.
  @inline(__always) mutating func repeatReserved(distance: Int, length: Int) {
    let source = pointer + (count &- distance)
    var target = pointer + count
    count &+= length
    var remaining = length
    // What has been written repeats too: from one period to two, four, and so on.
    while remaining > 0 {
      let step = min(remaining, target - source)
      target.copyMemory(from: source, byteCount: step)
      target += step
      remaining &-= step
    }
  }

  /// What has been written from `start` on.
  borrowing func withBytes<Result>(from start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(start: pointer + start, count: count - start))
  }
}
