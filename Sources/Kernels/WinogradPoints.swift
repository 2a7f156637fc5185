import CAdjointKernels

/// The numbers of some tiles at their points: at each position a matrix, with a row for each tile, as the matrix
/// product reads its left operand.
struct WinogradPoints {
  typealias Transform =
    @convention(c) (
      UnsafePointer<AdjointTiles>?, UnsafeRawPointer?, Int, Int, Int, Int, UnsafeMutableRawPointer?, Int, Int
    ) -> Void

  let tiles: Range<Int>
  /// The channels in blocks of the inner dimension, each of which has matrices of its own.
  let channelBlocks: RangeBlocks
  /// Numbers from one position to the next: the rows, and a vector that keeps the positions from falling into
  /// the same sets of the cache.
  let positionStep: Int
  private let positions: Int
  /// Numbers from one tile to the next: whole vectors of channels, and if several, one for the same reason.
  let rowStep: Int
  private let buffer: Buffer
  /// Whether the numbers are more than a second cache holds.
  private let areFar: Bool

  init(_ convolution: WinogradConvolution, tiles: Range<Int>, channels: Range<Int>) {
    self.tiles = tiles
    channelBlocks = channels.blocks(of: MatmulBlocks.innerCount)
    positions = convolution.positions
    let wholeVectors = WinogradConvolution.wholeVectors(channelBlocks[0].count)
    rowStep = wholeVectors > 16 ? wholeVectors + 16 : 16
    positionStep = tiles.count * rowStep + 16
    let byteCount = channelBlocks.count * positions * positionStep * MemoryLayout<Float>.stride
    buffer = Buffer(byteCount: byteCount)
    areFar = byteCount > Caches.second
  }

  /// A tile's first channel of a block, at a position.
  private func pointer(block: Int = 0, position: Int, tile: Int) -> UnsafeMutableRawPointer {
    let number = (block * positions + position) * positionStep + (tile - tiles.lowerBound) * rowStep
    return buffer.pointer + number * MemoryLayout<Float>.stride
  }

  /// The channels of a block, at a position: each tile from `tile` on is a row.
  func rows(block: Int, position: Int, from tile: Int) -> AdjointProductRows {
    AdjointProductRows(
      data: pointer(block: block, position: position, tile: tile), row_step: rowStep, inner_step: 1,
      are_far: areFar)
  }

  /// The same, transposed: a channel is a row.
  func transposedRows(position: Int, from tile: Int) -> AdjointProductRows {
    AdjointProductRows(
      data: pointer(position: position, tile: tile), row_step: 1, inner_step: rowStep, are_far: false)
  }

  /// The same as a right operand: a channel is a column.
  func panels(position: Int, from tile: Int, tileColumns: Int) -> AdjointPanels {
    AdjointPanels(
      data: pointer(position: position, tile: tile), inner_step: rowStep, panel_step: tileColumns)
  }

  /// Fills in some of the tiles from their image, by the kernel that is given.
  func fill(_ some: Range<Int>, of imageTiles: WinogradTiles, _ image: Region, by transform: Transform) {
    for (index, channels) in channelBlocks.enumerated() {
      imageTiles.forEachSize(of: some) { tiles, first, count, before in
        transform(
          tiles, image.pointer, first, count, channels.lowerBound, channels.count,
          pointer(block: index, position: 0, tile: some.lowerBound + before), positionStep, rowStep)
      }
    }
  }
}
