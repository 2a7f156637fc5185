import Synchronization
import Testing

@testable import AdjointKernels

@Suite struct PiecesTests {
  @Test(arguments: [0, 1, 999, 1_024, 1_025, 4_097, 20_000, 163_843], [(1_024, 64), (4_096, 1_024), (7, 1)])
  func piecesCoverTheirElements(count: Int, cut: (length: Int, multiple: Int)) {
    let pieces = Pieces()
    forEachPiece(of: count, length: cut.length, multiple: cut.multiple) { start, length in
      pieces.append(start..<start + length)
    }
    pieces.expectToCover(count)
    #expect(pieces.ranges.allSatisfy { $0.count <= cut.length && $0.lowerBound % cut.multiple == 0 })
  }

  @Test(arguments: [1, 5, 1_000, 1_792, 65_537], [1, 3, 168, 40_000])
  func dividedItemsAreCovered(count: Int, elements: Int) {
    let pieces = Pieces()
    ThreadPool.shared.divide(count, elementsEach: elements) { pieces.append($0) }
    pieces.expectToCover(count)
    let isLittle = count * elements <= 2 * ThreadPool.elementsPerPiece
    #expect(!isLittle || pieces.ranges.count == 1)
    #expect(
      isLittle
        || pieces.ranges.allSatisfy { $0.count * elements <= max(elements, ThreadPool.elementsPerPiece) })
  }

  /// So that two threads, each of which begins with half of the pieces, begin with half of the array.
  @Test(arguments: [131_072, 163_840, 301_056, 1_000_003], [32_768, 49_152])
  func halfOfThePiecesIsHalfOfTheArray(count: Int, length: Int) {
    let multiple = 1_024
    let pieces = (0..<count).pairedBlocks(atMost: length, multiple: multiple)
    #expect(pieces.count % 2 == 0)
    let middle = pieces[pieces.count / 2].lowerBound
    #expect(abs(middle - count / 2) <= pieces.count / 2 * multiple)
  }
}

/// The ranges that threads were given.
private final class Pieces: Sendable {
  private let all = Mutex<[Range<Int>]>([])

  func append(_ range: Range<Int>) { all.withLock { $0.append(range) } }

  var ranges: [Range<Int>] { all.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } } }

  func expectToCover(_ count: Int) {
    var end = 0
    for range in ranges {
      #expect(range.lowerBound == end && !range.isEmpty)
      end = range.upperBound
    }
    #expect(end == count)
  }
}
