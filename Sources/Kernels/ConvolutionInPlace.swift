import CAdjointKernels

extension ConvolutionGeometry {
  /// Whether the kernels that read windows in place can serve: windows of adjacent elements, and no more rows
  /// in one than the kernels keep addresses for.
  var canBeReadInPlace: Bool { groups == 1 && hasRunsInPlace }

  /// The same with any number of groups.
  var hasRunsInPlace: Bool {
    let reach = windowReach
    return !isEmpty && (dilations[2] == 1 || kernelSize[2] == 1)
      && reach[0] * reach[1] <= Int(ADJOINT_MOST_RUNS)
  }

  private var isEmpty: Bool {
    [inputPlaces, outputPlaces, tapCount, inputChannels, outputChannels].contains(0)
  }

  /// Places from a window's first tap to its last one.
  var windowReach: SIMD3<Int> { (kernelSize &- 1) &* dilations &+ 1 }

  /// Whether the output is the product of windows in place: these have rows long enough for a tile, and so few
  /// elements that a panel of the filter stays in the second cache, or little more.
  var readsWindowsInPlace: Bool {
    canBeReadInPlace && outputSize[2] >= 4 && tapCount * inputChannels <= 1 << 13
  }

  /// The same for the input's gradient, as the product of windows of the output's gradient.
  var readsGradientWindowsInPlace: Bool {
    canBeReadInPlace && inputSize[2] >= 4 && tapCount * outputChannels <= 1 << 13 && strides == SIMD3(1, 1, 1)
  }

  /// Whether the input's gradient has so few channels that rows of taps fill vectors of `lanes` better than
  /// channels do, by more than it costs to add up what overlaps.
  func overlapsInputGradient(lanes: Int) -> Bool {
    guard canBeReadInPlace, outputSize[2] >= 4, tapCount * outputChannels <= 1 << 13 else { return false }
    let vectorsOfRows = (kernelSize[2] * inputChannels).dividedUp(by: lanes)
    let vectorsOfTaps = inputChannels.dividedUp(by: lanes) * kernelSize[2]
    // Rows of taps are multiplied at the grid's places, and taps at the image's.
    return 5 * vectorsOfRows * outputSize[2] * strides[2] <= 4 * vectorsOfTaps * inputSize[2]
  }

  /// The convolution in the other direction, if the output has so few channels that the same holds for it.
  func reversedOfFewOutputs(lanes: Int) -> ConvolutionGeometry? {
    guard outputChannels < lanes, let reversed, reversed.overlapsInputGradient(lanes: lanes) else {
      return nil
    }
    return reversed
  }

  /// Whether the filter's gradient is small enough to be summed in place by all parts of the grid, of which long
  /// rows make many; and its columns, the output's channels, not the worse ones for vectors of `lanes`. Where windows are
  /// the places, nothing need be packed for a plain product, which does better.
  func sumsFilterGradientInPlace(lanes: Int) -> Bool {
    !forwardWindows.areThePlaces && canBeReadInPlace && (8...1 << 12).contains(outputSize[2])
      && tapCount * inputChannels * outputChannels <= 1 << 16
      && (outputChannels >= lanes || inputChannels < lanes)
  }
}

extension ConvolutionOfReals {
  static let mostParts = 64
  /// The places of an image that all of a filter passes by at once, where that is free to choose: many, as the filter
  /// may come from the third cache each time, but no more than the second one holds.
  private static let mostOfRow = (places: 100, byteCount: 400 << 10)
  /// Of a filter's gradient, whose parts are added up.
  static let mostSums = 16

  /// Elements of a vector.
  var lanes: Int { 64 / blocks.byteCount }
  func wholeVectors(_ count: Int) -> Int { count.roundedUp(toMultipleOf: lanes) }
  private var tileColumns: Int { Int(blocks.kernels.tile_columns) }

  /// Elements of the rows of an image that `places` windows of a row read.
  func scratchCount(places: Int, stride: Int, channels: Int) -> Int {
    let reach = geometry.windowReach
    let rows = reach[0] * (reach[1] + Int(ADJOINT_ROWS_AT_ONCE) - 1)
    return rows * ((places - 1) * stride + reach[2]) * channels
  }

  /// The windows times the filter; `transposes` the filter's channels, which is to go from output to input.
  func multiplyInPlace(
    _ windows: ConvolutionWindows, image: Region, filter: Region, epilogue: Epilogue, into output: Region,
    transposes: Bool = false
  ) {
    let channels = transposes ? geometry.outputChannels : geometry.inputChannels
    let columns = transposes ? geometry.inputChannels : geometry.outputChannels
    let epilogue = epilogue.of(output, rows: windows.count, rowByteCount: columns * blocks.byteCount)
    let windows = windows.inRows(
      ofAtMost: min(Self.mostOfRow.places, Self.mostOfRow.byteCount / (channels * blocks.byteCount)))
    forEachPart(
      of: windows, image: image, filter: filter, transposes: transposes,
      work: geometry.tapCount * channels * wholeVectors(columns),
      scratchCount: { scratchCount(places: $0, stride: windows.axes[2].stride, channels: channels) }
    ) { windows, part, panels, scratch in
      kernels.multiply_in_place(
        windows, part, columns, panels, epilogue.forKernels, output.pointer, columns, scratch)
    }
  }

  /// Calls `multiply` with each part of the windows' grid, all of the filter as panels with its rows in the windows'
  /// order, and memory for as many elements as the places of a part want. `work` is that of one place.
  func forEachPart(
    of windows: ConvolutionWindows, image: Region, filter: Region, transposes: Bool, work: Int,
    scratchCount: (_ places: Int) -> Int,
    _ multiply: (UnsafePointer<AdjointWindows>, AdjointGridPart, AdjointPanels, UnsafeMutableRawPointer) ->
      Void
  ) {
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let (channels, columns) = transposes ? (outputs, inputs) : (inputs, outputs)
    let inner = geometry.tapCount * channels
    let packed = Buffer(byteCount: inner * blocks.paddedColumns(columns) * blocks.byteCount)
    defer { withExtendedLifetime(packed) {} }
    let panels = FilterBlocks(
      blocks: blocks,
      matrix: AdjointMatrix(
        data: filter.pointer, row_step: transposes ? 1 : outputs, column_step: transposes ? outputs : 1),
      tapStep: inputs * outputs, taps: windows.filterTaps(kernelSize: geometry.kernelSize), channels: channels
    ).allPanels(rows: inner, columns: columns, scratch: packed.pointer)
    let places = windows.axes[2].gridSize
    let cut = GridCut(rows: windows.count / places, places: places, work: work, mostParts: Self.mostParts)
    let windows = windows.over(image.pointer, imageChannels: channels, channels: channels)
    cut.forEachPart(scratchByteCount: scratchCount(cut.placeCount) * blocks.byteCount) { _, part, scratch in
      withUnsafePointer(to: windows) { multiply($0, part, panels, scratch) }
    }
  }

  /// Parts of the grid sum their windows apart, then the sums are added in their order.
  func filterGradientInPlace(input: Region, outputGradient: Region, into filterGradient: Region) {
    let columns = geometry.outputChannels, paddedColumns = wholeVectors(columns)
    let channels = geometry.inputChannels
    let rows = geometry.tapCount * channels
    let cut = GridCut(
      batch: geometry.batch, size: geometry.outputSize, work: rows * paddedColumns, mostParts: Self.mostSums)
    let sums = blocks.summedParts(cut.count, rows: rows, columns: paddedColumns)
    defer { withExtendedLifetime(sums) {} }
    let windows = geometry.forwardWindows.over(input.pointer, imageChannels: channels, channels: channels)
    let count = scratchCount(places: cut.placeCount, stride: geometry.strides[2], channels: channels)
    cut.forEachPart(scratchByteCount: count * blocks.byteCount) { index, part, scratch in
      withUnsafePointer(to: windows) {
        kernels.filter_gradient_in_place(
          $0, part, columns, outputGradient.pointer, columns, sums.place(of: index), scratch)
      }
    }
    sums.add(into: sums.place(of: 0), step: paddedColumns)
    for row in 0..<rows {
      (filterGradient.pointer + row * columns * blocks.byteCount).copyMemory(
        from: sums.place(of: 0) + row * paddedColumns * blocks.byteCount,
        byteCount: columns * blocks.byteCount)
    }
  }

  /// What the taps of whole rows bring to the input, added up where it overlaps.
  func inputGradientInPlace(
    outputGradient: Region, filter: Region, epilogue: Epilogue, into inputGradient: Region
  ) {
    let channels = geometry.inputChannels
    let outputs = geometry.outputChannels
    let paddedColumns = wholeVectors(geometry.kernelSize[2] * channels)
    let (packed, panels) = transposedTapRows(filter)
    defer { withExtendedLifetime(packed) {} }
    let windows = geometry.forwardWindows.over(
      inputGradient.pointer, imageChannels: channels, channels: channels)
    let cut = GridCut(
      batch: geometry.batch, size: geometry.inputSize,
      work: geometry.tapCount / geometry.kernelSize[2] * outputs * paddedColumns / geometry.strides[1]
        / geometry.strides[2],
      mostParts: Self.mostParts)
    let gridPlaces = min(
      geometry.outputSize[2], (cut.placeCount + geometry.kernelSize[2]) / geometry.strides[2] + 2)
    let scratchCount = gridPlaces * (paddedColumns + lanes) + 4 * lanes + 2 * channels
    cut.forEachPart(scratchByteCount: scratchCount * blocks.byteCount) { _, part, scratch in
      withUnsafePointer(to: windows) {
        kernels.input_gradient_in_place(
          $0, part, outputGradient.pointer, outputs, panels, epilogue.forKernels, inputGradient.pointer,
          scratch)
      }
    }
  }

  /// For each row of taps a matrix from the output's channels to its taps and input channels, packed.
  private func transposedTapRows(_ filter: Region) -> (Buffer, AdjointPanels) {
    let outputs = geometry.outputChannels
    let columns = geometry.kernelSize[2] * geometry.inputChannels
    let tapRows = geometry.kernelSize[0] * geometry.kernelSize[1]
    let packed = Buffer(
      byteCount: tapRows * outputs * blocks.paddedColumns(columns) * blocks.byteCount)
    let panelStep = tapRows * outputs * tileColumns
    for row in 0..<tapRows {
      blocks.kernels.pack_columns(
        outputs, columns,
        AdjointMatrix(
          data: filter.pointer + row * columns * outputs * blocks.byteCount, row_step: 1,
          column_step: outputs),
        packed.pointer + row * outputs * tileColumns * blocks.byteCount, panelStep)
    }
    return (packed, AdjointPanels(data: packed.pointer, inner_step: tileColumns, panel_step: panelStep))
  }
}
