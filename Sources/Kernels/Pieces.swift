/// Calls `body` with the start and length of each piece of `count` elements, on several threads where there is
/// more than one.
@inline(__always)
func forEachPiece(of count: Int, length: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
  guard count > length else {
    if count > 0 { body(0, count) }
    return
  }
  ThreadPool.shared.run(pieces: count.dividedUp(by: length)) { piece in
    let start = piece * length
    body(start, min(length, count - start))
  }
}

extension ThreadPool {
  /// Elements that one thread passes over before it takes the next piece: 128 KB of float32.
  static let elementsPerPiece = 32_768

  /// Calls `body` with ranges that cover 0 ..< `count`, where each item stands for `elements` elements of
  /// work. What is little work altogether stays on the calling thread.
  ///
  /// Where the ranges are cut depends on the sizes only, and must not matter to the result.
  func divide(_ count: Int, elementsEach elements: Int, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let step = max(1, Self.elementsPerPiece / max(1, elements))
    if count * max(1, elements) <= 2 * Self.elementsPerPiece { return body(0..<count) }
    run(pieces: count.dividedUp(by: step)) { piece in
      body(piece * step..<min(count, (piece + 1) * step))
    }
  }
}
