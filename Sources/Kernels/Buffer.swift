/// A block of memory for a tensor's elements: 64-byte aligned, taken from the pool and returned to it.
///
/// Its contents are undefined at first. Whoever holds the only reference may write to it.
package final class Buffer: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  private let sizeClass: SizeClass

  package init(byteCount: Int) {
    self.byteCount = byteCount
    sizeClass = SizeClass(holding: byteCount)
    pointer = BufferPool.shared.take(sizeClass: sizeClass)
  }

  deinit {
    BufferPool.shared.give(pointer, sizeClass: sizeClass)
  }
}
