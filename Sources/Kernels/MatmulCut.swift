/// How a product is cut into pieces for the threads: by its sizes alone, so that neither the number of
/// threads nor the instruction set shows in a result.
struct MatmulCut {
  /// Multiply-adds below which handing work to another thread costs more than it saves.
  static let workOfOnePiece = 1 << 20
  /// Multiply-adds in the time of which a product begins and ends.
  static let workToBegin = 1 << 13
  /// Multiply-adds above which one product has work for all threads.
  static let workOfManyPieces = 1 << 24
  /// Enough pieces to keep several threads busy until the end.
  static let wantedPieces = 16

  /// Elements of a right operand that is too large for the third cache to keep beside what passes by.
  private static let largeRightCount = Caches.third / 16

  /// Rows or columns that take as long as fewer do.
  private static let fewestOfWork = 8

  /// Rows whose halves still make use of a register tile.
  private static let fewestHalved = 24

  private let rowBlocks: RangeBlocks
  private let columnBlocks: RangeBlocks
  private let passesRowsFirst: Bool

  /// Cuts the output into pieces of about `rowCount` rows and at most `columnCount` columns, both of them
  /// fewer where that makes too few pieces. Pieces with little work get more rows. Where each core can keep a copy of
  /// the right operand, `sharesRight`, the rows are cut in halves first, so that a core that multiplies the product
  /// by another matrix finds what it wrote itself.
  init(
    rows: Int, columns: Int, inner: Int, columnCount: Int, rowCount: Int = MatmulBlocks.rowCount,
    wantedPieces: Int = MatmulCut.wantedPieces, sharesRight: Bool = false
  ) {
    let isHalved = sharesRight && rows >= Self.fewestHalved && rows <= rowCount
    var rowCount = isHalved ? (rows + 1) / 2 : min(rows, rowCount)
    var count = Self.evenly(columns, atMost: columnCount)
    func pieces() -> Int { rows.dividedUp(by: rowCount) * columns.dividedUp(by: count) }
    /// Few rows or columns take as long as some more: the other operand must come from memory.
    func work() -> Int { max(rowCount, Self.fewestOfWork) * max(count, Self.fewestOfWork) * inner }
    while pieces() < wantedPieces, work() >= 2 * Self.workOfOnePiece {
      // Many rows share the reading of the columns, and many columns the packing of the rows: that costs less.
      // Rows of a single block would be cut into pieces of unlike sizes.
      if 3 * count > 8 * rowCount || rowCount == rows || isHalved, count > 32 {
        count = Self.evenly(columns, atMost: count / 2)
      } else if rowCount > 12 {
        rowCount = (rowCount / 2 + 11) / 12 * 12
      } else {
        break
      }
    }
    while rowCount < rows, work() < Self.workOfOnePiece / 8 { rowCount *= 2 }
    columnBlocks = (0..<columns).blocks(of: count)
    // Pieces of the same size and an even number of them, so that threads end together; a tile of one row less costs as
    // much less.
    var rowBlockCount = rows.dividedUp(by: rowCount)
    if rowBlockCount > 1, rowBlockCount * columnBlocks.count % 2 == 1 { rowBlockCount += 1 }
    rowBlocks = (0..<rows).blocks(count: rowBlockCount)
    passesRowsFirst = inner * columns > Self.largeRightCount
  }

  var pieces: Int { rowBlocks.count * columnBlocks.count }
  var cutsRows: Bool { rowBlocks.count > 1 }

  /// Pieces that follow each other share their rows; but their columns, where the right operand would come from
  /// memory anew for each block of rows.
  func rows(_ piece: Int) -> Range<Int> {
    rowBlocks[passesRowsFirst ? piece % rowBlocks.count : piece / columnBlocks.count]
  }

  func columns(_ piece: Int) -> Range<Int> {
    columnBlocks[passesRowsFirst ? piece / rowBlocks.count : piece % columnBlocks.count]
  }

  /// The size of the blocks, in whole register tiles of any table, that cut `count` into as few and as even
  /// ones as may be.
  private static func evenly(_ count: Int, atMost limit: Int) -> Int {
    min(count, (0..<count).evenBlocks(atMost: limit, multiple: 32).size)
  }
}
