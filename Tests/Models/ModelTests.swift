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

  /// Along random directions of all parameters.
  private func expectRightGradients(
    _ model: any Layer, of shape: Shape, order: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    model.initialize(seed: 1)
    let images = Tensor.uniform(shape, dataType: .float64, from: RandomStream(seed: 2))
    let report = checkGradients(of: model, order: order, directions: 2) {
      model(images).crossEntropy(labels: Tensor((0..<shape[0]).map { $0 * 3 % 4 }))
    }
    #expect(report.passed, "\(report)", sourceLocation: sourceLocation)
    #expect(report.kinks.isEmpty, sourceLocation: sourceLocation)
  }

  @Test(arguments: 1...2) func gradientsOfWholeNetworksAreRight(order: Int) {
    let perceptron = MultilayerPerceptron(sizes: [12, 5, 4], dataType: .float64)
    expectRightGradients(perceptron, of: [2, 3, 4, 1], order: order)
    expectRightGradients(LeNet5(classes: 4, dataType: .float64), of: [2, 28, 28, 1], order: order)
    let residual = ResNet.ofPairs(channels: [4, 6], classes: 4, dataType: .float64)
    expectRightGradients(residual, of: [2, 8, 6, 3], order: order)
  }

  @Test func everyTensorOfANetworkIsOfTheTypeThatIsAskedFor() {
    let models: [() -> any Layer] = [
      { LeNet5(dataType: .float64) }, { DigitNetwork(dataType: .float64) },
      { VGG(.eleven, dataType: .float64) }, { ResNet.eighteenForSmallImages(dataType: .float64) },
      { ResNet.fifty(dataType: .float64) },
    ]
    for makeModel in models {
      let model = makeModel()
      #expect(model.parameters.allSatisfy { $0.dataType == .float64 })
      #expect(model.namedStates.allSatisfy { $0.state.value.dataType == .float64 })
    }
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
