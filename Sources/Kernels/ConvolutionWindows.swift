import CAdjointKernels

/// One axis of the windows: what `AdjointWindowAxis` says, which of the filter's taps are used, and where in
/// the output the results go.
struct WindowAxis {
  let imageSize: Int
  let gridSize: Int
  let stride: Int
  let taps: [Int]
  let firstOffset: Int
  let offsetStep: Int
  let outputSize: Int
  let outputFirst: Int
  let outputStep: Int

  func forKernels(imageStep: Int) -> AdjointWindowAxis {
    AdjointWindowAxis(
      image_size: imageSize, image_step: imageStep, grid_size: gridSize, stride: stride,
      tap_count: taps.count,
      first_offset: firstOffset, offset_step: offsetStep)
  }
}

/// The windows of a batch of images.
struct ConvolutionWindows {
  let batch: Int
  let axes: [WindowAxis]

  var count: Int { axes.reduce(batch) { $0 * $1.gridSize } }

  /// Whether the windows are the image's places, one after the other.
  var areThePlaces: Bool {
    axes.allSatisfy {
      $0.taps.count == 1 && $0.firstOffset == 0 && $0.stride == 1 && $0.gridSize == $0.imageSize
    }
  }

  /// The same windows in rows of up to `length`, where they are the image's places and rows mean nothing: in the
  /// longest ones that they fill evenly and that are as many as pieces are wanted for the threads.
  func inRows(ofAtMost length: Int) -> ConvolutionWindows {
    let count = count
    let (shortest, longest) = (axes[2].gridSize, min(length, count / MatmulCut.wantedPieces))
    guard areThePlaces, shortest < longest,
      let length = (shortest...longest).last(where: { count.isMultiple(of: $0) })
    else { return self }
    func axis(_ size: Int) -> WindowAxis {
      WindowAxis(
        imageSize: size, gridSize: size, stride: 1, taps: [0], firstOffset: 0, offsetStep: 1,
        outputSize: size, outputFirst: 0, outputStep: 1)
    }
    return ConvolutionWindows(batch: 1, axes: [axis(1), axis(count / length), axis(length)])
  }

  var tapCount: Int { axes.reduce(1) { $0 * $1.taps.count } }

  /// The windows' taps, in their order, as numbers of the filter's taps.
  func filterTaps(kernelSize: SIMD3<Int>) -> [Int] {
    axes[0].taps.flatMap { depth in
      axes[1].taps.flatMap { height in
        axes[2].taps.map { (depth * kernelSize[1] + height) * kernelSize[2] + $0 }
      }
    }
  }

  /// The windows over an image with `imageChannels`, of which `channels` are read, from `image` on.
  func over(_ image: UnsafeRawPointer, imageChannels: Int, channels: Int) -> AdjointWindows {
    let heightStep = axes[2].imageSize * imageChannels
    let depthStep = axes[1].imageSize * heightStep
    return AdjointWindows(
      image: image, batch_step: axes[0].imageSize * depthStep,
      depth: axes[0].forKernels(imageStep: depthStep),
      height: axes[1].forKernels(imageStep: heightStep), width: axes[2].forKernels(imageStep: imageChannels),
      channels: channels)
  }

  func places(outputChannels: Int) -> WindowPlaces { WindowPlaces(windows: self, channels: outputChannels) }
}

/// Where in the output the windows' results go.
struct WindowPlaces: OutputRows {
  let windows: ConvolutionWindows
  let channels: Int

  func fillOffsets(rows: Range<Int>, _ offsets: UnsafeMutablePointer<Int>) {
    let (depth, height, width) = (windows.axes[0], windows.axes[1], windows.axes[2])
    var row = rows.lowerBound
    while row < rows.upperBound {
      let x = row % width.gridSize
      let (above, y) = (row / width.gridSize).quotientAndRemainder(dividingBy: height.gridSize)
      let (image, z) = above.quotientAndRemainder(dividingBy: depth.gridSize)
      let slice = image * depth.outputSize + depth.outputFirst + z * depth.outputStep
      let start = (slice * height.outputSize + height.outputFirst + y * height.outputStep) * width.outputSize
      let count = min(width.gridSize - x, rows.upperBound - row)
      let first = (start + width.outputFirst + x * width.outputStep) * channels
      let step = width.outputStep * channels
      let line = offsets + (row - rows.lowerBound)
      for i in 0..<count { line[i] = first &+ i &* step }
      row += count
    }
  }
}

/// Windows as rows on the left of a matrix product. Valid for as long as the image's buffer lives; so are the two below,
/// the last with the filter's.
struct WindowBlocks: RowSource {
  let blocks: MatmulBlocks
  let kernels: AdjointConvolution
  let windows: AdjointWindows

  func block(rows: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointProductRows {
    withUnsafePointer(to: windows) {
      kernels.pack_rows($0, rows.lowerBound, rows.count, inner.lowerBound, inner.count, scratch)
    }
    return blocks.packedRows(scratch)
  }
}

/// Windows as columns on the left of a matrix product.
struct TransposedWindowBlocks: RowSource {
  let blocks: MatmulBlocks
  let kernels: AdjointConvolution
  let windows: AdjointWindows

  func block(rows: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointProductRows {
    withUnsafePointer(to: windows) {
      kernels.pack_rows($0, inner.lowerBound, inner.count, rows.lowerBound, rows.count, scratch)
    }
    let packed = blocks.packedRows(scratch)
    return AdjointProductRows(data: packed.data, row_step: 1, inner_step: packed.row_step, are_far: false)
  }
}

/// A filter as the right operand, with the rows of its taps in the windows' order.
struct FilterBlocks: PackableColumns {
  let blocks: MatmulBlocks
  /// The first tap's matrix, from the channels that are read to those that are written.
  let matrix: AdjointMatrix
  let tapStep: Int
  let taps: [Int]
  let channels: Int

  /// All of the filter as panels, packed on all threads if it is large: rows along all panels, as they lie in
  /// memory, or panel after panel where the channels are transposed.
  func allPanels(rows: Int, columns: Int, scratch: UnsafeMutableRawPointer) -> AdjointPanels {
    let step = Int(blocks.kernels.tile_columns)
    let panelStep = rows * step
    let isSmall = rows * columns < 1 << 16
    let (rowsOfPiece, columnsOfPiece) =
      isSmall
      ? (rows, columns) : matrix.column_step == 1 ? (max(1, (1 << 12) / columns) * 8, columns) : (rows, step)
    let someRows = (0..<rows).blocks(of: max(rowsOfPiece, 1))
    let someColumns = (0..<columns).blocks(of: max(columnsOfPiece, 1))
    ThreadPool.shared.run(pieces: someRows.count * someColumns.count) { piece in
      let (row, column) = piece.quotientAndRemainder(dividingBy: someColumns.count)
      let (rows, columns) = (someRows[row], someColumns[column])
      let place = rows.lowerBound * step + columns.lowerBound / step * panelStep
      pack(columns: columns, inner: rows, to: scratch + place * blocks.byteCount, panelStep: panelStep)
    }
    return AdjointPanels(data: scratch, inner_step: step, panel_step: panelStep)
  }

  func pack(columns: Range<Int>, inner: Range<Int>, to place: UnsafeMutableRawPointer, panelStep: Int) {
    let step = Int(blocks.kernels.tile_columns)
    var row = inner.lowerBound
    while row < inner.upperBound {
      let start = row % channels
      let count = min(channels - start, inner.upperBound - row)
      var block = matrix
      let first = start * matrix.row_step + columns.lowerBound * matrix.column_step
      block.data += (taps[row / channels] * tapStep + first) * blocks.byteCount
      blocks.kernels.pack_columns(
        count, columns.count, block, place + (row - inner.lowerBound) * step * blocks.byteCount, panelStep)
      row += count
    }
  }
}
