import CAdjointKernels

extension ConvolutionGeometry {
  /// Whether both sides have so few channels that vectors of `lanes` hold places of a row better than channels of
  /// a place; with enough taps to repay the change of layout.
  func fitsPlanes(lanes: Int) -> Bool {
    canBeReadInPlace && strides == SIMD3(1, 1, 1) && max(inputChannels, outputChannels) <= lanes / 2
      && kernelSize[2] > 1 && tapCount >= 4 && min(inputSize[2], outputSize[2]) >= lanes / 2
      && tapCount * inputChannels * outputChannels <= 1 << 11
  }
}

extension ConvolutionOfReals {
  private func planeStep(places: Int) -> Int { wholeVectors(places + geometry.windowReach[2]) + lanes }

  /// The windows times the filter; `transposes` the filter's channels, which is to go from output to input.
  func multiplyPlanes(
    _ windows: ConvolutionWindows, image: Region, filter: Region, epilogue: Epilogue, into output: Region,
    transposes: Bool = false
  ) {
    let channels = transposes ? geometry.outputChannels : geometry.inputChannels
    let columns = transposes ? geometry.inputChannels : geometry.outputChannels
    let reach = geometry.windowReach
    forEachPart(
      of: windows, image: image, filter: filter, transposes: transposes,
      work: geometry.tapCount * channels * columns,
      scratchCount: { reach[0] * (reach[1] + Int(ADJOINT_PLANE_ROWS) - 1) * channels * planeStep(places: $0) }
    ) { windows, part, panels, scratch in
      kernels.multiply_planes(windows, part, columns, panels, epilogue.forKernels, output.pointer, scratch)
    }
  }

  /// Parts of the grid sum their windows apart, then the sums are added in their order.
  func filterGradientPlanes(input: Region, outputGradient: Region, into filterGradient: Region) {
    let (channels, columns) = (geometry.inputChannels, geometry.outputChannels)
    let reach = geometry.windowReach
    let rows = geometry.tapCount * channels
    let cut = GridCut(
      batch: geometry.batch, size: geometry.outputSize, work: rows * columns, mostParts: Self.mostSums)
    let sums = blocks.summedParts(cut.count, rows: rows, columns: columns)
    let windows = geometry.forwardWindows.over(input.pointer, imageChannels: channels, channels: channels)
    let rowCount = Int(ADJOINT_PLANE_ROWS)
    let planeCount = reach[0] * (reach[1] + rowCount - 1) * channels + rowCount * columns
    let count = planeCount * planeStep(places: cut.placeCount) + rows * columns * lanes
    cut.forEachPart(scratchByteCount: count * blocks.byteCount) { index, part, scratch in
      withUnsafePointer(to: windows) {
        kernels.filter_gradient_planes(
          $0, part, columns, outputGradient.pointer, sums.place(of: index), scratch)
      }
    }
    sums.add(into: filterGradient.pointer, step: columns)
  }
}
