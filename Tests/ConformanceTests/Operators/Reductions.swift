import AdjointAutodiff

extension OperatorTable {
  static let linearAlgebra: [String: Entry] = [
    "matmul": { try [$0.x.matrixProduct($0.y)] },
    "dense": { try [$0.x.matrixProduct($0.weight, bias: $0.bias)] },
    "outer": { try [$0.x.expandedDimensions(at: 1) * $0.y] },
    "embedding": { try [$0.table.taken(at: $0.indices)] },
  ]

  static let reductions: [String: Entry] = [
    "sum": { try [$0.x.sum(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "mean": { try [$0.x.mean(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "max": { try [$0.x.max(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "min": { try [$0.x.min(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "product": { try [$0.x.product(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "logSumExp": { try [$0.x.logSumExp(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "l1Norm": { try [$0.x.l1Norm(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "l2Norm": { try [$0.x.l2Norm(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "variance": { try [$0.x.variance(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "varianceUnbiased": { try [$0.x.variance(axes: $0.axes, isUnbiased: true, keepsAxes: $0.keepsAxes)] },
    "standardDeviation": { try [$0.x.standardDeviation(axes: $0.axes, keepsAxes: $0.keepsAxes)] },
    "cumulativeSum": { try [$0.x.cumulativeSum(axis: $0.axis)] },
    "argmax": { try [$0.x.argmax(axis: $0.axis)] },
    "argmin": { try [$0.x.argmin(axis: $0.axis)] },
    "softmax": { try [$0.x.softmax(axis: $0.axis)] },
    "logSoftmax": { try [$0.x.logSoftmax(axis: $0.axis)] },
    "topK": {
      let (values, indices) = try $0.x.topK($0.attributes.integer("k"), axis: $0.axis)
      return [values, indices]
    },
    "sort": {
      let (values, indices) = try $0.x.sorted(axis: $0.axis, isDescending: $0.attributes.truth("descending"))
      return [values, indices]
    },
  ]
}

extension OperatorCall {
  var axis: Int { get throws { try attributes.integer("axis") } }
  var axes: [Int] { get throws { try attributes.integers("axes") } }
  var keepsAxes: Bool { get throws { try attributes.truth("keepDims") } }
}
