import CAdjointKernels

/// A convolution with a 3×3 filter in float32, by F(2×2, 3×3) or F(4×4, 3×3): less than half and a quarter of the
/// direct method's multiplications. With strides of 2 it is the sum of four convolutions without, of every other
/// row and column of the image with the taps that meet them, each by F(4×4, 2×2): 81 multiplications for 144. With
/// strides of 2 over an image of few channels, larger filters are served, whose places are merged: by F(3×3, 4×4),
/// 7×7 taps take a third of the multiplications.
struct WinogradConvolution {
  /// Channels below which the transforms cost more than they save.
  static let fewestChannels = 16
  /// Output channels that are multiplied at a time: a multiple of every register tile's columns.
  static let columnCount = 64
  /// Bytes that lie in a second cache.
  static let mostInSecondCache = 1 << 20
  /// Tiles of a block, a multiple of every register tile's rows, where the filter is small: few, so that their
  /// numbers at all points leave room in the second cache for the filter's.
  private static let fewTiles = 24
  /// Tiles of a block where the filter comes from further away or is transformed anew: enough to pay for that.
  private static let manyTiles = 48

  let matmul: AdjointMatmul
  let kernels: AdjointWinograd
  /// The tiles that are written.
  let outputTiles: AdjointTiles
  /// Points of a tile.
  let positions: Int
  /// What is convolved and summed up: all of the image with all taps, or the four parts of it.
  let phases: [WinogradPhase]
  /// Channels that are summed up at each point.
  let innerChannels: Int
  private let geometry: ConvolutionGeometry
  private let mergesPlaces: Bool
  private let transposes: Bool

  /// The convolution that makes the output or, where it `transposes`, the input's gradient; nil where another
  /// method suits the geometry better.
  init?(geometry: ConvolutionGeometry, transposes: Bool = false) {
    guard let size = WinogradSize(geometry: geometry, transposes: transposes) else { return nil }
    let table = KernelTable.current
    matmul = table.matmul.float32.pointee
    kernels = table.winograd.pointee
    self.geometry = geometry
    self.transposes = transposes
    mergesPlaces = size.mergesPlaces
    let (padding, batch) = (geometry.paddingBefore, geometry.batch * geometry.inputSize[0])
    let input = (size: geometry.inputSize, channels: geometry.inputChannels)
    let output = (size: geometry.outputSize, channels: geometry.outputChannels)
    let (read, written) = transposes ? (output, input) : (input, output)
    func tiles(of image: (size: SIMD3<Int>, channels: Int), row: Int, column: Int, step: Int) -> AdjointTiles
    {
      AdjointTiles(
        tile: size.tile, taps: size.taps, step: step, rows: (written.size[1] + size.tile - 1) / size.tile,
        columns: (written.size[2] + size.tile - 1) / size.tile, first_row: row, first_column: column,
        batch: batch, height: image.size[1], width: image.size[2], channels: image.channels)
    }
    outputTiles = tiles(of: written, row: 0, column: 0, step: 1)
    let points = size.tile + size.taps - 1
    positions = points * points
    let stride = geometry.strides[1]
    let before = transposes ? SIMD3(2, 2, 2) &- padding : padding
    innerChannels = mergesPlaces ? stride * stride * read.channels : read.channels
    phases = (0..<(mergesPlaces ? 1 : stride * stride)).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: stride)
      return WinogradPhase(
        row: row, column: column, points: points,
        tiles: tiles(of: read, row: row - before[1], column: column - before[2], step: stride))
    }
  }

  var tileTotal: Int { outputTiles.batch * outputTiles.rows * outputTiles.columns }
  /// Whether the filter's gradient can be taken the same way.
  var hasGradients: Bool { geometry.strides[1] == 1 }

  private var transformImage: WinogradPoints.Transform {
    mergesPlaces ? kernels.transform_merged_image : kernels.transform_image
  }

  /// The filter's taps that a phase meets.
  func filter(_ filter: Region, phase: WinogradPhase) -> AdjointWinogradFilter {
    AdjointWinogradFilter(
      data: filter.pointer, size: geometry.kernelSize[1], step: geometry.strides[1], merges: mergesPlaces,
      row_phase: phase.row, column_phase: phase.column, input_channels: geometry.inputChannels,
      output_channels: geometry.outputChannels, transposes: transposes)
  }

  /// With many tiles, a piece of the work is some tiles from their image to their output. With few, it is some
  /// output channels of all tiles, whose points the pieces share.
  func run(image: Region, filter: Region, epilogue: Epilogue, into output: Region) {
    var filter = WinogradFilter(self, filter)
    let epilogue = epilogue.of(
      output, rows: outputTiles.batch * outputTiles.height * outputTiles.width,
      rowByteCount: outputTiles.channels * MemoryLayout<Float>.stride)
    let tiles = (0..<tileTotal).blocks(of: filter.isSmall ? Self.fewTiles : Self.manyTiles)
    let columns = columnBlocks
    if tiles.count >= min(columns.count, 8) {
      if filter.isKept { filter.fill() }
      ThreadPool.shared.run(pieces: tiles.count) { piece in
        let points = phases.map { _ in WinogradPoints(self, tiles: tiles[piece], channels: 0..<innerChannels)
        }
        for (phase, points) in zip(phases, points) {
          points.fill(tiles[piece], of: phase.tiles, image, by: transformImage)
        }
        multiply(points, filter, columns: 0..<outputTiles.channels, epilogue: epilogue, into: output)
      }
    } else {
      let points = phases.map { _ in WinogradPoints(self, tiles: 0..<tileTotal, channels: 0..<innerChannels) }
      let someTiles = (0..<tileTotal).blocks(of: 12)
      ThreadPool.shared.run(pieces: phases.count * someTiles.count) { piece in
        let (phase, some) = piece.quotientAndRemainder(dividingBy: someTiles.count)
        points[phase].fill(someTiles[some], of: phases[phase].tiles, image, by: transformImage)
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

  /// Some output channels of all tiles of `points`, which are those of each phase. The inner dimension is summed
  /// in blocks, as in every product.
  private func multiply(
    _ points: [WinogradPoints], _ filter: WinogradFilter, columns: Range<Int>, epilogue: Epilogue,
    into output: Region
  ) {
    let scratch = WinogradScratch(self, filter, points: points[0])
    defer { withExtendedLifetime((points, scratch)) {} }
    for someColumns in columns.blocks(of: Self.columnCount) {
      for (phase, points) in points.enumerated() {
        for (index, inner) in points.channelBlocks.enumerated() {
          scratch.multiply(
            points, block: index, phase: phase, inner: inner, columns: someColumns,
            accumulate: phase > 0 || index > 0)
        }
      }
      withUnsafePointer(to: outputTiles) {
        kernels.transform_product(
          $0, scratch.product, scratch.positionStep, scratch.tileStep, points[0].tiles.lowerBound,
          points[0].tiles.count,
          someColumns.lowerBound, someColumns.count, output.pointer,
          epilogue.forKernels)
      }
    }
  }
}

/// Memory for a block of the filter at its points, unless the filter is kept, and for the products of some tiles
/// with it.
private struct WinogradScratch {
  /// Channels up to which the products are few multiplications, and taking them back is much of the work.
  private static let fewChannels = 64

  /// Numbers from one position to the next and from one tile to the next. Few channels' products lie tile after tile,
  /// as they are taken back, others position after position, as they are summed up. A vector more than there are
  /// numbers keeps them from falling into the same sets of the cache.
  let positionStep: Int
  let tileStep: Int
  private let convolution: WinogradConvolution
  private let filter: WinogradFilter
  private let productOffset: Int
  private let offsetsOffset: Int
  private let buffer: Buffer

  init(_ convolution: WinogradConvolution, _ filter: WinogradFilter, points: WinogradPoints) {
    let columns = WinogradConvolution.columnCount
    self.convolution = convolution
    self.filter = filter
    (positionStep, tileStep) =
      convolution.innerChannels * convolution.phases.count <= Self.fewChannels
      ? (columns, convolution.positions * columns + 16) : (points.tiles.count * columns + 16, columns)
    productOffset = filter.scratchByteCount
    offsetsOffset =
      productOffset + max(points.tiles.count * tileStep, convolution.positions * positionStep)
      * MemoryLayout<Float>.stride
    buffer = Buffer(byteCount: offsetsOffset + points.tiles.count * MemoryLayout<Int>.stride)
    EvenRows(step: tileStep).fillOffsets(rows: 0..<points.tiles.count, offsets)
  }

  var product: UnsafeMutableRawPointer { buffer.pointer + productOffset }
  private var offsets: UnsafeMutablePointer<Int> {
    (buffer.pointer + offsetsOffset).assumingMemoryBound(to: Int.self)
  }

  func multiply(
    _ points: WinogradPoints, block: Int, phase: Int, inner: Range<Int>, columns: Range<Int>, accumulate: Bool
  ) {
    let tileColumns = Int(convolution.matmul.tile_columns)
    let panels = filter.block(phase: phase, inner: inner, columns: columns, scratch: buffer.pointer)
    let wholeVectors = (columns.count + 15) / 16 * 16
    let stride = MemoryLayout<Float>.stride
    for position in convolution.phases[phase].positions {
      convolution.matmul.multiply(
        points.tiles.count, wholeVectors, inner.count, points.rows(block: block, position: position),
        AdjointPanels(
          data: panels + position * filter.step * stride, inner_step: tileColumns,
          panel_step: inner.count * tileColumns),
        AdjointProduct(
          data: product + position * positionStep * stride, row_offsets: offsets,
          accumulate: accumulate,
          epilogue: AdjointEpilogue()))
    }
  }
}
