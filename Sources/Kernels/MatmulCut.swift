/// How a product is cut into pieces for the threads: by its sizes alone, so that neither the number of threads
/// nor the instruction set shows in a result.
struct MatmulCut {
  /// Multiply-adds below which handing work to another thread costs more than it saves.
  static let workOfOnePiece = 1 << 19
  /// Multiply-adds above which one product has work for all threads.
  static let workOfManyPieces = 1 << 24
  /// Enough pieces to keep several threads busy until the end.
  static let wantedPieces = 16

  private let rowBlocks: RangeBlocks
  private let columnBlocks: RangeBlocks

  /// Cuts the output. Halving a piece's rows or its columns makes more of them where there are too few.
  init(rows: Int, columns: Int, inner: Int, columnCount: Int) {
    var rowCount = min(rows, MatmulBlocks.rowCount)
    var count = min(columns, columnCount)
    func pieces() -> Int { ((rows + rowCount - 1) / rowCount) * ((columns + count - 1) / count) }
    while pieces() < Self.wantedPieces, rowCount * count * inner >= 2 * Self.workOfOnePiece {
      if count > rowCount, count > 64 {
        count = (count / 2 + 63) / 64 * 64
      } else if rowCount > 12 {
        rowCount = (rowCount / 2 + 11) / 12 * 12
      } else {
        break
      }
    }
    rowBlocks = (0..<rows).blocks(of: rowCount)
    columnBlocks = (0..<columns).blocks(of: count)
  }

  var pieces: Int { rowBlocks.count * columnBlocks.count }
  var rowsOfOnePiece: Int { rowBlocks.size }
  var columnsOfOnePiece: Int { columnBlocks.size }

  /// Pieces that follow each other share their rows.
  func rows(_ piece: Int) -> Range<Int> { rowBlocks[piece / columnBlocks.count] }
  func columns(_ piece: Int) -> Range<Int> { columnBlocks[piece % columnBlocks.count] }

  /// Into how many parts to cut the inner dimension: more than one where it is long and the output small, so
  /// that cutting the output instead would pack both operands many times over.
  static func innerParts(rows: Int, columns: Int, inner: Int, columnCount: Int) -> Int {
    let innerBlocks = (0..<inner).blocks(of: MatmulBlocks.innerCount).count
    let outputBlocks =
      (0..<rows).blocks(of: MatmulBlocks.rowCount).count * (0..<columns).blocks(of: columnCount).count
    let work = rows * columns * inner
    guard innerBlocks >= 8, outputBlocks < wantedPieces, rows * columns <= 1 << 16 else { return 1 }
    return max(1, min(wantedPieces, innerBlocks, work / workOfOnePiece))
  }
}
