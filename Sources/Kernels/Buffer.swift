/// A block of memory for a tensor's elements, 64-byte aligned, freed when nobody holds it any more.
///
/// Its contents are undefined at first. Whoever holds the only reference may write to it. The memory of a small
/// block is a part of the object that counts its holders, one allocation in all; that of a large one comes from
/// the pool and returns to it.
package struct Buffer: @unchecked Sendable {
  /// The largest block that is a part of its object.
  package static let largestInObject = 512

  private var block: Block

  package init(byteCount: Int) {
    let isSmall = byteCount <= Self.largestInObject
    let sizeClass = isSmall ? nil : SizeClass(holding: byteCount)
    let inObject = isSmall ? byteCount + BufferPool.alignment - 1 : 0
    let created = Block.create(minimumCapacity: inObject) { object in
      let pointer =
        sizeClass.map { BufferPool.shared.take(sizeClass: $0) }
        ?? object.withUnsafeMutablePointerToElements {
          UnsafeMutableRawPointer($0).alignedUp(toMultipleOf: BufferPool.alignment)
        }
      return BlockHeader(pointer: pointer, byteCount: byteCount, sizeClass: sizeClass)
    }
    block = unsafeDowncast(created, to: Block.self)
  }

  /// Valid for as long as somebody holds the block.
  @inline(__always)
  package var pointer: UnsafeMutableRawPointer { block.contents.pointer }

  package var byteCount: Int { block.contents.byteCount }

  /// Whether this is the only reference to the block.
  package mutating func isUniquelyHeld() -> Bool {
    // Reading the block too tells the optimizer that it is used: it takes asking for its holders for no use of
    // it, and leaves out storing it in a caller's variable.
    isKnownUniquelyReferenced(&block) && block.contents.byteCount >= 0
  }
}

private struct BlockHeader {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  /// Where the memory goes when it is freed; nil for a part of the object.
  let sizeClass: SizeClass?
}

private final class Block: ManagedBuffer<BlockHeader, UInt8> {
  /// The header, which never changes, without the check that nobody writes to it.
  @inline(__always)
  var contents: BlockHeader { withUnsafeMutablePointerToHeader { $0.pointee } }

  deinit {
    if let sizeClass = contents.sizeClass { BufferPool.shared.give(contents.pointer, sizeClass: sizeClass) }
  }
}
