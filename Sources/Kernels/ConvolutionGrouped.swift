import CAdjointKernels

extension ConvolutionGeometry {
  /// Whether groups are so small that several fill a vector of `lanes`: those of 4 channels, or 8, as many in as out.
  func fitsSmallGroups(lanes: Int) -> Bool {
    groups > 1 && inputChannels == outputChannels && inputChannels.isMultiple(of: lanes)
      && [4, 8].contains(inputChannelsOfGroup) && inputChannelsOfGroup < lanes && hasRunsInPlace
  }
}

extension ConvolutionOfReals {
  private func gridCut(mostParts: Int) -> GridCut {
    GridCut(
      batch: geometry.batch, size: geometry.outputSize,
      work: geometry.tapCount * geometry.inputChannelsOfGroup * geometry.outputChannels, mostParts: mostParts)
  }

  private func scratchByteCount(_ cut: GridCut) -> Int {
    scratchCount(places: cut.placeCount, stride: geometry.strides[2], channels: geometry.inputChannels)
      * blocks.byteCount
  }

  func multiplySmallGroups(input: Region, filter: Region, epilogue: Epilogue, into output: Region) {
    let channels = geometry.inputChannels
    let windows = geometry.forwardWindows.over(input.pointer, imageChannels: channels, channels: channels)
    let cut = gridCut(mostParts: Self.mostParts)
    cut.forEachPart(scratchByteCount: scratchByteCount(cut)) { _, part, scratch in
      withUnsafePointer(to: windows) {
        kernels.multiply_grouped(
          $0, part, geometry.inputChannelsOfGroup, filter.pointer, epilogue.forKernels, output.pointer,
          scratch)
      }
    }
  }

  /// Parts of the grid sum their windows apart, then the sums are added in their order.
  func filterGradientOfSmallGroups(input: Region, outputGradient: Region, into filterGradient: Region) {
    let channels = geometry.inputChannels
    let windows = geometry.forwardWindows.over(input.pointer, imageChannels: channels, channels: channels)
    let cut = gridCut(mostParts: Self.mostSums)
    let rows = geometry.tapCount * geometry.inputChannelsOfGroup
    let sums = blocks.summedParts(cut.count, rows: rows, columns: channels)
    cut.forEachPart(scratchByteCount: scratchByteCount(cut)) { index, part, scratch in
      withUnsafePointer(to: windows) {
        kernels.grouped_filter_gradient(
          $0, part, geometry.inputChannelsOfGroup, outputGradient.pointer, sums.place(of: index), scratch)
      }
    }
    sums.add(into: filterGradient.pointer, step: channels)
  }
}
