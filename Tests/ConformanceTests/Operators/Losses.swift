import AdjointAutodiff

extension OperatorTable {
  static let losses: [String: Entry] = [
    "crossEntropy": {
      let smoothing =
        $0.attributes.contains("labelSmoothing") ? try $0.attributes.number("labelSmoothing") : 0
      return try [
        $0.logits.crossEntropy(
          labels: $0.labels, classWeights: $0.inputs["classWeights"], labelSmoothing: smoothing,
          ignoredLabel: $0.ignoredLabel, reduction: $0.reduction)
      ]
    },
    "crossEntropySoft": {
      try [$0.logits.crossEntropy(probabilities: $0.targets, reduction: $0.reduction)]
    },
    "negativeLogLikelihood": {
      try [$0.logProbabilities.negativeLogLikelihood(labels: $0.labels, reduction: $0.reduction)]
    },
    "binaryCrossEntropy": {
      try [$0.probabilities.binaryCrossEntropy(targets: $0.targets, reduction: $0.reduction)]
    },
    "binaryCrossEntropyWithLogits": {
      try [$0.logits.binaryCrossEntropyWithLogits(targets: $0.targets, reduction: $0.reduction)]
    },
    "klDivergence": {
      try [$0.logProbabilities.klDivergence(targets: $0.targets, reduction: $0.reduction)]
    },
    "meanSquaredError": {
      try [$0.predictions.meanSquaredError(targets: $0.targets, reduction: $0.reduction)]
    },
    "meanAbsoluteError": {
      try [$0.predictions.meanAbsoluteError(targets: $0.targets, reduction: $0.reduction)]
    },
    "huber": {
      let delta = try $0.attributes.number("delta")
      return try [$0.predictions.huberLoss(targets: $0.targets, delta: delta, reduction: $0.reduction)]
    },
    "smoothL1": {
      let beta = try $0.attributes.number("beta")
      return try [$0.predictions.smoothL1Loss(targets: $0.targets, beta: beta, reduction: $0.reduction)]
    },
    "hinge": { try [$0.scores.hingeLoss(signs: $0.signs, reduction: $0.reduction)] },
    "cosineEmbedding": {
      try [
        $0.x.cosineEmbeddingLoss(with: $0.y, signs: $0.signs, margin: $0.margin, reduction: $0.reduction)
      ]
    },
    "tripletMargin": {
      try [
        $0.anchor.tripletMarginLoss(
          positives: $0.positive, negatives: $0.negative, margin: $0.margin,
          epsilon: $0.attributes.number("epsilon"), reduction: $0.reduction)
      ]
    },
  ]
}

extension OperatorCall {
  fileprivate var margin: Double { get throws { try attributes.number("margin") } }

  fileprivate var ignoredLabel: Int? {
    get throws { attributes.contains("ignoredLabel") ? try attributes.integer("ignoredLabel") : nil }
  }
}
