import AdjointAutodiff
import AdjointLayers
import Testing

@Suite struct DropoutTests {
  @Test func partsAreDroppedInTrainingOnly() {
    let images = Tensor.ones([20, 3, 2, 5])
    let model = Sequential {
      SpatialDropout(probability: 0.25)
      StochasticDepth(probability: 0.5)
    }
    model.initialize(seed: 3)
    let first = model(images)
    // What stays is enlarged by each of the two.
    #expect(Set(first.scalars(as: Float.self)) == [0, 2 / 0.75])
    model.initialize(seed: 3)
    #expect(model(images).isClose(to: first))
    model.setMode(.inference)
    #expect(model(images).isClose(to: images))
  }
}
