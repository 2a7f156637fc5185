/// A place in a buffer: where the first element of a tensor, or of a view of it, lies.
package struct Region: Sendable {
  package private(set) var buffer: Buffer
  package let byteOffset: Int

  package init(_ buffer: Buffer, byteOffset: Int = 0) {
    self.buffer = buffer
    self.byteOffset = byteOffset
  }

  /// Valid for as long as `buffer` lives.
  package var pointer: UnsafeMutableRawPointer { buffer.pointer + byteOffset }

  /// Whether this is the only reference to the buffer, so that writing to it changes nobody else's value.
  package mutating func isUniquelyHeld() -> Bool {
    buffer.isUniquelyHeld()
  }
}
