import CAdjointKernels

/// A part of a convolution: all of it or, with strides of 2, every other row and column of the larger image and the
/// taps that meet them.
struct WinogradPhase {
  /// From which of the filter's taps on every other one is used, along each axis.
  let row: Int
  let column: Int
  /// The tiles that are read, with their borders, and those that are written.
  let image: WinogradTiles
  let output: WinogradTiles
  /// The positions of a tile's points at which there are numbers, with the tiles that have them, and those at which
  /// there are zeros.
  let positions: [(index: Int, tiles: Range<Int>)]
  let emptyPositions: [Int]

  /// The phases of the output or, where it `transposes`, of the input's gradient. The output's read different tiles
  /// and write the same ones; the gradient's read the same and write different ones.
  static func all(of geometry: ConvolutionGeometry, size: WinogradSize, transposes: Bool) -> [WinogradPhase] {
    let axes = (1...2).map {
      AxisPhase.all(
        size: size, stride: geometry.strides[$0], padding: geometry.paddingBefore[$0], transposes: transposes)
    }
    return axes[0].flatMap { row in
      axes[1].map { WinogradPhase(geometry, size, transposes: transposes, row: row, column: $0) }
    }
  }

  private init(
    _ geometry: ConvolutionGeometry, _ size: WinogradSize, transposes: Bool, row: AxisPhase, column: AxisPhase
  ) {
    (self.row, self.column) = (row.tap, column.tap)
    func tiles(ofInput: Bool, row: Int, column: Int) -> WinogradTiles {
      let image = ofInput ? geometry.inputSize : geometry.outputSize
      return WinogradTiles(
        size: size,
        AdjointTiles(
          tile_rows: size.tile, tile_columns: size.tile, taps: size.taps, points: size.points,
          step: ofInput ? geometry.strides[1] : 1, rows: size.rows.wholeTiles,
          columns: size.columns.wholeTiles,
          first_row: row, first_column: column, batch: geometry.batch * image[0], height: image[1],
          width: image[2], channels: ofInput ? geometry.inputChannels : geometry.outputChannels))
    }
    let image = tiles(ofInput: !transposes, row: row.firstRead, column: column.firstRead)
    self.image = image
    output = tiles(ofInput: transposes, row: row.firstWritten, column: column.firstWritten)
    let all = 0..<size.points * size.points
    func isEmpty(_ position: Int) -> Bool {
      position / size.points == row.emptyPoint || position % size.points == column.emptyPoint
    }
    positions = all.filter { !isEmpty($0) }.map { ($0, image.tiles(at: $0)) }
    emptyPositions = all.filter(isEmpty)
  }
}

/// A phase along one axis.
private struct AxisPhase {
  var tap = 0
  var firstRead: Int
  var firstWritten = 0
  /// The point at which a single tap is zero: infinity, an axis's last one, or zero, if it is the later of two.
  var emptyPoint: Int?

  static func all(size: WinogradSize, stride: Int, padding: Int, transposes: Bool) -> [AxisPhase] {
    let isOdd = padding % 2 == 1
    switch (stride, transposes) {
    case (_, true) where size.mergesPlaces:
      return [AxisPhase(firstRead: padding / 2 - 3, firstWritten: -(padding % 2))]
    case (_, false) where size.mergesPlaces || stride == 1:
      return [AxisPhase(firstRead: -padding)]
    case (1, true):
      return [AxisPhase(firstRead: padding - 2)]
    case (_, false):
      return [
        AxisPhase(firstRead: -padding),
        AxisPhase(tap: 1, firstRead: 1 - padding, emptyPoint: size.points - 1),
      ]
    case (_, true):
      // Place 2 i - padding meets taps 0 and 2 of outputs i and i - 1, and the next place tap 1 of output i: whether
      // that is the tile's first or second one depends on which of the two the image begins with.
      let firstRead = (padding + 1) / 2 - 1
      return [
        AxisPhase(firstRead: firstRead, firstWritten: isOdd ? 1 : 0),
        AxisPhase(
          tap: isOdd ? -1 : 1, firstRead: firstRead, firstWritten: isOdd ? 0 : 1,
          emptyPoint: isOdd ? size.points - 1 : 0),
      ]
    }
  }
}
