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

  @Test func dropoutOfNothingInParticularIsNone() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropoutLayer(probability: 0.5)(.ones([2, 3]))
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("DropoutLayer: what is dropped is open; given DropoutLayer"))
  }
}
