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
  let rows: WinogradAxis
  let columns: WinogradAxis

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
      return mergesPlaces ? (places + padding + 1) / 2 - padding / 2 : places.dividedUp(by: strides)
    }
    func axes(of tile: Int, taps: Int) -> (rows: WinogradAxis, columns: WinogradAxis) {
      (WinogradAxis(size[0], tile: tile, taps: taps), WinogradAxis(size[1], tile: tile, taps: taps))
    }
    let multiplications: Int
    switch (kernelSize, strides) {
    case (3, 1) where geometry.inputChannels >= fewest:
      // Of two that cost the same, tiles of 2 round less.
      let (small, large) = (axes(of: 2, taps: 3), axes(of: 4, taps: 3))
      let isSmall = small.rows.points * small.columns.points <= large.rows.points * large.columns.points
      (tile, taps) = (isSmall ? 2 : 4, 3)
      (rows, columns) = isSmall ? small : large
      multiplications = rows.points * columns.points
    case (3, 2) where geometry.inputChannels >= fewest:
      (tile, taps) = (4, 2)
      (rows, columns) = axes(of: tile, taps: taps)
      // Of the two phases along an axis, one has a single tap and so a point less in each tile.
      multiplications = (2 * rows.points - rows.count) * (2 * columns.points - columns.count)
    case (7...8, 2)
    where Self.mergedChannels.contains(4 * geometry.inputChannels)
      && geometry.outputChannels >= Self.fewestOutputsOfMerged:
      (tile, taps) = (3, 4)
      (rows, columns) = axes(of: tile, taps: taps)
      multiplications = 4 * rows.points * columns.points
    default:
      return nil
    }
    self.mergesPlaces = mergesPlaces
    // A single tile does not repay the transform of the filter.
    guard 3 * multiplications <= 2 * kernelSize * kernelSize * size[0] * size[1],
      geometry.batch * geometry.outputSize[0] * rows.count * columns.count >= 2
    else { return nil }
  }

  /// Points of a tile along an axis, unless it is a tile of 2 among tiles of 4.
  var points: Int { tile + taps - 1 }
}

/// The tiles of an image along an axis.
struct WinogradAxis {
  /// Outputs of a last tile that stands among tiles of 4. It has all points of these but the two before the last one.
  static let edge = 2

  /// Tiles of the full size, and whether a smaller one follows them.
  let wholeTiles: Int
  let hasEdge: Bool
  /// Points of all tiles.
  let points: Int

  fileprivate init(_ outputs: Int, tile: Int, taps: Int) {
    hasEdge = tile == 4 && outputs > tile && 1...Self.edge ~= outputs % tile
    wholeTiles = hasEdge ? outputs / tile : outputs.dividedUp(by: tile)
    points = wholeTiles * (tile + taps - 1) + (hasEdge ? Self.edge + taps - 1 : 0)
  }

  var count: Int { wholeTiles + (hasEdge ? 1 : 0) }
}
