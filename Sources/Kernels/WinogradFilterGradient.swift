import CAdjointKernels

/// The filter's gradient is the transpose of Winograd's convolution in the filter: at each position the input's
/// points, transposed, times those of the output's gradient, summed over all tiles, and then taken back.
///
/// A piece of the work is a block of input channels and of output channels over a part of the tiles of a phase, whose
/// points are in the second cache when they are multiplied. That transforms the tiles once for each block and phase
/// they meet, which costs less than keeping their points in memory; so blocks are large, though their sums do not stay
/// in that cache, unless that leaves too few pieces.
struct WinogradFilterGradient {
  /// Channels of a block, where there are pieces enough and where not.
  private static let (manyChannels, fewChannels) = (128, 64)
  /// Tiles that are summed at a time.
  private static let tileCount = 56
  /// The fewest tiles that are worth a part.
  private static let fewestTiles = 48
  /// As few as share the work evenly: each part's sums are taken back and added up.
  private static let wantedPieces = 8

  private let convolution: WinogradConvolution
  private let inputBlocks: RangeBlocks
  private let outputBlocks: RangeBlocks
  private let parts: RangeBlocks

  init(_ convolution: WinogradConvolution) {
    let many = WinogradFilterGradient(convolution, blocksOf: Self.manyChannels)
    self =
      many.pieceCount >= Self.wantedPieces
      ? many : WinogradFilterGradient(convolution, blocksOf: Self.fewChannels)
  }

  private init(_ convolution: WinogradConvolution, blocksOf channelCount: Int) {
    self.convolution = convolution
    inputBlocks = (0..<convolution.innerChannels).evenBlocks(atMost: channelCount, multiple: 16)
    outputBlocks = (0..<convolution.outputChannels).evenBlocks(atMost: channelCount, multiple: 16)
    let tiles = convolution.tileTotal
    let wantedParts = Self.wantedPieces / (convolution.phases.count * inputBlocks.count * outputBlocks.count)
    let count = max(1, min(wantedParts, tiles / Self.fewestTiles))
    parts = (0..<tiles).blocks(count: count)
  }

  private var pieceCount: Int {
    parts.count * convolution.phases.count * inputBlocks.count * outputBlocks.count
  }

  func run(input: Region, outputGradient: Region, into filterGradient: Region) {
    let filter = convolution.filterSize
    let sums =
      parts.count == 1
      ? nil
      : SummedParts(
        parts.count, rows: filter.rows, columns: filter.columns,
        elementByteCount: MemoryLayout<Float>.stride, kernels: convolution.matmul)
    let phases = convolution.phases
    ThreadPool.shared.run(pieces: pieceCount) { piece in
      let (ofPhase, output) = piece.quotientAndRemainder(dividingBy: outputBlocks.count)
      let (rest, inputBlock) = ofPhase.quotientAndRemainder(dividingBy: inputBlocks.count)
      let (part, phase) = rest.quotientAndRemainder(dividingBy: phases.count)
      sum(
        parts[part], phase: phases[phase], inputChannels: inputBlocks[inputBlock],
        outputChannels: outputBlocks[output], input, outputGradient,
        into: sums?.place(of: part) ?? filterGradient.pointer)
    }
    sums?.add(into: filterGradient.pointer, step: filter.columns)
  }

  /// One piece's part of the gradient.
  private func sum(
    _ tiles: Range<Int>, phase: WinogradPhase, inputChannels rows: Range<Int>,
    outputChannels columns: Range<Int>, _ input: Region, _ outputGradient: Region,
    into filterGradient: UnsafeMutableRawPointer
  ) {
    let stride = MemoryLayout<Float>.stride
    let (kernels, positions) = (convolution.kernels, convolution.positions)
    let tileColumns = Int(convolution.matmul.tile_columns)
    let rowStep = WinogradConvolution.wholeVectors(columns.count)
    let productStep = rows.count * rowStep + 16
    let product = Buffer(byteCount: positions * productStep * stride)
    defer { withExtendedLifetime(product) {} }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: rows.count) { offsets in
      let offsets = offsets.baseAddress!
      EvenRows(step: rowStep).fillOffsets(rows: 0..<rows.count, offsets)
      for some in tiles.evenBlocks(atMost: Self.tileCount) {
        let image = WinogradPoints(convolution, tiles: some, channels: rows)
        let gradient = WinogradPoints(convolution, tiles: some, channels: columns)
        defer { withExtendedLifetime((image, gradient)) {} }
        image.fill(some, of: phase.image, input, by: convolution.transformImage)
        gradient.fill(some, of: phase.output, outputGradient, by: kernels.transform_gradient)
        for (position, owners) in phase.positions {
          let summed = owners.clamped(to: some)
          convolution.matmul.multiply(
            rows.count, rowStep, summed.count,
            image.transposedRows(position: position, from: summed.lowerBound),
            gradient.panels(position: position, from: summed.lowerBound, tileColumns: tileColumns),
            AdjointNextProduct(),
            AdjointProduct(
              data: product.pointer + position * productStep * stride, row_offsets: offsets,
              accumulate: some.lowerBound > tiles.lowerBound, epilogue: AdjointEpilogue()))
        }
      }
    }
    let filter = convolution.filter(nil, phase: phase)
    withUnsafePointer(to: filter) {
      kernels.transform_filter_gradient(
        $0, convolution.size.tile, convolution.size.taps, rows.lowerBound, rows.count, columns.lowerBound,
        columns.count, product.pointer, productStep, rowStep, filterGradient)
    }
  }
}
