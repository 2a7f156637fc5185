import CAdjointKernels

/// A filter at its points, in blocks of input and of output channels. It is transformed once, before its blocks are
/// asked for, unless it is so large that it would come from memory and not from the caches, which takes longer
/// than transforming its blocks anew.
struct WinogradFilter {
  /// The most that is kept.
  private static let mostKept = Caches.third / 4

  /// Numbers from one position to the next.
  let step: Int
  private let convolution: WinogradConvolution
  private let filter: Region
  private let channelBlocks: RangeBlocks
  private let columnBlocks: RangeBlocks
  private var kept: Buffer?

  init(_ convolution: WinogradConvolution, _ filter: Region) {
    self.convolution = convolution
    self.filter = filter
    channelBlocks = (0..<convolution.innerChannels).blocks(of: MatmulBlocks.innerCount)
    columnBlocks = (0..<convolution.outputChannels).blocks(of: WinogradConvolution.columnCount)
    // The vector keeps the positions from falling into the same sets of the cache.
    step = channelBlocks[0].count * WinogradConvolution.columnCount + 16
  }

  private var blocksOfPhase: Int { channelBlocks.count * columnBlocks.count }
  private var blockCount: Int { convolution.phases.count * blocksOfPhase }
  private var blockByteCount: Int { convolution.positions * step * MemoryLayout<Float>.stride }
  /// Bytes that a block takes which is transformed when it is asked for.
  var scratchByteCount: Int { kept == nil ? blockByteCount : 0 }

  /// Whether the filter is small enough to be transformed once.
  var isKept: Bool { blockCount * blockByteCount <= Self.mostKept }
  /// Whether it is so small that a second cache holds it.
  var isSmall: Bool { blockCount * blockByteCount <= Caches.second }

  /// Transforms all blocks.
  mutating func fill() {
    let kept = Buffer(byteCount: blockCount * blockByteCount)
    ThreadPool.shared.run(pieces: blockCount) { block in
      let (phase, ofPhase) = block.quotientAndRemainder(dividingBy: blocksOfPhase)
      transform(
        phase: phase, inner: channelBlocks[ofPhase / columnBlocks.count],
        columns: columnBlocks[ofPhase % columnBlocks.count], to: kept.pointer + block * blockByteCount)
    }
    self.kept = kept
  }

  private func transform(
    phase: Int, inner: Range<Int>, columns: Range<Int>, to place: UnsafeMutableRawPointer
  ) {
    let filter = convolution.filter(filter.pointer, phase: convolution.phases[phase])
    withUnsafePointer(to: filter) {
      convolution.kernels.transform_filter(
        $0, convolution.size.tile, convolution.size.taps, inner.lowerBound, inner.count,
        columns.lowerBound, columns.count, place, step, inner.count * Int(convolution.matmul.tile_columns))
    }
  }

  /// A block at its points, the first position's first panel: where it was kept, or in `scratch`.
  func block(
    phase: Int, inner: Range<Int>, columns: Range<Int>, scratch: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    if let kept {
      let row = phase * channelBlocks.count + inner.lowerBound / MatmulBlocks.innerCount
      let column = columns.lowerBound / WinogradConvolution.columnCount
      return UnsafeRawPointer(kept.pointer + (row * columnBlocks.count + column) * blockByteCount)
    }
    transform(phase: phase, inner: inner, columns: columns, to: scratch)
    return UnsafeRawPointer(scratch)
  }
}
