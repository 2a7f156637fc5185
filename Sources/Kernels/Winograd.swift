import CAdjointKernels

/// A convolution with a 3×3 filter in float32, by F(2×2, 3×3) or F(4×4, 3×3): less than half and a quarter of the
/// direct method's multiplications. What tiles of 4 leave of an image is covered by tiles of 2. With strides of 2 it is
/// the sum of four convolutions without, of every other row and column of the image with the taps that meet them, each
/// by F(4×4, 2×2): 81 multiplications for 144. The input's gradient is four convolutions then, each of which makes
/// every other row and column. With strides of 2 over an image of few channels, larger filters are served, whose places
/// are merged: by F(3×3, 4×4), 7×7 taps take a third of the multiplications.
struct WinogradConvolution {
  /// Channels below which the transforms cost more than they save.
  static let fewestChannels = 16
  /// Output channels that are multiplied at a time: a multiple of every register tile's columns.
  static let columnCount = 64
  /// Tiles of a block at most, a multiple of every register tile's rows, where the filter is small: few, so that
  /// their numbers at all points leave room in the second cache for the filter's.
  private static let fewTiles = 24
  /// Tiles of a block where the filter comes from further away or is transformed anew: enough to pay for that.
  private static let manyTiles = 48

  let matmul: AdjointMatmul
  let kernels: AdjointWinograd
  let size: WinogradSize
  /// What is convolved, and summed up where the phases do not share their image.
  let phases: [WinogradPhase]
  /// Channels that are summed up at each point, and those that are made.
  let innerChannels: Int
  let outputChannels: Int
  private let geometry: ConvolutionGeometry
  private let transposes: Bool

  /// The convolution that makes the output or, where it `transposes`, the input's gradient; nil where another
  /// method suits the geometry better.
  init?(geometry: ConvolutionGeometry, transposes: Bool = false) {
    guard let size = WinogradSize(geometry: geometry, transposes: transposes) else { return nil }
    let table = KernelTable.current
    matmul = table.matmul.float32.pointee
    kernels = table.winograd.pointee
    self.size = size
    self.geometry = geometry
    self.transposes = transposes
    phases = WinogradPhase.all(of: geometry, size: size, transposes: transposes)
    let inputChannels = geometry.inputChannels * (size.mergesPlaces ? 4 : 1)
    (innerChannels, outputChannels) =
      transposes ? (geometry.outputChannels, inputChannels) : (inputChannels, geometry.outputChannels)
  }

  /// Points of a tile.
  var positions: Int { size.points * size.points }
  var tileTotal: Int { phases[0].output.count }

  /// Whether the phases read the same tiles and write different ones, and not the other way around.
  var sharesImage: Bool { transposes }

  /// Whether the output's transform can apply it.
  func applies(_ epilogue: Epilogue) -> Bool {
    !(transposes && size.mergesPlaces) || epilogue.isEmpty
  }

  var transformImage: WinogradPoints.Transform {
    size.mergesPlaces && !transposes ? kernels.transform_merged_image : kernels.transform_image
  }

  private var transformProduct: WinogradScratch.Transform {
    size.mergesPlaces && transposes ? kernels.transform_merged_product : kernels.transform_product
  }

  /// Channels rounded up to the vectors that transforms take at a time.
  static func wholeVectors(_ channels: Int) -> Int { channels.roundedUp(toMultipleOf: 16) }

  /// The filter as a matrix: its taps' input channels are rows, and its output channels columns.
  var filterSize: (rows: Int, columns: Int) {
    (geometry.tapCount * geometry.inputChannels, geometry.outputChannels)
  }

  /// The filter's taps that a phase meets.
  func filter(_ data: UnsafeRawPointer?, phase: WinogradPhase) -> AdjointWinogradFilter {
    AdjointWinogradFilter(
      data: data, size: geometry.kernelSize[1], step: geometry.strides[1], merges: size.mergesPlaces,
      row_phase: phase.row, column_phase: phase.column, input_channels: geometry.inputChannels,
      output_channels: geometry.outputChannels, transposes: transposes)
  }

  /// With many tiles, a piece of the work is some tiles from their image to their output, and the pieces share the
  /// filter's points. With few, it is some output channels of all tiles, and they share the tiles' points.
  func run(image: Region, filter: Region, epilogue: Epilogue, into output: Region) {
    var filter = WinogradFilter(self, filter)
    let written = phases[0].output
    let epilogue = epilogue.of(
      output, rows: written.placeCount, rowByteCount: written.channels * MemoryLayout<Float>.stride)
    let tiles = (0..<tileTotal).pairedBlocks(atMost: filter.isSmall ? Self.fewTiles : Self.manyTiles)
    let columns = columnBlocks
    let images = sharesImage ? [phases[0]] : phases
    func points(_ tiles: Range<Int>) -> [WinogradPoints] {
      images.map { _ in WinogradPoints(self, tiles: tiles, channels: 0..<innerChannels) }
    }
    if tiles.count >= min(columns.count, 8), tileTotal >= outputChannels || columns.count == 1 {
      if filter.isKept { filter.fill() }
      ThreadPool.shared.run(pieces: tiles.count) { piece in
        let points = points(tiles[piece])
        for (phase, points) in zip(images, points) {
          points.fill(tiles[piece], of: phase.image, image, by: transformImage)
        }
        multiply(points, filter, columns: 0..<outputChannels, epilogue: epilogue, into: output)
      }
    } else {
      let points = points(0..<tileTotal)
      let someTiles = (0..<tileTotal).blocks(of: 12)
      ThreadPool.shared.run(pieces: images.count * someTiles.count) { piece in
        let (phase, some) = piece.quotientAndRemainder(dividingBy: someTiles.count)
        points[phase].fill(someTiles[some], of: images[phase].image, image, by: transformImage)
      }
      ThreadPool.shared.run(pieces: columns.count) {
        multiply(points, filter, columns: columns[$0], epilogue: epilogue, into: output)
      }
    }
  }

  /// The output's channels in blocks for the threads.
  private var columnBlocks: RangeBlocks {
    let channels = 0..<outputChannels
    let blocks = channels.blocks(of: Self.columnCount)
    return blocks.count >= 8 ? blocks : channels.blocks(of: Self.columnCount / 2)
  }

  /// Some output channels of all tiles of `points`, which are those of each image. The inner dimension is summed in
  /// blocks, as in every product.
  private func multiply(
    _ points: [WinogradPoints], _ filter: WinogradFilter, columns: Range<Int>, epilogue: Epilogue,
    into output: Region
  ) {
    let scratch = WinogradScratch(self, filter, points: points[0])
    defer { withExtendedLifetime((points, scratch)) {} }
    for someColumns in columns.blocks(of: Self.columnCount) {
      for index in phases.indices {
        let image = points[sharesImage ? 0 : index]
        for (block, inner) in image.channelBlocks.enumerated() {
          scratch.multiply(
            image, block: block, phase: index, inner: inner, columns: someColumns,
            accumulate: block > 0 || index > 0 && !sharesImage)
        }
        guard sharesImage || index == phases.count - 1 else { continue }
        phases[index].output.forEachSize(of: image.tiles) { tiles, first, count, before in
          transformProduct(
            tiles, scratch.product(ofTile: before), scratch.positionStep, scratch.tileStep, first, count,
            someColumns.lowerBound, someColumns.count, output.pointer, epilogue.forKernels)
        }
      }
    }
  }
}

/// Memory for a block of the filter at its points, unless the filter is kept, and for the products of some tiles
/// with it.
struct WinogradScratch {
  typealias Transform =
    @convention(c) (
      UnsafePointer<AdjointTiles>?, UnsafeRawPointer?, Int, Int, Int, Int, Int, Int, UnsafeMutableRawPointer?,
      AdjointEpilogue
    ) -> Void

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
      convolution.innerChannels * (convolution.sharesImage ? 1 : convolution.phases.count) <= Self.fewChannels
      ? (columns, convolution.positions * columns + 16) : (points.tiles.count * columns + 16, columns)
    productOffset = filter.scratchByteCount
    offsetsOffset =
      productOffset + max(points.tiles.count * tileStep, convolution.positions * positionStep)
      * MemoryLayout<Float>.stride
    buffer = Buffer(byteCount: offsetsOffset + points.tiles.count * MemoryLayout<Int>.stride)
    EvenRows(step: tileStep).fillOffsets(rows: 0..<points.tiles.count, offsets)
  }

  private var product: UnsafeMutableRawPointer { buffer.pointer + productOffset }

  /// A tile's product at the first position; the tile's number is that among the tiles of the scratch.
  func product(ofTile tile: Int) -> UnsafeMutableRawPointer {
    product + tile * tileStep * MemoryLayout<Float>.stride
  }

  private var offsets: UnsafeMutablePointer<Int> {
    (buffer.pointer + offsetsOffset).assumingMemoryBound(to: Int.self)
  }

  func multiply(
    _ points: WinogradPoints, block: Int, phase: Int, inner: Range<Int>, columns: Range<Int>, accumulate: Bool
  ) {
    let tileColumns = Int(convolution.matmul.tile_columns)
    let panels = filter.block(phase: phase, inner: inner, columns: columns, scratch: buffer.pointer)
    let wholeVectors = WinogradConvolution.wholeVectors(columns.count)
    let stride = MemoryLayout<Float>.stride
    let phase = convolution.phases[phase]
    if !accumulate {
      for position in phase.emptyPositions {
        clear(position, tiles: points.tiles.count, columns: wholeVectors)
      }
    }
    for (position, owners) in phase.positions {
      let some = owners.clamped(to: points.tiles)
      convolution.matmul.multiply(
        some.count, wholeVectors, inner.count,
        points.rows(block: block, position: position, from: some.lowerBound),
        AdjointPanels(
          data: panels + position * filter.step * stride, inner_step: tileColumns,
          panel_step: inner.count * tileColumns),
        AdjointNextProduct(),
        AdjointProduct(
          data: product + position * positionStep * stride,
          row_offsets: offsets + (some.lowerBound - points.tiles.lowerBound), accumulate: accumulate,
          epilogue: AdjointEpilogue()))
    }
  }

  private func clear(_ position: Int, tiles: Int, columns: Int) {
    let stride = MemoryLayout<Float>.stride
    for tile in 0..<tiles {
      let start = (position * positionStep + tile * tileStep) * stride
      (product + start).initializeMemory(as: UInt8.self, repeating: 0, count: columns * stride)
    }
  }
}
