import AdjointAutodiff
import AdjointLayers
import AdjointModels
import Testing

@Suite struct ModelTests {
  @Test func parameterCountsAreThoseOfThePapers() {
    #expect(MultilayerPerceptron(sizes: [784, 256, 128, 10]).parameterCount == 235_146)
    #expect(LeNet5().parameterCount == 61_706)
    #expect(DigitNetwork().parameterCount == 1_200_074)
    #expect(VGG(.eleven).parameterCount == 9_228_362)
    #expect(ResNet.eighteenForSmallImages().parameterCount == 11_173_962)
    #expect(ResNet.fifty().parameterCount == 25_557_032)
  }

  private func expectLogits(_ model: any Layer, of shape: Shape, classes: Int = 10) {
    let logits = model(Tensor.uniform(shape))
    #expect(logits.shape == [shape[0], classes])
    logits.crossEntropy(labels: Tensor((0..<shape[0]).map { $0 * 3 % classes })).backward()
    #expect(model.parameters.allSatisfy { $0.gradient?.shape == $0.shape })
  }

  @Test func smallNetworksGiveLogitsAndTakeGradients() {
    expectLogits(MultilayerPerceptron(sizes: [784, 16, 10]), of: [2, 28, 28, 1])
    expectLogits(LeNet5(), of: [2, 28, 28, 1])
  }

  #if !DEBUG
    @Test func largeNetworksGiveLogitsAndTakeGradients() {
      expectLogits(DigitNetwork(), of: [2, 28, 28, 1])
      expectLogits(VGG(.eleven), of: [2, 32, 32, 3])
      expectLogits(ResNet.eighteenForSmallImages(), of: [2, 32, 32, 3])
      expectLogits(ResNet.fifty(), of: [1, 64, 64, 3], classes: 1000)
    }
  #endif
}
