import Testing

@testable import AdjointKernels

@Suite struct MatmulCutTests {
  @Test(arguments: [false, true])
  func piecesCoverTheOutputOnce(sharesRight: Bool) {
    let sizes = [1, 2, 13, 40, 96, 97, 130, 513, 5_000]
    for (rows, columns) in sizes.flatMap({ rows in sizes.map { (rows, $0) } }) {
      for inner in [0, 1, 300, 1_000_000] {
        let cut = MatmulCut(
          rows: rows, columns: columns, inner: inner, columnCount: 512, sharesRight: sharesRight)
        var covered = 0
        for piece in 0..<cut.pieces { covered += cut.rows(piece).count * cut.columns(piece).count }
        #expect(covered == rows * columns)
        #expect(cut.rows(cut.pieces - 1).upperBound == rows)
        #expect(cut.columns(cut.pieces - 1).upperBound == columns)
      }
    }
  }

  /// So that the next layer finds each half of the rows where it was written.
  @Test(arguments: [(64, 256, 784), (64, 128, 256), (25, 96, 1_000)])
  func rowsAreHalvedWhereCoresShareTheRightOperand(rows: Int, columns: Int, inner: Int) {
    let cut = MatmulCut(
      rows: rows, columns: columns, inner: inner, columnCount: 512, sharesRight: true)
    let half = (rows + 1) / 2
    #expect(cut.pieces % 2 == 0)
    for piece in 0..<cut.pieces {
      #expect(cut.rows(piece) == (piece < cut.pieces / 2 ? 0..<half : half..<rows))
    }
  }

  @Test func workEnoughForThreadsIsCut() {
    for (rows, columns) in [(1, 4_096), (4_096, 1), (96, 512), (33, 65)] {
      let inner = 100 * MatmulCut.workOfOnePiece / (rows * columns)
      #expect(MatmulCut(rows: rows, columns: columns, inner: inner, columnCount: 512).pieces >= 8)
    }
  }
}
