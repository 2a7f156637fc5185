// Losses that are 0 as soon as a margin is kept.
extension Tensor {
  /// How far scores are from being on the right side of 0 by 1: max(0, 1 − sign · score).
  ///
  /// - Parameters:
  ///   - signs: 1 or −1 for each score, in its shape and type.
  ///   - reduction: How the scores' losses become one number.
  /// - Gradient: 0 at the kink.
  /// - Traps: where shapes or types differ.
  public func hingeLoss(signs: Tensor, reduction: LossReduction = .mean) -> Tensor {
    requireComparable(signs, "hingeLoss", "signs")
    return (1 - signs * self).relu().reduced(reduction)
  }

  /// How far pairs of vectors are from pointing the same way, or from pointing different ways.
  ///
  /// ```
  /// loss = 1 − cos(x, y) where the sign is 1, max(0, cos(x, y) − margin) where it is −1
  /// ```
  ///
  /// The cosine with a vector of zeros is 0.
  ///
  /// - Parameters:
  ///   - other: The second vector of each pair, in the first's shape, `[batch…, size]`, and type.
  ///   - signs: For each pair, 1 if the two belong together and −1 if not, shape `[batch…]`.
  ///   - margin: The cosine that is small enough for two that do not belong together.
  ///   - reduction: How the pairs' losses become one number.
  /// - Traps: where shapes or types do not fit.
  public func cosineEmbeddingLoss(
    with other: Tensor, signs: Tensor, margin: Double = 0, reduction: LossReduction = .mean
  ) -> Tensor {
    let name = "cosineEmbeddingLoss"
    requireComparable(other, name, "other vectors")
    require(
      rank >= 1 && signs.shape.sizes == Array(shape.sizes.dropLast()), name,
      "the signs are not one number a pair", given: "signs \(signs.shape), vectors \(shape)",
      expected: "vectors [batch…, size] and signs [batch…]")
    // Far below any length that matters; it keeps the gradient at zero vectors finite.
    let smallest = 1e-12
    let cosines =
      (self * other).sum(axes: [-1])
      * (squared().sum(axes: [-1]) + smallest).reciprocalSquareRoot()
      * (other.squared().sum(axes: [-1]) + smallest).reciprocalSquareRoot()
    return (cosines - margin).relu().replacing(with: 1 - cosines, where: signs.detached() .> 0)
      .reduced(reduction)
  }

  /// How much nearer anchors are to what they should be far from than to what they should be near, plus a margin.
  ///
  /// ```
  /// loss = max(0, distance(anchor, positive) − distance(anchor, negative) + margin)
  /// distance(x, y) = √Σ (x − y + epsilon)²
  /// ```
  ///
  /// - Parameters:
  ///   - positives: What each anchor should be near, in the anchors' shape, `[batch…, size]`, and type.
  ///   - negatives: What each anchor should be far from, in the same shape and type.
  ///   - margin: The least difference of the distances that has no loss.
  ///   - epsilon: Keeps the distance of equal vectors from 0.
  ///   - reduction: How the anchors' losses become one number.
  /// - Gradient: Of a distance of 0, 0.
  /// - Traps: where shapes or types differ.
  /// - Source: Schroff, Kalenichenko, Philbin, FaceNet, 2015, arXiv:1503.03832, with distances for their squares.
  public func tripletMarginLoss(
    positives: Tensor, negatives: Tensor, margin: Double = 1, epsilon: Double = 1e-6,
    reduction: LossReduction = .mean
  ) -> Tensor {
    let name = "tripletMarginLoss"
    requireComparable(positives, name, "positives")
    requireComparable(negatives, name, "negatives")
    require(
      rank >= 1, name, "anchors are not vectors", given: "shape \(shape)", expected: "[batch…, size]")
    let near = (self - positives + epsilon).l2Norm(axes: [-1])
    let far = (self - negatives + epsilon).l2Norm(axes: [-1])
    return (near - far + margin).relu().reduced(reduction)
  }
}
