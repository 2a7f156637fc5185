import AdjointAutodiff
import AdjointLayers

extension OperatorTable {
  static let normalization: [String: Entry] = [
    "batchNorm": batchNormalization,
    "batchNormInference": {
      try [
        $0.x.batchNormalized(
          mean: $0.mean, variance: $0.variance, scale: $0.scale, offset: $0.offset, epsilon: $0.epsilon)
      ]
    },
    "layerNorm": { try [$0.x.layerNormalized(scale: $0.scale, offset: $0.offset, epsilon: $0.epsilon)] },
    "rmsNorm": { try [$0.x.rmsNormalized(scale: $0.scale, epsilon: $0.epsilon)] },
    "groupNorm": {
      let groups = try $0.attributes.integer("groups")
      return try [
        $0.x.groupNormalized(groups: groups, scale: $0.scale, offset: $0.offset, epsilon: $0.epsilon)
      ]
    },
    "instanceNorm": {
      try [$0.x.instanceNormalized(scale: $0.scale, offset: $0.offset, epsilon: $0.epsilon)]
    },
    "localResponseNorm": {
      let (size, alpha) = try ($0.attributes.integer("size"), $0.attributes.number("alpha"))
      let (beta, k) = try ($0.attributes.number("beta"), $0.attributes.number("k"))
      return try [$0.x.localResponseNormalized(size: size, alpha: alpha, beta: beta, k: k)]
    },
  ]

  /// The running statistics are those that the layer keeps.
  private static let batchNormalization: Entry = { call in
    let layer = BatchNorm(
      channels: try call.scale.count, momentum: try call.attributes.number("momentum"),
      epsilon: try call.epsilon, dataType: call.dataType)
    _ = try layer(call.x)
    let (output, _, _) = try call.x.batchNormalized(
      scale: call.scale, offset: call.offset, epsilon: call.epsilon)
    return [output, layer.runningMean.value, layer.runningVariance.value]
  }
}

extension OperatorCall {
  fileprivate var epsilon: Double { get throws { try attributes.number("epsilon") } }
}
