/// The sizes of a convolution. Triples are depth, height and width; with fewer spatial axes the first ones
/// are 1.
///
/// Images are laid out batch, depth, height, width, channels; filters depth, height, width, input channels of
/// one group, output channels.
package struct ConvolutionGeometry: Hashable, Sendable {
  package var batch: Int
  package var inputSize: SIMD3<Int>
  package var inputChannels: Int
  package var kernelSize: SIMD3<Int>
  package var outputSize: SIMD3<Int>
  package var outputChannels: Int
  package var strides: SIMD3<Int>
  /// Zeros before each axis; how many follow it the output's size tells.
  package var paddingBefore: SIMD3<Int>
  package var dilations: SIMD3<Int>
  package var groups: Int

  package init(
    batch: Int, inputSize: SIMD3<Int>, inputChannels: Int, kernelSize: SIMD3<Int>, outputSize: SIMD3<Int>,
    outputChannels: Int, strides: SIMD3<Int> = SIMD3(1, 1, 1), paddingBefore: SIMD3<Int> = SIMD3(0, 0, 0),
    dilations: SIMD3<Int> = SIMD3(1, 1, 1), groups: Int = 1
  ) {
    precondition(groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0)
    self.batch = batch
    self.inputSize = inputSize
    self.inputChannels = inputChannels
    self.kernelSize = kernelSize
    self.outputSize = outputSize
    self.outputChannels = outputChannels
    self.strides = strides
    self.paddingBefore = paddingBefore
    self.dilations = dilations
    self.groups = groups
  }

  var inputChannelsOfGroup: Int { inputChannels / groups }
  var outputChannelsOfGroup: Int { outputChannels / groups }
  var tapCount: Int { kernelSize[0] * kernelSize[1] * kernelSize[2] }
  var inputPlaces: Int { batch * inputSize[0] * inputSize[1] * inputSize[2] }
  var outputPlaces: Int { batch * outputSize[0] * outputSize[1] * outputSize[2] }

  /// Whether each channel has one filter of its own.
  var isDepthwise: Bool { groups > 1 && groups == inputChannels && groups == outputChannels }

  /// Without strides, the convolution in the other direction: from images like the output to images like the input,
  /// with the filter's taps in the opposite order and its channels exchanged. Its gradient of the input is this one's
  /// output, and the filters' gradients are reversed as the filters are.
  var reversed: ConvolutionGeometry? {
    guard strides == SIMD3(1, 1, 1) else { return nil }
    return ConvolutionGeometry(
      batch: batch, inputSize: outputSize, inputChannels: outputChannels, kernelSize: kernelSize,
      outputSize: inputSize, outputChannels: inputChannels,
      paddingBefore: (kernelSize &- 1) &* dilations &- paddingBefore, dilations: dilations, groups: groups)
  }

  /// The windows that the output's places read from the input.
  var forwardWindows: ConvolutionWindows {
    ConvolutionWindows(
      batch: batch,
      axes: (0..<3).map { axis in
        WindowAxis(
          imageSize: inputSize[axis], gridSize: outputSize[axis], stride: strides[axis],
          taps: Array(0..<kernelSize[axis]), firstOffset: -paddingBefore[axis], offsetStep: dilations[axis],
          outputSize: outputSize[axis], outputFirst: 0, outputStep: 1)
      })
  }

  /// The windows that the input's places read from the output's gradient. Places whose distance is a multiple
  /// of the stride meet the same taps; each such phase is a convolution of its own, without strides.
  var gradientWindows: [ConvolutionWindows] {
    let phases = (0..<3).map { axis in
      (0..<min(strides[axis], inputSize[axis])).map { gradientAxis(axis, phase: $0) }
    }
    return phases[0].flatMap { depth in
      phases[1].flatMap { height in
        phases[2].map { ConvolutionWindows(batch: batch, axes: [depth, height, $0]) }
      }
    }
  }

  private func gradientAxis(_ axis: Int, phase: Int) -> WindowAxis {
    let stride = strides[axis]
    func distance(_ tap: Int) -> Int { phase + paddingBefore[axis] - tap * dilations[axis] }
    // From the last tap on, the places read lie in ascending order.
    let taps = (0..<kernelSize[axis]).reversed().filter { distance($0) % stride == 0 }
    let offsets = taps.map { distance($0) / stride }
    return WindowAxis(
      imageSize: outputSize[axis], gridSize: (inputSize[axis] - phase).dividedUp(by: stride), stride: 1,
      taps: taps, firstOffset: offsets.first ?? 0,
      offsetStep: offsets.count > 1 ? offsets[1] - offsets[0] : 1,
      outputSize: inputSize[axis], outputFirst: phase, outputStep: stride)
  }
}
