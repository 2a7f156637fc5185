import Testing

@testable import AdjointKernels

@Suite struct MatmulCutTests {
  @Test func piecesCoverTheOutputOnce() {
    let sizes = [1, 2, 13, 40, 96, 97, 130, 513, 5_000]
    for (rows, columns) in sizes.flatMap({ rows in sizes.map { (rows, $0) } }) {
      for inner in [0, 1, 300, 1_000_000] {
        let cut = MatmulCut(rows: rows, columns: columns, inner: inner, columnCount: 512)
        var covered = 0
        for piece in 0..<cut.pieces { covered += cut.rows(piece).count * cut.columns(piece).count }
        #expect(covered == rows * columns)
        #expect(cut.rows(cut.pieces - 1).upperBound == rows)
        #expect(cut.columns(cut.pieces - 1).upperBound == columns)
      }
    }
  }

  @Test func workEnoughForThreadsIsCut() {
    for (rows, columns) in [(1, 4_096), (4_096, 1), (96, 512), (33, 65)] {
      let inner = 100 * MatmulCut.workOfOnePiece / (rows * columns)
      #expect(MatmulCut(rows: rows, columns: columns, inner: inner, columnCount: 512).pieces >= 8)
    }
  }
}
