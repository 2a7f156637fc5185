import CAdjointKernels

/// A convolution with a 3×3 filter and no strides in float32, by F(2×2, 3×3) or F(4×4, 3×3): less than half and
/// a quarter of the direct method's multiplications.
struct WinogradConvolution {
  /// Channels below which the transforms cost more than they save.
  static let fewestChannels = 16
  /// Output channels that are multiplied at a time: a multiple of every register tile's columns.
  static let columnCount = 64
  /// Tiles of a block, a multiple of every register tile's rows, where the filter is transformed once: few, so
  /// that their numbers at all points leave room in the second cache for the filter's.
  private static let fewTiles = 24
  /// Tiles of a block where the filter is transformed anew for each: enough to pay for that.
  private static let manyTiles = 48

  let matmul: AdjointMatmul
  let kernels: AdjointWinograd
  /// The tiles that are read, with their borders, and the tiles that are written.
  let imageTiles: AdjointTiles
  let outputTiles: AdjointTiles
  private let transposes: Bool

  /// The convolution that makes the output or, where it `transposes`, the input's gradient; nil where another
  /// method suits the geometry better.
  init?(geometry: ConvolutionGeometry, transposes: Bool = false) {
    guard let tile = Self.tile(geometry: geometry, transposes: transposes) else { return nil }
    let table = KernelTable.current
    matmul = table.matmul.float32.pointee
    kernels = table.winograd.pointee
    self.transposes = transposes
    let (padding, batch) = (geometry.paddingBefore, geometry.batch * geometry.inputSize[0])
    let input = (size: geometry.inputSize, channels: geometry.inputChannels)
    let output = (size: geometry.outputSize, channels: geometry.outputChannels)
    func tiles(of image: (size: SIMD3<Int>, channels: Int), row: Int, column: Int) -> AdjointTiles {
      let written = transposes ? input.size : output.size
      return AdjointTiles(
        tile: tile, rows: (written[1] + tile - 1) / tile, columns: (written[2] + tile - 1) / tile,
        first_row: row, first_column: column, batch: batch, height: image.size[1], width: image.size[2],
        channels: image.channels)
    }
    imageTiles =
      transposes
      ? tiles(of: output, row: padding[1] - 2, column: padding[2] - 2)
      : tiles(of: input, row: -padding[1], column: -padding[2])
    outputTiles = tiles(of: transposes ? input : output, row: 0, column: 0)
  }

  /// The size of the tiles that take the fewest multiplications, if that is by far fewer than the direct
  /// method takes.
  private static func tile(geometry: ConvolutionGeometry, transposes: Bool) -> Int? {
    let size = transposes ? geometry.inputSize : geometry.outputSize
    guard geometry.kernelSize == SIMD3(1, 3, 3), geometry.strides == SIMD3(1, 1, 1),
      geometry.dilations[1] == 1, geometry.dilations[2] == 1, geometry.groups == 1,
      geometry.inputSize[0] == geometry.outputSize[0], geometry.paddingBefore[0] == 0,
      min(geometry.inputChannels, geometry.outputChannels) >= fewestChannels
    else { return nil }
    func multiplications(tile: Int) -> Int {
      (tile + 2) * (tile + 2) * ((size[1] + tile - 1) / tile) * ((size[2] + tile - 1) / tile)
    }
    // Of two that cost the same, tiles of 2 round less.
    let tile = multiplications(tile: 2) <= multiplications(tile: 4) ? 2 : 4
    let isSaving = 3 * multiplications(tile: tile) <= 2 * 9 * size[1] * size[2]
    // A single tile does not repay the transform of the filter.
    let positions = (tile + 2) * (tile + 2)
    let tiles = geometry.batch * size[0] * multiplications(tile: tile) / positions
    return isSaving && tiles >= 2 ? tile : nil
  }

  var tileTotal: Int { imageTiles.batch * imageTiles.rows * imageTiles.columns }
  var positions: Int { (imageTiles.tile + 2) * (imageTiles.tile + 2) }

  /// With many tiles, a piece of the work is some tiles from their image to their output. With few, it is some
  /// output channels of all tiles, whose points the pieces share.
  func run(image: Region, filter: Region, epilogue: Epilogue, into output: Region) {
    var filter = WinogradFilter(
      self,
      AdjointWinogradFilter(
        data: filter.pointer, input_channels: transposes ? outputTiles.channels : imageTiles.channels,
        output_channels: transposes ? imageTiles.channels : outputTiles.channels, transposes: transposes))
    let tiles = (0..<tileTotal).blocks(of: filter.isKept ? Self.fewTiles : Self.manyTiles)
    let columns = columnBlocks
    if tiles.count >= min(columns.count, 8) {
      if filter.isKept { filter.fill() }
      ThreadPool.shared.run(pieces: tiles.count) { piece in
        let points = WinogradPoints(self, tiles: tiles[piece], channels: 0..<imageTiles.channels)
        points.fill(tiles[piece], of: imageTiles, image, by: kernels.transform_image)
        multiply(points, filter, columns: 0..<outputTiles.channels, epilogue: epilogue, into: output)
      }
    } else {
      let points = WinogradPoints(self, tiles: 0..<tileTotal, channels: 0..<imageTiles.channels)
      let someTiles = (0..<tileTotal).blocks(of: 12)
      ThreadPool.shared.run(pieces: someTiles.count) {
        points.fill(someTiles[$0], of: imageTiles, image, by: kernels.transform_image)
      }
      ThreadPool.shared.run(pieces: columns.count) {
        multiply(points, filter, columns: columns[$0], epilogue: epilogue, into: output)
      }
    }
  }

  /// The output's channels in blocks for the threads.
  private var columnBlocks: RangeBlocks {
    let channels = 0..<outputTiles.channels
    let blocks = channels.blocks(of: Self.columnCount)
    return blocks.count >= 8 ? blocks : channels.blocks(of: Self.columnCount / 2)
  }

  /// Some output channels of all tiles of `points`. The inner dimension is summed in blocks, as in every product.
  private func multiply(
    _ points: WinogradPoints, _ filter: WinogradFilter, columns: Range<Int>, epilogue: Epilogue,
    into output: Region
  ) {
    let scratch = WinogradScratch(self, filter, points: points)
    defer { withExtendedLifetime((points, scratch)) {} }
    for someColumns in columns.blocks(of: Self.columnCount) {
      for (index, inner) in points.channelBlocks.enumerated() {
        scratch.multiply(
          points, block: index, inner: inner, columns: someColumns, accumulate: index > 0)
      }
      withUnsafePointer(to: outputTiles) {
        kernels.transform_product(
          $0, scratch.product, scratch.productStep, Self.columnCount, points.tiles.lowerBound,
          points.tiles.count, someColumns.lowerBound, someColumns.count, output.pointer,
          epilogue.forKernels)
      }
    }
  }
}

/// Memory for a block of the filter at its points, unless the filter is kept, and for the products of some tiles
/// with it.
private struct WinogradScratch {
  let productStep: Int
  private let convolution: WinogradConvolution
  private let filter: WinogradFilter
  private let productOffset: Int
  private let offsetsOffset: Int
  private let buffer: Buffer

  init(_ convolution: WinogradConvolution, _ filter: WinogradFilter, points: WinogradPoints) {
    let columns = WinogradConvolution.columnCount
    self.convolution = convolution
    self.filter = filter
    productStep = points.tiles.count * columns + 16
    productOffset = filter.scratchByteCount
    offsetsOffset = productOffset + convolution.positions * productStep * MemoryLayout<Float>.stride
    buffer = Buffer(byteCount: offsetsOffset + points.tiles.count * MemoryLayout<Int>.stride)
    EvenRows(step: columns).fillOffsets(rows: 0..<points.tiles.count, offsets)
  }

  var product: UnsafeMutableRawPointer { buffer.pointer + productOffset }
  private var offsets: UnsafeMutablePointer<Int> {
    (buffer.pointer + offsetsOffset).assumingMemoryBound(to: Int.self)
  }

  func multiply(
    _ points: WinogradPoints, block: Int, inner: Range<Int>, columns: Range<Int>, accumulate: Bool
  ) {
    let tileColumns = Int(convolution.matmul.tile_columns)
    let panels = filter.block(inner: inner, columns: columns, scratch: buffer.pointer)
    let wholeVectors = (columns.count + 15) / 16 * 16
    let stride = MemoryLayout<Float>.stride
    for position in 0..<convolution.positions {
      convolution.matmul.multiply(
        points.tiles.count, wholeVectors, inner.count, points.rows(block: block, position: position),
        AdjointPanels(
          data: panels + position * filter.step * stride, inner_step: tileColumns,
          panel_step: inner.count * tileColumns),
        AdjointProduct(
          data: product + position * productStep * stride, row_offsets: offsets, accumulate: accumulate,
          epilogue: AdjointEpilogue()))
    }
  }
}
