import CAdjointKernels

/// Outputs of a tile along an axis, and the taps that they are made with.
struct WinogradSize {
  /// Channels of merged places that fill a vector, and of outputs that repay their transform.
  private static let mergedChannels = 12...16
  private static let fewestOutputsOfMerged = 48

  let tile: Int
  let taps: Int
  /// Whether 2 by 2 places of an image of few channels are one, so that strides of 2 are none.
  let mergesPlaces: Bool

  /// The size that takes the fewest multiplications, if that is by far fewer than the direct method takes.
  init?(geometry: ConvolutionGeometry, transposes: Bool) {
    let size = transposes ? geometry.inputSize : geometry.outputSize
    let (kernelSize, strides) = (geometry.kernelSize[1], geometry.strides[1])
    let fewest = WinogradConvolution.fewestChannels
    guard geometry.kernelSize == SIMD3(1, kernelSize, kernelSize),
      geometry.strides == SIMD3(1, strides, strides),
      geometry.dilations[1] == 1, geometry.dilations[2] == 1, geometry.groups == 1,
      geometry.inputSize[0] == geometry.outputSize[0], geometry.paddingBefore[0] == 0,
      geometry.outputChannels >= fewest
    else { return nil }
    func tiles(of tile: Int) -> Int { ((size[1] + tile - 1) / tile) * ((size[2] + tile - 1) / tile) }
    func saves(_ multiplicationsOfTile: Int, tile: Int) -> Bool {
      // A single tile does not repay the transform of the filter.
      3 * multiplicationsOfTile * tiles(of: tile) <= 2 * kernelSize * kernelSize * size[1] * size[2]
        && geometry.batch * size[0] * tiles(of: tile) >= 2
    }
    mergesPlaces = kernelSize > 3
    switch (kernelSize, strides) {
    case (3, 1) where geometry.inputChannels >= fewest:
      // Of two that cost the same, tiles of 2 round less.
      tile = 16 * tiles(of: 2) <= 36 * tiles(of: 4) ? 2 : 4
      taps = 3
      guard saves((tile + 2) * (tile + 2), tile: tile) else { return nil }
    case (3, 2) where geometry.inputChannels >= fewest && !transposes:
      // The four phases have 25, 20, 20 and 16 points.
      (tile, taps) = (4, 2)
      guard saves(81, tile: tile) else { return nil }
    case (7...8, 2)
    where Self.mergedChannels.contains(4 * geometry.inputChannels)
      && geometry.outputChannels >= Self.fewestOutputsOfMerged && !transposes:
      (tile, taps) = (3, 4)
      guard saves(4 * 36, tile: tile) else { return nil }
    default:
      return nil
    }
  }
}

/// A part of a convolution: every `step`th row and column of the image from one on, and the taps that meet them.
struct WinogradPhase {
  let row: Int
  let column: Int
  /// The tiles that are read, with their borders.
  let tiles: AdjointTiles
  /// At which points of a tile there are numbers: one tap alone is zero at infinity, an axis's last point.
  let positions: [Int]

  /// - Parameter points: Those along an axis.
  init(row: Int, column: Int, points: Int, tiles: AdjointTiles) {
    self.row = row
    self.column = column
    self.tiles = tiles
    positions = (0..<points * points).filter {
      (row == 0 || $0 / points < points - 1) && (column == 0 || $0 % points < points - 1)
    }
  }
}
