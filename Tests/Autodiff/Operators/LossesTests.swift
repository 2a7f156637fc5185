import AdjointAutodiff
import TestSupport
import Testing

@Suite struct LossesTests {
  static let all: [OperatorCase] =
    differences(.none) + probabilities(.none) + margins(.none) + classes(.none) + classes(.mean)

  static func differences(_ reduction: LossReduction) -> [OperatorCase] {
    let (x, y) = (sample([2, 3]), sample([2, 3], seed: 2))
    return [
      OperatorCase("meanSquaredError", x, y) { $0.meanSquaredError(targets: $1, reduction: reduction) },
      OperatorCase("meanAbsoluteError", x, y) { $0.meanAbsoluteError(targets: $1, reduction: reduction) },
      OperatorCase("huberLoss", x, y) { $0.huberLoss(targets: $1, delta: 0.7, reduction: reduction) },
      OperatorCase("smoothL1Loss", x, y) { $0.smoothL1Loss(targets: $1, beta: 0.7, reduction: reduction) },
    ]
  }

  static func probabilities(_ reduction: LossReduction) -> [OperatorCase] {
    let logits = sample([2, 3], in: -3..<3)
    let p = sample([2, 3], in: 0.1..<0.9)
    let targets = sample([2, 3], in: 0.1..<0.9, seed: 2)
    let weights = sample([3], in: 0.5..<2, seed: 3)
    let (images, masks) = (sample([2, 1, 3, 2], in: 0.1..<0.9), sample([2, 1, 3, 2], in: 0..<1, seed: 2))
    return [
      OperatorCase("binaryCrossEntropy", p, targets) {
        $0.binaryCrossEntropy(targets: $1, reduction: reduction)
      },
      OperatorCase("binaryCrossEntropyWithLogits", logits, targets) {
        $0.binaryCrossEntropyWithLogits(targets: $1, reduction: reduction)
      },
      OperatorCase("binaryCrossEntropyWithLogits, weighted", [logits, targets, weights]) {
        $0[0].binaryCrossEntropyWithLogits(targets: $0[1], positiveWeight: $0[2], reduction: reduction)
      },
      OperatorCase("focalLoss", logits, targets) { $0.focalLoss(targets: $1, reduction: reduction) },
      OperatorCase("focalLoss, no alpha", logits, targets) {
        $0.focalLoss(targets: $1, alpha: nil, gamma: 0.5, reduction: reduction)
      },
      OperatorCase("diceLoss", images, masks) { $0.diceLoss(targets: $1, reduction: reduction) },
      OperatorCase("diceLoss, by channel", images, masks) {
        $0.diceLoss(targets: $1, axes: [1, 2], smoothing: 0.1, reduction: reduction)
      },
      OperatorCase("klDivergence", logits, targets) { $0.klDivergence(targets: $1, reduction: reduction) },
    ]
  }

  static func classes(_ reduction: LossReduction) -> [OperatorCase] {
    let (logits, probabilities) = (sample([2, 3, 4]), sample([2, 3, 4], in: 0..<1, seed: 2))
    let labels = Tensor([[3, 0, 2], [1, 3, 3]])
    let weights = sample([4], in: 0.5..<1.5, seed: 3)
    return [
      OperatorCase("crossEntropy, all options", logits) {
        $0.crossEntropy(
          labels: labels, classWeights: weights.cast(to: $0.dataType), labelSmoothing: 0.2, ignoredLabel: 1,
          reduction: reduction)
      },
      OperatorCase("crossEntropy, probabilities", logits, probabilities) {
        $0.crossEntropy(probabilities: $1, reduction: reduction)
      },
      OperatorCase("crossEntropy, probabilities, all options", logits, probabilities) {
        $0.crossEntropy(
          probabilities: $1, classWeights: weights.cast(to: $0.dataType), labelSmoothing: 0.2,
          reduction: reduction)
      },
      OperatorCase("negativeLogLikelihood", logits) {
        $0.negativeLogLikelihood(labels: labels, reduction: reduction)
      },
      OperatorCase("negativeLogLikelihood, all options", logits) {
        $0.negativeLogLikelihood(
          labels: labels, classWeights: weights.cast(to: $0.dataType), ignoredLabel: 3, reduction: reduction)
      },
    ]
  }

  static func margins(_ reduction: LossReduction) -> [OperatorCase] {
    let (x, y, z) = (sample([4, 3]), sample([4, 3], seed: 2), sample([4, 3], seed: 3))
    let signs = Tensor([1, -1, -1, 1], dataType: .float64)
    return [
      OperatorCase("hingeLoss", sample([4])) {
        $0.hingeLoss(signs: signs.cast(to: $0.dataType), reduction: reduction)
      },
      OperatorCase("cosineEmbeddingLoss", x, y) {
        $0.cosineEmbeddingLoss(
          with: $1, signs: signs.cast(to: $0.dataType), margin: -0.3, reduction: reduction)
      },
      OperatorCase("tripletMarginLoss", [x, y, z]) {
        $0[0].tripletMarginLoss(positives: $0[1], negatives: $0[2], reduction: reduction)
      },
    ]
  }

  @Test(arguments: all) func lossesHaveBothDerivatives(_ loss: OperatorCase) { loss.check() }

  @Test func meanAndSumAreThoseOfTheSingleLosses() {
    let families = [Self.differences, Self.probabilities, Self.margins]
    for family in families {
      for (single, (mean, sum)) in zip(family(.none), zip(family(.mean), family(.sum))) {
        let losses = single.function(single.inputs)
        #expect(losses.rank > 0)
        #expect(mean.function(mean.inputs).isClose(to: losses.mean()), "\(single.name)")
        #expect(sum.function(sum.inputs).isClose(to: losses.sum()), "\(single.name)")
      }
    }
  }

  /// Sums are formed piece by piece, and so are their gradients.
  @Test(arguments: [DataType.float32, .float64]) func longSumsHaveAllTheirParts(_ type: DataType) {
    let (x, y) = (sample([3, 13_001]).cast(to: type), sample([3, 13_001], seed: 2).cast(to: type))
    for (single, whole) in zip(Self.differences(.none), Self.differences(.sum)) {
      func slopes(_ loss: OperatorCase, _ inputs: [Tensor]) -> (value: Tensor, slopes: [Tensor]) {
        let leaves = inputs.map { $0.withGradient() }
        let value = (loss.function(leaves) * 1.5).sum()
        return (value.detached(), gradients(of: value, withRespectTo: leaves))
      }
      let expected = slopes(single, [x, y])
      for inputs in [[x, y], [scattered(x), scattered(y)]] {
        let found = slopes(whole, inputs)
        #expect(found.value.isClose(to: expected.value), "\(whole.name)")
        for (slope, wanted) in zip(found.slopes, expected.slopes) {
          #expect(slope.isClose(to: wanted), "\(whole.name)")
        }
      }
    }
  }

  private func gradient(at x: Tensor, of loss: (Tensor) -> Tensor) -> Tensor {
    let leaf = x.withGradient()
    return gradients(of: loss(leaf).sum(), withRespectTo: [leaf])[0]
  }

  @Test func lossesAgreeWithTheirFormulas() {
    let x = Tensor([0.5, -2.0, 1.0])
    let y = Tensor([0.0, 1.0, 1.0])
    #expect(x.meanAbsoluteError(targets: y, reduction: .none).isClose(to: Tensor([0.5, 3.0, 0.0])))
    #expect(x.huberLoss(targets: y, delta: 2, reduction: .none).isClose(to: Tensor([0.125, 4.0, 0.0])))
    #expect(x.smoothL1Loss(targets: y, beta: 2, reduction: .sum).isClose(to: Tensor(2.0625)))
    #expect(
      x.hingeLoss(signs: Tensor([1, -1, -1.0]), reduction: .none).isClose(to: Tensor([0.5, 0.0, 2.0])))
    let masks = (Tensor([[1.0, 0, 1], [0, 0, 0]]), Tensor([[1.0, 1, 0], [0, 0, 0]]))
    #expect(masks.0.diceLoss(targets: masks.1, reduction: .none).isClose(to: Tensor([0.4, 0.0])))
    let anchors = Tensor([[0.0, 0], [0, 0]])
    let triplets = anchors.tripletMarginLoss(
      positives: Tensor([[3.0, 4], [0, 1]]), negatives: Tensor([[0.0, 2], [6, 8]]), epsilon: 0,
      reduction: .none)
    #expect(triplets.isClose(to: Tensor([4.0, 0.0])))
    let pairs = Tensor([[1.0, 0], [1, 0]])
    let cosines = pairs.cosineEmbeddingLoss(
      with: Tensor([[3.0, 4], [3, 4]]), signs: Tensor([1, -1.0]), margin: 0.1, reduction: .none)
    #expect(cosines.isClose(to: Tensor([0.4, 0.5])))
    // With alpha ½ and gamma 0, half of the plain cross-entropy.
    let focal = x.focalLoss(targets: y, alpha: 0.5, gamma: 0) * 2
    #expect(focal.isClose(to: x.binaryCrossEntropyWithLogits(targets: y)))
  }

  @Test func aDifferenceOfZeroHasNoSlope() {
    #expect(gradient(at: Tensor([2.0])) { $0.meanAbsoluteError(targets: Tensor([2.0])) }.scalar() == 0)
    #expect(gradient(at: Tensor([1.0])) { $0.hingeLoss(signs: Tensor([1.0])) }.scalar() == 0)
  }

  /// Their mean is a division by nothing, but none of it is theirs.
  @Test func rowsWithoutALabelHaveNoGradient() {
    let logits = Tensor([[1.0, 2, 0.5], [3, 4, -1]])
    func loss(_ x: Tensor) -> Tensor { x.crossEntropy(labels: Tensor([-100, -100]), ignoredLabel: -100) }
    #expect(loss(logits).scalar(as: Float.self).isNaN)
    for isRecorded in [false, true] {
      let x = logits.withGradient()
      let slopes = gradients(of: loss(x), withRespectTo: [x], createGraph: isRecorded)[0]
      #expect(slopes.scalars(as: Float.self) == [0, 0, 0, 0, 0, 0])
    }
  }

  @Test(arguments: [DataType.float32, .float64]) func smallProbabilitiesHaveTheirLosses(_ type: DataType) {
    let p = Tensor([1e-5, 1e-8, 0.25], dataType: type)
    let exact = Tensor([1.000_005_000_033e-5, 1.000_000_005e-8, 0.287_682_072_451_781], dataType: type)
    let losses = p.binaryCrossEntropy(targets: .zeros([3], dataType: type), reduction: .none)
    #expect(
      losses.isClose(to: exact, relativeTolerance: type == .float64 ? 1e-12 : 3e-7, absoluteTolerance: 0))
  }

  @Test func certainPredictionsHaveFiniteLosses() {
    let p = Tensor([0.0, 0, 1, 1])
    let y = Tensor([0.0, 1, 0, 1])
    #expect(p.binaryCrossEntropy(targets: y, reduction: .none).isClose(to: Tensor([0.0, 100, 100, 0])))
    #expect(
      gradient(at: p) { $0.binaryCrossEntropy(targets: y) }.isFinite().scalars(as: Bool.self).allSatisfy {
        $0
      })
  }

  @Test(arguments: [DataType.float32, .float64]) func largeLogitsKeepValuesAndGradients(_ type: DataType) {
    let x = Tensor([-1e4, -1e4, 1e4, 1e4, 0], dataType: type)
    let y = Tensor([0, 1, 0, 1, 1], dataType: type)
    let losses = x.binaryCrossEntropyWithLogits(targets: y, reduction: .none)
    let log2 = 0.693_147_180_559_945_3
    #expect(losses.isClose(to: Tensor([0, 1e4, 1e4, 0, log2], dataType: type)))
    let slopes = gradient(at: x) { $0.binaryCrossEntropyWithLogits(targets: y, reduction: .none) }
    #expect(slopes.isClose(to: Tensor([0, -1, 1, 0, -0.5], dataType: type)))
    let focal = x.focalLoss(targets: y, alpha: nil, gamma: 0.5, reduction: .none)
    #expect(focal.isClose(to: Tensor([0, 1e4, 1e4, 0, log2 * 0.5.squareRoot()], dataType: type)))
    #expect(
      gradient(at: x) { $0.focalLoss(targets: y, alpha: nil, gamma: 0.5) }.isFinite()
        .scalars(as: Bool.self).allSatisfy { $0 })
  }

  @Test(arguments: [DataType.float32, .float64]) func largeLogitsOfClassesAreExact(_ type: DataType) {
    let logits = Tensor([[1e4, -1e4, 0], [0, 0, 0]], dataType: type)
    let log3 = 1.098_612_288_668_109_8
    #expect(logits.softmax().isClose(to: Tensor([[1, 0, 0], [1 / 3.0, 1 / 3.0, 1 / 3.0]], dataType: type)))
    let logarithms = Tensor([[0, -2e4, -1e4], [-log3, -log3, -log3]], dataType: type)
    #expect(logits.logSoftmax().isClose(to: logarithms))
    let wanted = Tensor([[0, 1, 0], [0.5, 0, 0.5]], dataType: type)
    #expect(
      logits.crossEntropy(probabilities: wanted, reduction: .none)
        .isClose(to: Tensor([2e4, log3], dataType: type)))
    let slopes = gradient(at: logits) { $0.crossEntropy(probabilities: wanted, reduction: .sum) }
    #expect(
      slopes.isClose(to: Tensor([[1, -1, 0], [-1 / 6.0, 1 / 3.0, -1 / 6.0]], dataType: type)))
  }

  @Test func theWaysToSayACrossEntropyAgree() {
    let logits = sample([4, 5])
    let labels = Tensor([3, 0, 4, 1])
    let weights = sample([5], in: 0.5..<1.5, seed: 2)
    let oneHot = (labels.expandedDimensions(at: -1) .== Tensor.range(0..<5)).cast(to: .float64)
    for reduction in LossReduction.allCases {
      let loss = logits.crossEntropy(labels: labels, reduction: reduction)
      #expect(logits.crossEntropy(probabilities: oneHot, reduction: reduction).isClose(to: loss))
      #expect(
        logits.logSoftmax().negativeLogLikelihood(labels: labels, classWeights: weights, reduction: reduction)
          .isClose(to: logits.crossEntropy(labels: labels, classWeights: weights, reduction: reduction)))
    }
    #expect(
      logits.crossEntropy(probabilities: oneHot, labelSmoothing: 0.1)
        .isClose(to: logits.crossEntropy(labels: labels, labelSmoothing: 0.1)))
  }

  @Test func weightsAndIgnoredLabelsCountInTheMean() {
    let logits = sample([4, 3])
    let (labels, weights) = (Tensor([2, -7, 0, 2]), Tensor([0.5, 4, 3], dataType: .float64))
    for classWeights in [nil, weights] {
      let losses = logits.crossEntropy(
        labels: labels, classWeights: classWeights, ignoredLabel: -7, reduction: .none)
      let mean = logits.crossEntropy(labels: labels, classWeights: classWeights, ignoredLabel: -7)
      #expect(mean.isClose(to: losses.sum() / (classWeights == nil ? 3 : 6.5)))
    }
  }

  @Test func impossibleClassesThatDoNotCountHaveNoLoss() {
    let logarithms = Tensor([[0, -Double.infinity], [-.infinity, 0]])
    let losses = logarithms.negativeLogLikelihood(labels: Tensor([0, 1]), reduction: .none)
    #expect(losses.scalars(as: Double.self) == [0, 0])
    let divergence = logarithms.klDivergence(targets: Tensor([[1.0, 0], [0, 1]]), reduction: .sum)
    #expect(divergence.scalar(as: Double.self) == 0)
    #expect(
      gradient(at: logarithms) { $0.klDivergence(targets: Tensor([[1.0, 0], [0, 1]]), reduction: .sum) }
        .scalars(as: Double.self) == [-1, 0, 0, -1])
    let logits = Tensor([[3, -Double.infinity, 3], [-.infinity, 0, -.infinity]], dataType: .float64)
    let wanted = Tensor([[0.25, 0, 0.75], [0.0, 1, 0]], dataType: .float64)
    let entropies = logits.crossEntropy(probabilities: wanted, reduction: .none)
    #expect(entropies.isClose(to: Tensor([0.693_147_180_559_945_3, 0], dataType: .float64)))
    #expect(
      gradient(at: logits) { $0.crossEntropy(probabilities: wanted, reduction: .sum) }
        .isClose(to: Tensor([[0.25, 0, -0.25], [0, 0, 0]], dataType: .float64)))
  }

  @Test func equalVectorsHaveFiniteGradients() {
    let x = Tensor([[0.0, 0], [1, 2]])
    let near = gradient(at: x) {
      $0.tripletMarginLoss(positives: x, negatives: x, epsilon: 0, reduction: .sum)
    }
    let alike = gradient(at: x) {
      $0.cosineEmbeddingLoss(with: .zeros([2, 2]), signs: Tensor([1, -1.0]), margin: -1, reduction: .sum)
    }
    #expect(near.isClose(to: .zeros([2, 2])) && alike.isClose(to: .zeros([2, 2])))
  }

  @Test func noExamplesHaveALossOfZero() {
    let (x, y) = (Tensor.zeros([0, 3]).withGradient(), Tensor.zeros([0, 3]))
    let labels = Tensor.zeros([0], dataType: .int64)
    let losses = [
      x.huberLoss(targets: y, reduction: .sum), x.focalLoss(targets: y, reduction: .sum),
      x.diceLoss(targets: y, reduction: .sum), x.crossEntropy(probabilities: y, reduction: .sum),
      x.negativeLogLikelihood(labels: labels, reduction: .sum),
      x.tripletMarginLoss(positives: y, negatives: y, reduction: .sum),
      x.cosineEmbeddingLoss(with: y, signs: .zeros([0]), reduction: .sum),
    ]
    for loss in losses {
      #expect(loss.scalar(as: Double.self) == 0)
      loss.backward()
    }
    #expect(x.gradient!.shape == [0, 3])
  }

  @Test func meansOverNoRowsAreNotNumbers() {
    let logits = sample([2, 3])
    let ignored = Tensor([1, 1])
    #expect(logits.crossEntropy(labels: ignored, ignoredLabel: 1).isNaN().scalar())
    #expect(logits.negativeLogLikelihood(labels: ignored, ignoredLabel: 1).isNaN().scalar())
    #expect(
      logits.crossEntropy(labels: ignored, ignoredLabel: 1, reduction: .sum).scalar(as: Double.self) == 0)
  }

  @Test func whatIsNoProbabilityHasNoCrossEntropy() {
    let losses = Tensor([-0.1, 0.5, 1.1]).binaryCrossEntropy(
      targets: Tensor([0.25, 0.5, 0.75]), reduction: .none)
    #expect(losses.isNaN().scalars(as: Bool.self) == [true, false, true])
  }
}
