import AdjointAutodiff
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test func partsAreDroppedWithBothDerivatives() {
    let x = sample([3, 2, 5])
    OperatorCase("spatialDropout", x) {
      $0.spatialDropout(probability: 0.4, from: RandomStream(seed: 5)).squared()
    }.check()
    OperatorCase("stochasticDepth", x) {
      $0.stochasticDepth(probability: 0.4, from: RandomStream(seed: 5)).squared()
    }.check()
  }

  @Test func wholeChannelsAreDropped() {
    let images = Tensor.ones([5, 3, 2, 7]).spatialDropout(probability: 0.25, from: RandomStream(seed: 1))
    let channels = images[TensorIndex.all, 0, 0, TensorIndex.all]
    #expect(images.isClose(to: (channels.reshaped(to: [5, 1, 1, 7]) * Tensor.ones([5, 3, 2, 7]))))
    let factors = Set(channels.scalars(as: Float.self))
    #expect(factors == [0, 1 / 0.75])
  }

  @Test func wholeExamplesAreDropped() {
    let batch = Tensor.ones([40, 3, 2]).stochasticDepth(probability: 0.5, from: RandomStream(seed: 1))
    let examples = batch[TensorIndex.all, 0..<1, 0..<1]
    #expect(batch.isClose(to: examples * Tensor.ones([40, 3, 2])))
    #expect(Set(examples.scalars(as: Float.self)) == [0, 2])
  }

  @Test func infinitiesAreDroppedToo() {
    let x = Tensor.filled(with: .infinity, shape: [64, 3], dataType: .float64).withGradient()
    let y = x.stochasticDepth(probability: 0.5, from: RandomStream(seed: 4))
    let numbers = y.scalars(as: Double.self)
    #expect(numbers.contains(0) && numbers.contains(.infinity))
    #expect(numbers.allSatisfy { $0 == 0 || $0 == .infinity })
    let cotangent = Tensor.filled(with: .infinity, shape: [64, 3], dataType: .float64)
    let slopes = gradients(of: y, withRespectTo: [x], cotangent: cotangent)[0].scalars(as: Double.self)
    #expect(slopes == numbers)
  }

  @Test func aProbabilityOfZeroDropsNothing() {
    let x = sample([2, 3])
    #expect(
      x.spatialDropout(probability: 0).isClose(to: x) && x.stochasticDepth(probability: 0).isClose(to: x))
    #expect(Tensor.zeros([0, 4, 3]).spatialDropout(probability: 0.5).shape == [0, 4, 3])
  }
}
