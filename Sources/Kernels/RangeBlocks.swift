/// A range in blocks of one size, the last of them shorter; an empty range is one empty block.
struct RangeBlocks: RandomAccessCollection {
  let range: Range<Int>
  let size: Int

  var startIndex: Int { 0 }
  var endIndex: Int { Swift.max(1, range.count.dividedUp(by: size)) }

  subscript(index: Int) -> Range<Int> {
    let start = range.lowerBound + index * size
    return start..<Swift.min(start + size, range.upperBound)
  }
}

extension Range<Int> {
  func blocks(of size: Int) -> RangeBlocks { RangeBlocks(range: self, size: Swift.max(1, size)) }

  /// In at most `count` blocks, as even as may be; their size is rounded up to whole multiples of `multiple`.
  func blocks(count: Int, multiple: Int = 1) -> RangeBlocks {
    let even = blocks(of: self.count.dividedUp(by: Swift.max(1, count))).size
    return blocks(of: even.roundedUp(toMultipleOf: multiple))
  }

  /// In as few blocks of at most `size` as there can be, as even as may be; their size is rounded up to whole multiples
  /// of `multiple`.
  func evenBlocks(atMost size: Int, multiple: Int = 1) -> RangeBlocks {
    blocks(count: count.dividedUp(by: size), multiple: multiple)
  }

  /// In blocks of at most `size`, as even as may be: one or, unless each has few elements, an even number of them, so that
  /// two threads or four end together; their size is rounded up to whole multiples of `multiple`, which divides `size`.
  func pairedBlocks(atMost size: Int, multiple: Int = 1) -> RangeBlocks {
    let count = self.count.dividedUp(by: Swift.max(1, size))
    return blocks(count: count <= 1 ? 1 : count.roundedUp(toMultipleOf: 2), multiple: multiple)
  }

  /// Columns of a wide array that one thread takes at a time: whole cache lines of every type.
  var strips: RangeBlocks { blocks(of: 1_024) }
}

extension Int {
  /// How many parts of so many cover as many as this, which is not negative.
  @inline(__always)
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }

  /// The least multiple of a factor that is not below this, which is not negative.
  @inline(__always)
  func roundedUp(toMultipleOf factor: Int) -> Int { dividedUp(by: factor) * factor }
}
