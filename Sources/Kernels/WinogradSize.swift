import CAdjointKernels

/// Outputs of a tile along an axis, the taps that they are made with, and how many tiles there are.
struct WinogradSize {
  /// Channels of merged places that fill a vector, and of outputs that repay their transform.
  private static let mergedChannels = 12...16
  private static let fewestOutputsOfMerged = 48

  let tile: Int
  let taps: Int
  /// Whether 2 by 2 places of an image of few channels are one, so that strides of 2 are none.
  let mergesPlaces: Bool
  /// Rows and columns of tiles in an image.
  let rows: Int
  let columns: Int

  /// The size that takes the fewest multiplications, if that is by far fewer than the direct method takes.
  init?(geometry: ConvolutionGeometry, transposes: Bool) {
    let (kernelSize, strides) = (geometry.kernelSize[1], geometry.strides[1])
    let fewest = WinogradConvolution.fewestChannels
    guard geometry.kernelSize == SIMD3(1, kernelSize, kernelSize),
      geometry.strides == SIMD3(1, strides, strides),
      geometry.dilations[1] == 1, geometry.dilations[2] == 1, geometry.groups == 1,
      geometry.inputSize[0] == geometry.outputSize[0], geometry.paddingBefore[0] == 0,
      geometry.outputChannels >= fewest
    else { return nil }
    let mergesPlaces = kernelSize > 3
    let size = (1...2).map { axis in
      guard transposes else { return geometry.outputSize[axis] }
      let (places, padding) = (geometry.inputSize[axis], geometry.paddingBefore[axis])
      // Of the padded image, places 2 and 3 are merged, and so on: an odd one before the image takes part.
      return mergesPlaces ? (places + padding + 1) / 2 - padding / 2 : (places + strides - 1) / strides
    }
    func tiles(along axis: Int, of tile: Int) -> Int { (size[axis] + tile - 1) / tile }
    func tiles(of tile: Int) -> Int { tiles(along: 0, of: tile) * tiles(along: 1, of: tile) }
    func saves(_ multiplicationsOfTile: Int, tile: Int) -> Bool {
      // A single tile does not repay the transform of the filter.
      3 * multiplicationsOfTile * tiles(of: tile) <= 2 * kernelSize * kernelSize * size[0] * size[1]
        && geometry.batch * geometry.outputSize[0] * tiles(of: tile) >= 2
    }
    switch (kernelSize, strides) {
    case (3, 1) where geometry.inputChannels >= fewest:
      // Of two that cost the same, tiles of 2 round less.
      tile = 16 * tiles(of: 2) <= 36 * tiles(of: 4) ? 2 : 4
      taps = 3
      guard saves((tile + 2) * (tile + 2), tile: tile) else { return nil }
    case (3, 2) where geometry.inputChannels >= fewest:
      // The four phases have 25, 20, 20 and 16 points.
      (tile, taps) = (4, 2)
      guard saves(81, tile: tile) else { return nil }
    case (7...8, 2)
    where Self.mergedChannels.contains(4 * geometry.inputChannels)
      && geometry.outputChannels >= Self.fewestOutputsOfMerged:
      (tile, taps) = (3, 4)
      guard saves(4 * 36, tile: tile) else { return nil }
    default:
      return nil
    }
    self.mergesPlaces = mergesPlaces
    rows = tiles(along: 0, of: tile)
    columns = tiles(along: 1, of: tile)
  }

  /// Points of a tile along an axis.
  var points: Int { tile + taps - 1 }
}
