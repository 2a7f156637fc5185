import CAdjointKernels

/// The tiles of a batch of images: whole ones and, where tiles of 2 outputs make the last row or column among tiles of
/// 4, these. All of one size follow each other, and their order is one in which those with a number at a position do so
/// too: the corners, which have the fewest points, the last columns, the whole tiles, and the last rows.
struct WinogradTiles {
  /// Tiles of one size.
  private struct Part {
    let range: Range<Int>
    let tiles: AdjointTiles
  }

  private let parts: [Part]

  /// `whole` are the tiles of the full size.
  init(size: WinogradSize, _ whole: AdjointTiles) {
    var parts: [Part] = []
    for (isLastRow, isLastColumn) in [(true, true), (false, true), (false, false), (true, false)] {
      guard !isLastRow || size.rows.hasEdge, !isLastColumn || size.columns.hasEdge else { continue }
      var tiles = whole
      if isLastRow {
        tiles.first_row += whole.rows * whole.tile_rows * whole.step
        (tiles.tile_rows, tiles.rows) = (WinogradAxis.edge, 1)
      }
      if isLastColumn {
        tiles.first_column += whole.columns * whole.tile_columns * whole.step
        (tiles.tile_columns, tiles.columns) = (WinogradAxis.edge, 1)
      }
      let first = parts.last?.range.upperBound ?? 0
      parts.append(Part(range: first..<first + tiles.batch * tiles.rows * tiles.columns, tiles: tiles))
    }
    self.parts = parts
  }

  var count: Int { parts.last!.range.upperBound }
  /// Places of all images, and channels of a place.
  var placeCount: Int { parts[0].tiles.batch * parts[0].tiles.height * parts[0].tiles.width }
  var channels: Int { parts[0].tiles.channels }

  /// The tiles that have a number at a position.
  func tiles(at position: Int) -> Range<Int> {
    func have(_ part: Part) -> Bool {
      let (points, taps) = (part.tiles.points, part.tiles.taps)
      let (row, column) = position.quotientAndRemainder(dividingBy: points)
      // The first points and the last one.
      func has(_ point: Int, outputs: Int) -> Bool { point + 1 == points || point + 2 < outputs + taps }
      return has(row, outputs: part.tiles.tile_rows) && has(column, outputs: part.tiles.tile_columns)
    }
    return parts.first(where: have)!.range.lowerBound..<parts.last(where: have)!.range.upperBound
  }

  /// Calls `body` for each size among some of the tiles, with all of that size, the first and the number of those that
  /// are meant, and how many come before them.
  func forEachSize(of some: Range<Int>, _ body: (UnsafePointer<AdjointTiles>, Int, Int, Int) -> Void) {
    for part in parts where part.range.overlaps(some) {
      let shared = part.range.clamped(to: some)
      withUnsafePointer(to: part.tiles) {
        body(
          $0, shared.lowerBound - part.range.lowerBound, shared.count, shared.lowerBound - some.lowerBound)
      }
    }
  }
}
