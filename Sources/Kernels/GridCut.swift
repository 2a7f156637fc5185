import CAdjointKernels

/// A grid's rows, and the places of each, cut into parts by their sizes alone.
struct GridCut {
  /// The places of a part, with what they read and bring, are to stay in the caches.
  private static let mostPlaces = 256

  private let rowBlocks: RangeBlocks
  private let placeBlocks: RangeBlocks
  private let isSmall: Bool

  /// Cuts the rows into at most `mostParts` parts, fewer where that is little work, and an even number unless each has few
  /// rows; long rows make more of them.
  /// `work` is the number of multiply-adds for one place.
  init(rows: Int, places: Int, work: Int, mostParts: Int) {
    let placeParts = places.dividedUp(by: Self.mostPlaces)
    placeBlocks = (0..<places).blocks(count: placeParts)
    let parts = max(1, min(mostParts, rows * places * work / (MatmulCut.workOfOnePiece / 2)))
    rowBlocks = (0..<rows).pairedBlocks(atMost: (rows * placeBlocks.count).dividedUp(by: parts))
    isSmall = parts == 1
  }

  /// The grid of all places of a batch of images.
  init(batch: Int, size: SIMD3<Int>, work: Int, mostParts: Int) {
    self.init(rows: batch * size[0] * size[1], places: size[2], work: work, mostParts: mostParts)
  }

  /// Calls `body` with each part, on all threads unless all of them are little work, and with memory of its own
  /// for as many bytes as are asked for.
  func forEachPart(scratchByteCount: Int, _ body: (Int, AdjointGridPart, UnsafeMutableRawPointer) -> Void) {
    func run(_ index: Int) {
      let scratch = Buffer(byteCount: scratchByteCount)
      defer { withExtendedLifetime(scratch) {} }
      body(index, self[index], scratch.pointer)
    }
    if isSmall {
      for index in 0..<count { run(index) }
    } else {
      ThreadPool.shared.run(pieces: count, run)
    }
  }

  var count: Int { rowBlocks.count * placeBlocks.count }
  var placeCount: Int { placeBlocks.size }

  subscript(index: Int) -> AdjointGridPart {
    let rows = rowBlocks[index / placeBlocks.count], places = placeBlocks[index % placeBlocks.count]
    return AdjointGridPart(
      first_row: rows.lowerBound, row_count: rows.count, first_place: places.lowerBound,
      place_count: places.count)
  }
}
