import AdjointAutodiff
import AdjointLayers
import TestSupport
import Testing

@Suite struct NormalizationLayerTests {
  @Test func layersHaveCheckedGradients() {
    let images = sample([2, 3, 2, 6])
    let model = Sequential {
      LayerNorm(shape: [2, 6], dataType: .float64)
      PReLU(channels: 6, dataType: .float64)
      GroupNorm(groups: 3, channels: 6, dataType: .float64)
      Activation.gelu()
      InstanceNorm(channels: 6, dataType: .float64)
      PReLU(dataType: .float64)
      RMSNorm(shape: [6], dataType: .float64)
    }
    #expect(model.parameterCount == 2 * 12 + 6 + 12 + 12 + 1 + 6)
    #expect(
      model.namedParameters.map(\.path).prefix(3) == ["layers.0.scale", "layers.0.offset", "layers.1.slopes"])
    let report = checkGradients(of: model) { model(images).squared().mean() }
    #expect(report.passed, "\(report)")
  }

  @Test func layersApplyTheirOperators() {
    let images = sample([2, 3, 2, 6]).cast(to: .float32)
    #expect(LayerNorm(shape: [2, 6])(images).isClose(to: images.layerNormalized(trailingAxes: 2)))
    #expect(RMSNorm(shape: [6])(images).isClose(to: images.rmsNormalized()))
    #expect(GroupNorm(groups: 2, channels: 6)(images).isClose(to: images.groupNormalized(groups: 2)))
    #expect(InstanceNorm(channels: 6)(images).isClose(to: images.instanceNormalized()))
    #expect(PReLU()(images).isClose(to: images.leakyRelu(negativeSlope: 0.25)))
    #expect(Activation.hardTanh(bounds: -0.5...1)(images).isClose(to: images.clamped(to: -0.5...1)))
  }

  @Test func aGroupThatDoesNotFitIsNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GroupNorm(groups: 4, channels: 6)
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("GroupNorm: a number is out of range; given groups 4, channels 6"))
  }
}
