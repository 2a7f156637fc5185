/// Calls `body` with the start and length of each piece of `count` elements, on several threads where there is
/// more than one. They are cut as `divide` cuts, at multiples of `multiple`, which divides the largest `length`: whole
/// lines of memory and vectors, bytes of marks and chunks of random numbers.
@inline(__always)
func forEachPiece(
  of count: Int, length: Int, multiple: Int = 1 << 10, _ body: (_ start: Int, _ length: Int) -> Void
) {
  guard count > length else {
    if count > 0 { body(0, count) }
    return
  }
  precondition(length % multiple == 0)
  let pieces = (0..<count).pairedBlocks(atMost: length, multiple: multiple)
  ThreadPool.shared.run(pieces: pieces.count) { piece in
    let piece = pieces[piece]
    body(piece.lowerBound, piece.count)
  }
}

extension ThreadPool {
  /// Elements that one thread passes over before it takes the next piece: 128 KB of float32.
  static let elementsPerPiece = 32_768

  /// Calls `body` with ranges that cover 0 ..< `count`, where each item stands for `elements` elements of
  /// work. What is little work altogether stays on the calling thread.
  ///
  /// Where the ranges are cut depends on the sizes only, and must not matter to the result. Unless they have few items,
  /// they are an even number of one size: so half of two threads' pieces is half of every array, however many pieces it
  /// has, and a core reads what it wrote itself. Where two cores have no cache in common, a line that one has read is slow
  /// to write for the other.
  func divide(_ count: Int, elementsEach elements: Int, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    if count * max(1, elements) <= 2 * Self.elementsPerPiece { return body(0..<count) }
    let pieces = (0..<count).pairedBlocks(atMost: Self.elementsPerPiece / max(1, elements))
    run(pieces: pieces.count) { body(pieces[$0]) }
  }
}
