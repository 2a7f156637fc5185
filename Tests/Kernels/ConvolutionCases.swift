import AdjointKernels
import Testing

extension ConvolutionGeometry {
  /// How many numbers may meet in one sum.
  var inputPlacesAndOutputPlaces: Int {
    batch * (inputSize[0] * inputSize[1] * inputSize[2] + outputSize[0] * outputSize[1] * outputSize[2])
  }
}

/// A convolution of random numbers, and what its definition says of it.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let geometry: ConvolutionGeometry

  init(
    _ name: String, batch: Int = 1, input: SIMD3<Int>, kernel: SIMD3<Int>, channels: (Int, Int),
    strides: SIMD3<Int> = SIMD3(1, 1, 1), before: SIMD3<Int> = SIMD3(0, 0, 0),
    after: SIMD3<Int> = SIMD3(0, 0, 0), dilations: SIMD3<Int> = SIMD3(1, 1, 1), groups: Int = 1
  ) {
    testDescription = name
    var output = SIMD3(0, 0, 0)
    for axis in 0..<3 {
      let reach = (kernel[axis] - 1) * dilations[axis]
      output[axis] = (input[axis] + before[axis] + after[axis] - reach - 1) / strides[axis] + 1
    }
    geometry = ConvolutionGeometry(
      batch: batch, inputSize: input, inputChannels: channels.0, kernelSize: kernel, outputSize: output,
      outputChannels: channels.1, strides: strides, paddingBefore: before, dilations: dilations,
      groups: groups)
  }

  static let all = [
    ConvolutionCase("one place", input: SIMD3(1, 1, 1), kernel: SIMD3(1, 1, 1), channels: (1, 1)),
    ConvolutionCase("1-D", batch: 3, input: SIMD3(1, 1, 40), kernel: SIMD3(1, 1, 5), channels: (3, 7)),
    ConvolutionCase(
      "1-D, rows of several parts", batch: 2, input: SIMD3(1, 1, 611), kernel: SIMD3(1, 1, 7),
      channels: (2, 3), strides: SIMD3(1, 1, 2), before: SIMD3(0, 0, 4), after: SIMD3(0, 0, 2)),
    ConvolutionCase("pointwise", batch: 2, input: SIMD3(1, 5, 7), kernel: SIMD3(1, 1, 1), channels: (19, 35)),
    ConvolutionCase(
      "pointwise, several rows as one", batch: 2, input: SIMD3(5, 6, 7), kernel: SIMD3(1, 1, 1),
      channels: (21, 37)),
    ConvolutionCase(
      "one channel", batch: 2, input: SIMD3(1, 13, 11), kernel: SIMD3(1, 5, 3), channels: (1, 6)),
    ConvolutionCase(
      "same padding", batch: 2, input: SIMD3(1, 9, 7), kernel: SIMD3(1, 3, 3), channels: (20, 33),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "uneven padding", batch: 2, input: SIMD3(1, 6, 9), kernel: SIMD3(1, 4, 2), channels: (5, 17),
      before: SIMD3(0, 0, 3), after: SIMD3(0, 4, 1)),
    ConvolutionCase(
      "strides that leave places over", batch: 2, input: SIMD3(1, 12, 11), kernel: SIMD3(1, 3, 5),
      channels: (4, 9), strides: SIMD3(1, 2, 3), before: SIMD3(0, 1, 2), after: SIMD3(0, 0, 2)),
    ConvolutionCase(
      "dilation", input: SIMD3(1, 11, 14), kernel: SIMD3(1, 3, 4), channels: (3, 5), before: SIMD3(0, 2, 1),
      after: SIMD3(0, 2, 3), dilations: SIMD3(1, 2, 3)),
    ConvolutionCase(
      "dilation and strides", input: SIMD3(1, 15, 17), kernel: SIMD3(1, 3, 4), channels: (3, 5),
      strides: SIMD3(1, 4, 3), before: SIMD3(0, 2, 4), after: SIMD3(0, 3, 3), dilations: SIMD3(1, 2, 2)),
    ConvolutionCase(
      "3-D", batch: 2, input: SIMD3(5, 4, 6), kernel: SIMD3(3, 2, 3), channels: (3, 5),
      strides: SIMD3(2, 1, 2), before: SIMD3(1, 0, 1), after: SIMD3(1, 1, 1)),
    ConvolutionCase(
      "groups", batch: 2, input: SIMD3(1, 7, 6), kernel: SIMD3(1, 3, 2), channels: (6, 15),
      strides: SIMD3(1, 2, 1), before: SIMD3(0, 1, 1), groups: 3),
    ConvolutionCase(
      "depthwise", batch: 2, input: SIMD3(1, 7, 9), kernel: SIMD3(1, 3, 5), channels: (83, 83),
      before: SIMD3(0, 1, 2), after: SIMD3(0, 1, 2), groups: 83),
    ConvolutionCase(
      "depthwise, rows of several tiles", input: SIMD3(1, 3, 22), kernel: SIMD3(1, 3, 3), channels: (53, 53),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1), groups: 53),
    ConvolutionCase(
      "depthwise, five taps", input: SIMD3(1, 6, 15), kernel: SIMD3(1, 5, 5), channels: (17, 17),
      before: SIMD3(0, 1, 2), after: SIMD3(0, 3, 2), groups: 17),
    ConvolutionCase(
      "depthwise, strides of two", input: SIMD3(1, 5, 21), kernel: SIMD3(1, 3, 3), channels: (37, 37),
      strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 0), groups: 37),
    ConvolutionCase(
      "depthwise, many rows at a time", batch: 2, input: SIMD3(1, 9, 22), kernel: SIMD3(1, 3, 3),
      channels: (53, 53), before: SIMD3(0, 1, 2), after: SIMD3(0, 1, 2), groups: 53),
    ConvolutionCase(
      "depthwise, many rows at a time with strides of two", batch: 2, input: SIMD3(1, 11, 19),
      kernel: SIMD3(1, 3, 3), channels: (37, 37), strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 2),
      after: SIMD3(0, 1, 1), groups: 37),
    ConvolutionCase(
      "depthwise, many narrow rows at a time", input: SIMD3(1, 10, 7), kernel: SIMD3(1, 3, 3),
      channels: (20, 20), before: SIMD3(0, 0, 1), groups: 20),
    ConvolutionCase(
      "depthwise, planes outside the image", input: SIMD3(2, 6, 9), kernel: SIMD3(1, 3, 3),
      channels: (19, 19),
      before: SIMD3(2, 1, 1), after: SIMD3(1, 1, 1), groups: 19),
    ConvolutionCase(
      "depthwise, planes that no window reads", batch: 2, input: SIMD3(5, 7, 8), kernel: SIMD3(2, 3, 3),
      channels: (17, 17), strides: SIMD3(2, 1, 1), groups: 17),
    ConvolutionCase(
      "planes outside the image", input: SIMD3(2, 6, 9), kernel: SIMD3(1, 3, 3), channels: (3, 19),
      before: SIMD3(2, 1, 1), after: SIMD3(1, 1, 1)),
    ConvolutionCase(
      "planes outside the image, many channels", input: SIMD3(2, 9, 8), kernel: SIMD3(1, 3, 3),
      channels: (37, 35),
      before: SIMD3(1, 1, 1), after: SIMD3(2, 1, 1)),
    ConvolutionCase(
      "depthwise, taps apart", input: SIMD3(1, 5, 19), kernel: SIMD3(1, 2, 3), channels: (18, 18),
      before: SIMD3(0, 0, 1), after: SIMD3(0, 1, 1), dilations: SIMD3(1, 1, 2), groups: 18),
    ConvolutionCase(
      "depthwise, seven taps of three channels", batch: 2, input: SIMD3(1, 1, 12), kernel: SIMD3(1, 1, 7),
      channels: (3, 3), before: SIMD3(0, 0, 3), after: SIMD3(0, 0, 3), groups: 3),
    ConvolutionCase(
      "depthwise with strides and dilation", batch: 2, input: SIMD3(3, 9, 8), kernel: SIMD3(2, 3, 2),
      channels: (5, 5), strides: SIMD3(1, 2, 3), before: SIMD3(1, 2, 1), after: SIMD3(0, 1, 0),
      dilations: SIMD3(2, 1, 2), groups: 5),
    ConvolutionCase(
      "depthwise with a multiplier", batch: 2, input: SIMD3(1, 5, 6), kernel: SIMD3(1, 3, 2),
      channels: (3, 6),
      before: SIMD3(0, 1, 0), groups: 3),
    ConvolutionCase(
      "in place, rows of several tiles", batch: 2, input: SIMD3(1, 4, 29), kernel: SIMD3(1, 3, 5),
      channels: (3, 6), before: SIMD3(0, 1, 2), after: SIMD3(0, 1, 2)),
    ConvolutionCase(
      "in place, several panels with a tail", batch: 2, input: SIMD3(1, 5, 9), kernel: SIMD3(1, 2, 3),
      channels: (7, 43), before: SIMD3(0, 1, 0), after: SIMD3(0, 0, 2)),
    ConvolutionCase(
      "in place, strides of two", batch: 2, input: SIMD3(1, 9, 14), kernel: SIMD3(1, 7, 7), channels: (3, 17),
      strides: SIMD3(1, 2, 2), before: SIMD3(0, 3, 3), after: SIMD3(0, 2, 3)),
    ConvolutionCase(
      "in place, strides longer than the kernel", input: SIMD3(1, 8, 23), kernel: SIMD3(1, 2, 2),
      channels: (2, 3), strides: SIMD3(1, 3, 5)),
    ConvolutionCase(
      "in place, long rows in parts", batch: 2, input: SIMD3(1, 1, 530), kernel: SIMD3(1, 1, 4),
      channels: (2, 5), before: SIMD3(0, 0, 3), after: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "in place, padding wider than the image", input: SIMD3(1, 2, 3), kernel: SIMD3(1, 3, 2),
      channels: (1, 4), before: SIMD3(0, 3, 2), after: SIMD3(0, 2, 5)),
    ConvolutionCase(
      "in place, 3-D and apart in depth and height", input: SIMD3(6, 7, 9), kernel: SIMD3(2, 3, 3),
      channels: (4, 8), strides: SIMD3(2, 1, 2), before: SIMD3(1, 2, 1), after: SIMD3(1, 0, 1),
      dilations: SIMD3(3, 2, 1)),
    ConvolutionCase(
      "in place, one tap in a row", input: SIMD3(1, 6, 8), kernel: SIMD3(1, 3, 1), channels: (5, 16),
      strides: SIMD3(1, 1, 2), before: SIMD3(0, 1, 0), after: SIMD3(0, 1, 0), dilations: SIMD3(1, 1, 4)),
    ConvolutionCase(
      "sliding, five taps in rows of several tiles", batch: 2, input: SIMD3(1, 13, 41),
      kernel: SIMD3(1, 4, 5), channels: (6, 16), before: SIMD3(0, 1, 2), after: SIMD3(0, 2, 1)),
    ConvolutionCase(
      "sliding, three taps", batch: 3, input: SIMD3(1, 10, 8), kernel: SIMD3(1, 2, 3), channels: (11, 7)),
    ConvolutionCase(
      "sliding, seven taps of few channels", batch: 2, input: SIMD3(1, 9, 17), kernel: SIMD3(1, 4, 7),
      channels: (2, 13), before: SIMD3(0, 0, 3), after: SIMD3(0, 1, 5)),
    ConvolutionCase(
      "sliding, seven taps after a wide tile", input: SIMD3(1, 8, 15), kernel: SIMD3(1, 3, 7),
      channels: (4, 36), before: SIMD3(0, 2, 0), after: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "sliding, one channel", batch: 2, input: SIMD3(1, 8, 19), kernel: SIMD3(1, 5, 3), channels: (1, 12),
      before: SIMD3(0, 2, 1), after: SIMD3(0, 1, 3)),
    ConvolutionCase(
      "sliding, slices in the padding", batch: 2, input: SIMD3(4, 6, 11), kernel: SIMD3(1, 3, 5),
      channels: (5, 14), before: SIMD3(1, 0, 2), after: SIMD3(2, 1, 0)),
    ConvolutionCase(
      "planes, one to six", batch: 3, input: SIMD3(1, 12, 28), kernel: SIMD3(1, 5, 5), channels: (1, 6),
      before: SIMD3(0, 2, 2), after: SIMD3(0, 2, 2)),
    ConvolutionCase(
      "planes, eight to one", batch: 2, input: SIMD3(1, 5, 37), kernel: SIMD3(1, 3, 2), channels: (8, 1),
      before: SIMD3(0, 0, 1), after: SIMD3(0, 2, 1)),
    ConvolutionCase(
      "planes, four to four of a row's parts", batch: 2, input: SIMD3(1, 2, 301), kernel: SIMD3(1, 2, 7),
      channels: (4, 4), before: SIMD3(0, 1, 6), after: SIMD3(0, 0, 4)),
    ConvolutionCase(
      "planes, 3-D and apart in depth and height", batch: 2, input: SIMD3(6, 19, 9), kernel: SIMD3(2, 3, 2),
      channels: (3, 2), before: SIMD3(1, 2, 1), after: SIMD3(2, 0, 3), dilations: SIMD3(3, 2, 1)),
    ConvolutionCase(
      "planes, rows below of seven taps in a row's parts", batch: 2, input: SIMD3(1, 11, 283),
      kernel: SIMD3(1, 7, 3), channels: (3, 2), before: SIMD3(0, 3, 1), after: SIMD3(0, 1, 0)),
    ConvolutionCase(
      "planes, rows below in three dimensions", batch: 2, input: SIMD3(3, 13, 21), kernel: SIMD3(2, 4, 5),
      channels: (5, 1), before: SIMD3(1, 2, 0), after: SIMD3(0, 1, 2)),
    ConvolutionCase(
      "planes, seven to two", batch: 2, input: SIMD3(1, 10, 19), kernel: SIMD3(1, 6, 2), channels: (7, 2),
      before: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "planes, padding wider than the image", input: SIMD3(1, 3, 8), kernel: SIMD3(1, 2, 9),
      channels: (2, 7), before: SIMD3(0, 1, 9), after: SIMD3(0, 3, 12)),
    ConvolutionCase(
      "planes, parts in the padding alone", input: SIMD3(1, 3, 20), kernel: SIMD3(1, 2, 3), channels: (1, 3),
      before: SIMD3(0, 1, 700), after: SIMD3(0, 0, 600)),
    ConvolutionCase(
      "reversed, to one channel", batch: 2, input: SIMD3(1, 9, 13), kernel: SIMD3(1, 3, 5), channels: (20, 1),
      before: SIMD3(0, 1, 2), after: SIMD3(0, 2, 1)),
    ConvolutionCase(
      "reversed, to three channels in a row's parts", batch: 2, input: SIMD3(1, 3, 290),
      kernel: SIMD3(1, 2, 3), channels: (17, 3), before: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "reversed, 3-D and apart in depth and height", input: SIMD3(6, 7, 11), kernel: SIMD3(2, 3, 4),
      channels: (18, 2), before: SIMD3(1, 2, 0), after: SIMD3(2, 1, 3), dilations: SIMD3(3, 2, 1)),
    ConvolutionCase(
      "reversed, padding wider than the kernel", batch: 2, input: SIMD3(1, 3, 9), kernel: SIMD3(1, 2, 3),
      channels: (19, 4), before: SIMD3(0, 4, 6), after: SIMD3(0, 3, 5)),
    ConvolutionCase(
      "groups of four", batch: 2, input: SIMD3(1, 6, 17), kernel: SIMD3(1, 2, 3), channels: (48, 48),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 0, 2), groups: 12),
    ConvolutionCase(
      "groups of eight with strides", batch: 2, input: SIMD3(1, 5, 11), kernel: SIMD3(1, 3, 2),
      channels: (32, 32), strides: SIMD3(1, 2, 3), before: SIMD3(0, 1, 0), groups: 4),
    ConvolutionCase(
      "groups of eight, padding wider than the kernel", input: SIMD3(1, 2, 5), kernel: SIMD3(1, 1, 3),
      channels: (16, 16), before: SIMD3(0, 2, 4), after: SIMD3(0, 1, 3), groups: 2),
    ConvolutionCase(
      "groups of four, 3-D and apart in depth and height", input: SIMD3(4, 6, 5), kernel: SIMD3(2, 3, 3),
      channels: (16, 16), before: SIMD3(1, 0, 1), after: SIMD3(2, 1, 0), dilations: SIMD3(3, 2, 1), groups: 4),
    ConvolutionCase(
      "several blocks", batch: 3, input: SIMD3(1, 17, 13), kernel: SIMD3(1, 3, 3), channels: (40, 10),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
  ]

  private func values(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int(state >> 40) % 513 - 256) / 256
    }
  }

  private var inputCount: Int { geometry.batch * product(geometry.inputSize) * geometry.inputChannels }
  private var outputCount: Int { geometry.batch * product(geometry.outputSize) * geometry.outputChannels }
  private var filterCount: Int {
    product(geometry.kernelSize) * geometry.inputChannels / geometry.groups * geometry.outputChannels
  }
  private func product(_ size: SIMD3<Int>) -> Int { size[0] * size[1] * size[2] }

  private var input: [Double] { values(inputCount, seed: 1) }
  private var filter: [Double] { values(filterCount, seed: 2) }
  private var outputGradient: [Double] { values(outputCount, seed: 3) }
  private var bias: [Double] { values(geometry.outputChannels, seed: 4) }
  private var addend: [Double] { values(outputCount, seed: 5) }
  private var scale: [Double] { values(geometry.outputChannels, seed: 7) }
  private var inputBias: [Double] { values(geometry.inputChannels, seed: 6) }

  /// The output, the output with all of an epilogue and with some of it, the input's gradient without and with a
  /// bias, and the filter's gradient.
  func computed(_ type: ElementType, allowsWinograd: Bool = true) -> [(name: String, values: [Double])] {
    let (input, filter) = (Region(input, type), Region(filter, type))
    let outputGradient = Region(outputGradient, type)
    func result(_ name: String, _ count: Int, _ body: (Region) -> Void) -> (name: String, values: [Double]) {
      // What follows the result must be left alone.
      let region = Region([Double](repeating: 99, count: count + 32), type)
      body(region)
      #expect(region.doubles(count + 32, type)[count...].allSatisfy { $0 == 99 }, "after the \(name)")
      return (name, region.doubles(count, type))
    }
    return [
      result("output", outputCount) {
        Convolution.forward(
          input: input, filter: filter, epilogue: Epilogue(bias: Region(bias, type)), into: $0,
          geometry: geometry, type: type, allowsWinograd: allowsWinograd)
      },
      result("output with its epilogue", outputCount) {
        Convolution.forward(
          input: input, filter: filter,
          epilogue: Epilogue(
            scale: Region(scale, type), bias: Region(bias, type), addend: Region(addend, type),
            rectifies: true),
          into: $0, geometry: geometry, type: type, allowsWinograd: allowsWinograd)
      },
      result("scaled output", outputCount) {
        Convolution.forward(
          input: input, filter: filter, epilogue: Epilogue(scale: Region(scale, type), rectifies: true),
          into: $0, geometry: geometry, type: type, allowsWinograd: allowsWinograd)
      },
      result("input gradient", inputCount) {
        Convolution.inputGradient(
          outputGradient: outputGradient, filter: filter, into: $0, geometry: geometry, type: type,
          allowsWinograd: allowsWinograd)
      },
      result("transposed convolution", inputCount) {
        Convolution.inputGradient(
          outputGradient: outputGradient, filter: filter, epilogue: Epilogue(bias: Region(inputBias, type)),
          into: $0, geometry: geometry, type: type, allowsWinograd: allowsWinograd)
      },
      result("filter gradient", filterCount) {
        Convolution.filterGradient(
          input: input, outputGradient: outputGradient, into: $0, geometry: geometry, type: type,
          allowsWinograd: allowsWinograd)
      },
    ]
  }

  func expected() -> [[Double]] {
    let (input, filter, outputGradient, bias, addend) = (input, filter, outputGradient, bias, addend)
    let (scale, channels) = (scale, geometry.outputChannels)
    var sums = [Double](repeating: 0, count: outputCount)
    var inputGradient = [Double](repeating: 0, count: inputCount)
    var filterGradient = [Double](repeating: 0, count: filterCount)
    forEachProduct { to, from, weight in
      sums[to] += input[from] * filter[weight]
      inputGradient[from] += outputGradient[to] * filter[weight]
      filterGradient[weight] += outputGradient[to] * input[from]
    }
    let inputBias = inputBias
    return [
      sums.enumerated().map { $1 + bias[$0 % channels] },
      zip(sums, addend).enumerated().map { place, values in
        max(0, values.0 * scale[place % channels] + bias[place % channels] + values.1)
      },
      sums.enumerated().map { max(0, $1 * scale[$0 % channels]) }, inputGradient,
      inputGradient.enumerated().map { $1 + inputBias[$0 % geometry.inputChannels] }, filterGradient,
    ]
  }

  /// Calls `body` with the places of the output, the input and the filter of each product in the definition.
  private func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let (g, kernel) = (geometry, geometry.kernelSize)
    let inputChannels = g.inputChannels / g.groups, outputChannels = g.outputChannels / g.groups
    for outputPlace in 0..<g.batch * product(g.outputSize) {
      for tap in 0..<product(kernel) {
        let (t, o) = (coordinates(tap, kernel), coordinates(outputPlace, g.outputSize))
        var inputPlace = outputPlace / product(g.outputSize)
        var isInside = true
        for axis in 0..<3 {
          let place = o[axis] * g.strides[axis] + t[axis] * g.dilations[axis] - g.paddingBefore[axis]
          isInside = isInside && (0..<g.inputSize[axis]).contains(place)
          inputPlace = inputPlace * g.inputSize[axis] + place
        }
        guard isInside else { continue }
        for to in 0..<g.outputChannels {
          for from in 0..<inputChannels {
            body(
              outputPlace * g.outputChannels + to,
              inputPlace * g.inputChannels + to / outputChannels * inputChannels + from,
              (tap * inputChannels + from) * g.outputChannels + to)
          }
        }
      }
    }
  }

  private func coordinates(_ index: Int, _ size: SIMD3<Int>) -> SIMD3<Int> {
    SIMD3(index / size[2] / size[1] % size[0], index / size[2] % size[1], index % size[2])
  }
}
