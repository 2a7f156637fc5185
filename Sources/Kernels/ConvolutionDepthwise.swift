import CAdjointKernels

extension ConvolutionOfReals {
  /// Elements that a piece of a depthwise convolution reads at each tap.
  private static let elementsOfOnePiece = 1 << 15

  private var channels: Int { geometry.inputChannels }

  /// Whole rows of the grid where several make a piece: a row's ends cost more than its inside.
  private func blocks(of windows: ConvolutionWindows) -> RangeBlocks {
    let count = max(1, Self.elementsOfOnePiece / channels)
    let row = windows.axes[2].gridSize
    return (0..<windows.count).blocks(of: count > row ? count / row * row : count)
  }

  func depthwise(
    _ windows: ConvolutionWindows, image: Region, filter: Region, epilogue: Epilogue, into output: Region
  ) {
    guard windows.count > 0, channels > 0 else { return }
    let reordered = reorderedFilter(windows, filter)
    let windowsOfImage = windows.over(image.pointer, imageChannels: channels, channels: channels)
    let places = windows.places(outputChannels: channels)
    let pieces = blocks(of: windows)
    ThreadPool.shared.run(pieces: pieces.count) { piece in
      let rows = pieces[piece]
      withUnsafeTemporaryAllocation(of: Int.self, capacity: rows.count) { offsets in
        let offsets = offsets.baseAddress!
        places.fillOffsets(rows: rows, offsets)
        withUnsafePointer(to: windowsOfImage) {
          kernels.multiply_depthwise(
            $0, rows.lowerBound, rows.count, reordered.pointer,
            AdjointProduct(
              data: output.pointer, row_offsets: offsets, accumulate: false,
              epilogue: epilogue.forKernels))
        }
      }
    }
  }

  /// The filter's taps in the windows' order.
  private func reorderedFilter(_ windows: ConvolutionWindows, _ filter: Region) -> Buffer {
    let rowByteCount = channels * blocks.byteCount
    let buffer = Buffer(byteCount: windows.tapCount * rowByteCount)
    for (row, tap) in windows.filterTaps(kernelSize: geometry.kernelSize).enumerated() {
      (buffer.pointer + row * rowByteCount)
        .copyMemory(from: filter.pointer + tap * rowByteCount, byteCount: rowByteCount)
    }
    return buffer
  }

  /// Sums blocks of windows apart, then adds them in their order.
  func depthwiseFilterGradient(input: Region, outputGradient: Region, into filterGradient: Region) {
    let windows = geometry.forwardWindows
    let taps = windows.tapCount
    guard taps > 0, channels > 0 else { return }
    let windowsOfImage = windows.over(input.pointer, imageChannels: channels, channels: channels)
    let rowByteCount = channels * blocks.byteCount
    let pieces = blocks(of: windows)
    let sums = blocks.summedParts(pieces.count, rows: taps, columns: channels)
    ThreadPool.shared.run(pieces: pieces.count) { piece in
      let rows = pieces[piece]
      withUnsafePointer(to: windowsOfImage) {
        kernels.depthwise_filter_gradient(
          $0, rows.lowerBound, rows.count, outputGradient.pointer + rows.lowerBound * rowByteCount,
          sums.place(of: piece))
      }
    }
    sums.add(into: filterGradient.pointer, step: channels)
  }
}
