extension ConvolutionOfReals {
  var filterByteCount: Int {
    geometry.tapCount * geometry.inputChannelsOfGroup * geometry.outputChannels * blocks.byteCount
  }

  /// The filter of the convolution in the other direction.
  func reversed(_ filter: Region) -> Region {
    let result = Buffer(byteCount: filterByteCount)
    Copy.gather(
      from: lastTap(of: filter), strides: reversedStrides, sizes: reversedSizes, into: result,
      elementByteCount: blocks.byteCount)
    return Region(result)
  }

  /// Writes what is laid out as a filter of the convolution in the other direction as one of this.
  func reverse(_ reversed: Region, into filter: Region) {
    Copy.scatter(
      from: reversed, strides: Copy.contiguousStrides(of: reversedSizes), into: lastTap(of: filter),
      strides: reversedStrides, sizes: reversedSizes, elementByteCount: blocks.byteCount)
  }

  /// Taps, a group's outputs, groups and a group's inputs.
  private var reversedSizes: [Int] {
    [geometry.tapCount, geometry.outputChannelsOfGroup, geometry.groups, geometry.inputChannelsOfGroup]
  }

  private var reversedStrides: [Int] {
    [-elementsOfTap, 1, geometry.outputChannelsOfGroup, geometry.outputChannels]
  }

  private var elementsOfTap: Int { geometry.inputChannelsOfGroup * geometry.outputChannels }

  private func lastTap(of filter: Region) -> Region {
    Region(
      filter.buffer,
      byteOffset: filter.byteOffset + (geometry.tapCount - 1) * elementsOfTap * blocks.byteCount)
  }
}
