import AdjointAutodiff

extension OperatorTable {
  static let images: [String: Entry] = [
    "conv1d": convolution,
    "conv2d": convolution,
    "conv3d": convolution,
    "convTranspose1d": transposedConvolution,
    "convTranspose2d": transposedConvolution,
    "convTranspose3d": transposedConvolution,
    "upsampleNearest2d": { try [$0.x.upsampled(by: $0.extents("scale"))] },
    "upsampleBilinear2d": {
      let alignsCorners = try $0.attributes.truth("alignCorners")
      return try [$0.x.resized(to: $0.extents("outputSize"), .linear(alignsCorners: alignsCorners))]
    },
    "pixelShuffle": { try [$0.x.pixelShuffled(factor: $0.attributes.integer("factor"))] },
  ]

  static let pooling: [String: Entry] = [
    "maxPool1d": maxPooling,
    "maxPool2d": maxPooling,
    "maxPool3d": maxPooling,
    "avgPool1d": averagePooling,
    "avgPool2d": averagePooling,
    "avgPool3d": averagePooling,
    "globalAveragePool2d": { try [$0.x.globalAveragePooled()] },
    "globalMaxPool2d": { try [$0.x.globalMaxPooled()] },
    "adaptiveAveragePool2d": { try [$0.x.adaptiveAveragePooled(to: $0.extents("outputSize"))] },
    "adaptiveMaxPool2d": { try [$0.x.adaptiveMaxPooled(to: $0.extents("outputSize"))] },
  ]

  private static let convolution: Entry = { call in
    [
      try call.x.convolved(
        with: call.filter, bias: call.inputs["bias"], strides: call.extents("strides"),
        padding: call.attributes.padding("padding"), dilations: call.extents("dilations"),
        groups: call.attributes.integer("groups"))
    ]
  }

  private static let transposedConvolution: Entry = { call in
    [
      try call.x.transposeConvolved(
        with: call.filter, bias: call.inputs["bias"], strides: call.extents("strides"),
        padding: call.attributes.padding("padding"), outputPadding: call.extents("outputPadding"),
        dilations: call.extents("dilations"), groups: call.attributes.integer("groups"))
    ]
  }

  private static let maxPooling: Entry = { call in
    [
      try call.x.maxPooled(
        kernelSize: call.extents("kernelSize"), strides: call.extents("strides"),
        padding: call.attributes.padding("padding"))
    ]
  }

  private static let averagePooling: Entry = { call in
    [
      try call.x.averagePooled(
        kernelSize: call.extents("kernelSize"), strides: call.extents("strides"),
        padding: call.attributes.padding("padding"),
        countsPadding: call.attributes.truth("countIncludesPadding"))
    ]
  }
}

extension OperatorCall {
  fileprivate func extents(_ name: String) throws -> Extents {
    Extents(try attributes.integers(name))
  }
}
