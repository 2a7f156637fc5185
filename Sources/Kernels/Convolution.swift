import CAdjointKernels

/// Convolution with channels last, as matrix products whose operands are read from the images directly.
package enum Convolution {
  /// Each output place is the sum over the filter's taps and the input's channels; the epilogue's columns are
  /// the output's channels.
  ///
  /// In float32, Winograd's method is used where it is faster, unless it is not allowed: it rounds more.
  package static func forward(
    input: Region, filter: Region, epilogue: Epilogue = Epilogue(), into output: Region,
    geometry: ConvolutionGeometry, type: ElementType, allowsWinograd: Bool = true
  ) {
    if allowsWinograd, type == .float32, let winograd = WinogradConvolution(geometry: geometry) {
      return winograd.run(image: input, filter: filter, epilogue: epilogue, into: output)
    }
    let operation = ConvolutionOfReals(geometry: geometry, type: type)
    if geometry.isDepthwise {
      operation.depthwise(
        geometry.forwardWindows, image: input, filter: filter, epilogue: epilogue, into: output)
    } else if geometry.fitsSmallGroups(lanes: operation.lanes) {
      operation.multiplySmallGroups(input: input, filter: filter, epilogue: epilogue, into: output)
    } else if geometry.fitsPlanes(lanes: operation.lanes) {
      operation.multiplyPlanes(
        geometry.forwardWindows, image: input, filter: filter, epilogue: epilogue, into: output)
    } else if let reversed = geometry.reversedOfFewOutputs(lanes: operation.lanes) {
      let reversedFilter = operation.reversed(filter)
      ConvolutionOfReals(geometry: reversed, type: type).inputGradientInPlace(
        outputGradient: input, filter: reversedFilter, epilogue: epilogue, into: output)
    } else if geometry.readsWindowsInPlace {
      operation.multiplyInPlace(
        geometry.forwardWindows, image: input, filter: filter, epilogue: epilogue, into: output)
    } else {
      operation.product(
        geometry.forwardWindows, image: input, filter: filter, epilogue: epilogue, into: output)
    }
  }

  /// The gradient of the input; as a function of `outputGradient` it is the transposed convolution, to which
  /// the epilogue belongs, whose columns are the input's channels.
  package static func inputGradient(
    outputGradient: Region, filter: Region, epilogue: Epilogue = Epilogue(), into inputGradient: Region,
    geometry: ConvolutionGeometry, type: ElementType, allowsWinograd: Bool = true
  ) {
    if allowsWinograd, type == .float32,
      let winograd = WinogradConvolution(geometry: geometry, transposes: true), winograd.applies(epilogue)
    {
      return winograd.run(image: outputGradient, filter: filter, epilogue: epilogue, into: inputGradient)
    }
    let operation = ConvolutionOfReals(geometry: geometry, type: type)
    if geometry.isDepthwise {
      for windows in geometry.gradientWindows {
        operation.depthwise(
          windows, image: outputGradient, filter: filter, epilogue: epilogue, into: inputGradient)
      }
    } else if let reversed = geometry.reversed, reversed.fitsSmallGroups(lanes: operation.lanes) {
      let reversedFilter = operation.reversed(filter)
      ConvolutionOfReals(geometry: reversed, type: type).multiplySmallGroups(
        input: outputGradient, filter: reversedFilter, epilogue: epilogue, into: inputGradient)
    } else if geometry.fitsPlanes(lanes: operation.lanes) {
      operation.multiplyPlanes(
        geometry.gradientWindows[0], image: outputGradient, filter: filter, epilogue: epilogue,
        into: inputGradient, transposes: true)
    } else if geometry.overlapsInputGradient(lanes: operation.lanes) {
      operation.inputGradientInPlace(
        outputGradient: outputGradient, filter: filter, epilogue: epilogue, into: inputGradient)
    } else {
      let multiply = geometry.readsGradientWindowsInPlace ? operation.multiplyInPlace : operation.product
      for windows in geometry.gradientWindows {
        multiply(windows, outputGradient, filter, epilogue, inputGradient, true)
      }
    }
  }

  package static func filterGradient(
    input: Region, outputGradient: Region, into filterGradient: Region, geometry: ConvolutionGeometry,
    type: ElementType, allowsWinograd: Bool = true
  ) {
    if allowsWinograd, type == .float32, let winograd = WinogradConvolution(geometry: geometry) {
      return WinogradFilterGradient(winograd).run(
        input: input, outputGradient: outputGradient, into: filterGradient)
    }
    let operation = ConvolutionOfReals(geometry: geometry, type: type)
    if geometry.isDepthwise {
      operation.depthwiseFilterGradient(
        input: input, outputGradient: outputGradient, into: filterGradient)
    } else if geometry.fitsSmallGroups(lanes: operation.lanes) {
      operation.filterGradientOfSmallGroups(
        input: input, outputGradient: outputGradient, into: filterGradient)
    } else if geometry.fitsPlanes(lanes: operation.lanes) {
      operation.filterGradientPlanes(input: input, outputGradient: outputGradient, into: filterGradient)
    } else if geometry.sumsFilterGradientInPlace(lanes: operation.lanes) {
      operation.filterGradientInPlace(input: input, outputGradient: outputGradient, into: filterGradient)
    } else if let reversed = geometry.reversed, reversed.sumsFilterGradientInPlace(lanes: operation.lanes) {
      let gradient = Region(Buffer(byteCount: operation.filterByteCount))
      ConvolutionOfReals(geometry: reversed, type: type).filterGradientInPlace(
        input: outputGradient, outputGradient: input, into: gradient)
      operation.reverse(gradient, into: filterGradient)
    } else {
      operation.filterGradient(input: input, outputGradient: outputGradient, into: filterGradient)
    }
  }
}

/// The parts that the convolutions of float32 and float64 are made of.
struct ConvolutionOfReals {
  let geometry: ConvolutionGeometry
  let blocks: MatmulBlocks
  let kernels: AdjointConvolution

  init(geometry: ConvolutionGeometry, type: ElementType) {
    precondition(type == .float32 || type == .float64, "no convolution of \(type)")
    self.geometry = geometry
    blocks = MatmulBlocks(type: type)
    let table = KernelTable.current.convolution
    kernels = (type == .float64 ? table.float64 : table.float32).pointee
  }

  private func windowBlocks(
    _ windows: ConvolutionWindows, _ image: Region, imageChannels: Int, group: Int
  ) -> any RowSource {
    let (first, channels) = channels(of: image, imageChannels: imageChannels, group: group)
    if windows.areThePlaces { return MatrixBlocks(blocks, MatrixView(first, rowStep: imageChannels)) }
    return WindowBlocks(
      blocks: blocks, kernels: kernels,
      windows: windows.over(first.pointer, imageChannels: imageChannels, channels: channels))
  }

  private func transposedWindows(_ windows: ConvolutionWindows, _ image: Region, group: Int) -> any RowSource
  {
    let imageChannels = geometry.inputChannels
    let (first, channels) = channels(of: image, imageChannels: imageChannels, group: group)
    if windows.areThePlaces {
      return MatrixBlocks(blocks, MatrixView(first, rowStep: imageChannels).transposed)
    }
    return TransposedWindowBlocks(
      blocks: blocks, kernels: kernels,
      windows: windows.over(first.pointer, imageChannels: imageChannels, channels: channels))
  }

  /// Where a group's channels begin in an image, and how many they are.
  private func channels(of image: Region, imageChannels: Int, group: Int) -> (first: Region, count: Int) {
    let count = imageChannels / geometry.groups
    return (Region(image.buffer, byteOffset: image.byteOffset + group * count * blocks.byteCount), count)
  }

  /// Calls `body` with each group; on all threads where the groups' products have too little work for them.
  private func forEachGroup(work: Int, _ body: (Int) -> Void) {
    if work < MatmulCut.workOfManyPieces {
      ThreadPool.shared.run(pieces: geometry.groups, body)
    } else {
      for group in 0..<geometry.groups { body(group) }
    }
  }

  /// The windows times the filter; `transposes` the filter's channels, which is to go from output to input.
  func product(
    _ windows: ConvolutionWindows, image: Region, filter: Region, epilogue: Epilogue, into output: Region,
    transposes: Bool = false
  ) {
    let ofInput = geometry.inputChannelsOfGroup, ofOutput = geometry.outputChannelsOfGroup
    let (channels, columns) = transposes ? (ofOutput, ofInput) : (ofInput, ofOutput)
    let rows = windows.count
    let inner = windows.tapCount * channels
    guard rows > 0, columns > 0 else { return }
    let taps = windows.filterTaps(kernelSize: geometry.kernelSize)
    let places = windows.places(outputChannels: columns * geometry.groups)
    let cut = MatmulCut(rows: rows, columns: columns, inner: inner, columnCount: blocks.columnCount)
    forEachGroup(work: rows * columns * inner) { group in
      let image = windowBlocks(windows, image, imageChannels: channels * geometry.groups, group: group)
      let step = geometry.outputChannels
      let packed = PackedColumns(blocks, inner: inner, columns: columns)
      defer { withExtendedLifetime(packed) {} }
      packed.fill(
        from: FilterBlocks(
          blocks: blocks,
          matrix: AdjointMatrix(
            data: filter.pointer + group * ofOutput * blocks.byteCount, row_step: transposes ? 1 : step,
            column_step: transposes ? step : 1),
          tapStep: ofInput * step, taps: taps, channels: channels),
        inner: inner, columns: columns)
      let offset = group * columns * blocks.byteCount
      ThreadPool.shared.run(pieces: cut.pieces) { piece in
        blocks.multiply(
          image, packed, into: output.pointer + offset, at: places, rows: cut.rows(piece),
          columns: cut.columns(piece), inner: 0..<inner,
          epilogue: epilogue.forKernels.advanced(byBytes: offset))
      }
    }
  }

  /// The filter's gradient is the product of the transposed windows and the output's gradient: that way around
  /// both are read along their channels, and the product lies as the filter does.
  func filterGradient(input: Region, outputGradient: Region, into filterGradient: Region) {
    let windows = geometry.forwardWindows
    let rows = geometry.tapCount * geometry.inputChannelsOfGroup
    let columns = geometry.outputChannelsOfGroup
    let inner = windows.count
    guard rows > 0, columns > 0 else { return }
    forEachGroup(work: rows * columns * inner) { group in
      let offset = group * columns * blocks.byteCount
      let gradient = MatrixView(
        Region(outputGradient.buffer, byteOffset: outputGradient.byteOffset + offset),
        rowStep: geometry.outputChannels)
      let parts = MatmulParts(rows: rows, columns: columns, inner: inner, blocks: blocks)
      parts.fill(
        transposedWindows(windows, input, group: group), MatrixBlocks(blocks, gradient))
      parts.sum(into: filterGradient.pointer + offset, step: geometry.outputChannels)
    }
  }
}
