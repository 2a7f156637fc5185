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
      from: reversed, into: lastTap(of: filter), strides: reversedStrides, sizes: reversedSizes,
      elementByteCount: blocks.byteCount)
  }

  private var reversedSizes: [Int] { [geometry.tapCount, geometry.outputChannels, geometry.inputChannels] }

  private var reversedStrides: [Int] {
    [-geometry.inputChannels * geometry.outputChannels, 1, geometry.outputChannels]
  }

  private func lastTap(of filter: Region) -> Region {
    let tapCount = geometry.inputChannels * geometry.outputChannels
    return Region(
      filter.buffer, byteOffset: filter.byteOffset + (geometry.tapCount - 1) * tapCount * blocks.byteCount)
  }
}
