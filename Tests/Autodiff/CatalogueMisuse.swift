import AdjointAutodiff
import TestSupport

extension MisuseTests {
  /// Mistakes in elementwise operators, activations, losses and normalizations.
  static let catalogue: [Mistake] = [
    Mistake("erf: the type is not a floating-point one; given int64") { Tensor([1, 2]).erf() },
    Mistake("raised: the types differ; given float32 and float64") {
      Tensor([1.5]).raised(to: Tensor([2], dataType: .float64))
    },
    Mistake("atan2: shapes do not broadcast; given [2] and [3]") {
      Tensor.atan2(.ones([2]), .ones([3]))
    },
    Mistake("prelu: the slopes are not one number a channel; given slopes [2], input [2, 3]") {
      Tensor.ones([2, 3]).prelu(slopes: .ones([2]))
    },
    Mistake("huberLoss: targets are not like the predictions; given predictions [2, 3], targets [3]") {
      Tensor.ones([2, 3]).huberLoss(targets: .ones([3]))
    },
    Mistake("huberLoss: delta is out of range; given 0.0") {
      Tensor.ones([2]).huberLoss(targets: .ones([2]), delta: 0)
    },
    Mistake("smoothL1Loss: beta is out of range; given -1.0") {
      Tensor.ones([2]).smoothL1Loss(targets: .ones([2]), beta: -1)
    },
    Mistake("binaryCrossEntropy: the types differ; given float32 and int64") {
      Tensor.ones([2]).binaryCrossEntropy(targets: Tensor([0, 1]))
    },
    Mistake("binaryCrossEntropyWithLogits: the weight does not broadcast to the logits; given weight [2]") {
      Tensor.ones([2, 3]).binaryCrossEntropyWithLogits(targets: .ones([2, 3]), positiveWeight: .ones([2]))
    },
    Mistake("binaryCrossEntropyWithLogits: the types differ; given float32 and int64") {
      Tensor.ones([2]).binaryCrossEntropyWithLogits(targets: .ones([2]), positiveWeight: Tensor([1, 2]))
    },
    Mistake("diceLoss: no such axis; given axis 9 of shape [2, 3]") {
      Tensor.ones([2, 3]).diceLoss(targets: .ones([2, 3]), axes: [9])
    },
    Mistake("focalLoss: a number is out of range; given alpha 1.5, gamma 2.0") {
      Tensor.ones([2]).focalLoss(targets: .ones([2]), alpha: 1.5)
    },
    Mistake("negativeLogLikelihood: a label is not a class; given label \(Int.min) in row 0") {
      Tensor.ones([2, 3]).negativeLogLikelihood(labels: Tensor([Int.min, 0]))
    },
    Mistake("negativeLogLikelihood: a label is not a class; given label 3 in row 1") {
      Tensor.ones([2, 3]).negativeLogLikelihood(labels: Tensor([0, 3]))
    },
    Mistake("crossEntropy: the weights are not one number a class; given weights [2], logits [2, 3]") {
      Tensor.ones([2, 3]).crossEntropy(probabilities: .ones([2, 3]), classWeights: .ones([2]))
    },
    Mistake("cosineEmbeddingLoss: the signs are not one number a pair; given signs [3], vectors [2, 3]") {
      Tensor.ones([2, 3]).cosineEmbeddingLoss(with: .ones([2, 3]), signs: .ones([3]))
    },
    Mistake("layerNormalized: there are not so many axes; given 3 axes of shape [2, 3]") {
      Tensor.ones([2, 3]).layerNormalized(trailingAxes: 3)
    },
    Mistake("layerNormalized: there is nothing to normalize; given shape [2, 0]") {
      Tensor.ones([2, 0]).layerNormalized()
    },
    Mistake("layerNormalized: offset does not have the shape of the last axes; given offset [2]") {
      Tensor.ones([2, 3]).layerNormalized(offset: .zeros([2]))
    },
    Mistake("rmsNormalized: the types differ; given float32 and float64") {
      Tensor.ones([2, 3]).rmsNormalized(scale: .ones([3], dataType: .float64))
    },
    Mistake("groupNormalized: channels do not divide into groups; given 2 groups, input [1, 4, 3]") {
      Tensor.ones([1, 4, 3]).groupNormalized(groups: 2)
    },
    Mistake("instanceNormalized: there is nothing to normalize; given shape [2, 0, 3]") {
      Tensor.ones([2, 0, 3]).instanceNormalized()
    },
    Mistake("instanceNormalized: scale is not one number a channel; given scale [4], input [1, 4, 3]") {
      Tensor.ones([1, 4, 3]).instanceNormalized(scale: .ones([4]))
    },
    Mistake("localResponseNormalized: the size is too large; given \(1 << 40)") {
      Tensor.ones([2, 3]).localResponseNormalized(size: 1 << 40)
    },
    Mistake("localResponseNormalized: there are no neighbours to look at; given size 0, shape [2, 3]") {
      Tensor.ones([2, 3]).localResponseNormalized(size: 0)
    },
    Mistake("spatialDropout: the probability is out of range; given 1.0") {
      Tensor.ones([2, 3]).spatialDropout(probability: 1)
    },
    Mistake("stochasticDepth: there is no batch axis; given shape []") {
      Tensor(1.5).stochasticDepth(probability: 0.5)
    },
  ]
}
