import Adjoint
import ExampleSupport

extension Report {
  func models() {
    model("mlp", { MultilayerPerceptron(sizes: [784, 256, 128, 10]) }, [64, 28, 28, 1]) { Adam($0) }
    model("lenet5", { LeNet5() }, [64, 28, 28, 1], optimizer: momentum)
    model("mnist_cnn", { DigitNetwork() }, [64, 28, 28, 1], optimizer: momentum)
    model("vgg11_cifar", { VGG(.eleven) }, [32, 32, 32, 3], optimizer: momentum)
    model("resnet18_cifar", { ResNet.eighteenForSmallImages() }, [32, 32, 32, 3], optimizer: momentum)
    model("resnet50", { ResNet.fifty() }, [4, 224, 224, 3], optimizer: momentum)
  }

  private func momentum(_ parameters: [Parameter]) -> any Optimizer {
    SGD(parameters, learningRate: 0.01, momentum: 0.9)
  }

  private func model(
    _ name: String, _ make: () -> any Layer, _ shape: Shape, optimizer: ([Parameter]) -> any Optimizer
  ) {
    let labels = Tensor((0..<shape[0]).map { $0 % 10 })
    time("model/\(name)/train") {
      let (model, images) = (make(), Tensor.normal(shape))
      let optimizer = optimizer(model.parameters)
      return {
        model(images).crossEntropy(labels: labels).backward()
        optimizer.step()
      }
    }
    time("model/\(name)/infer") {
      let (model, images) = (make(), Tensor.normal(shape))
      model.setMode(.inference)
      return { _ = withoutRecording { model(images) } }
    }
  }

  /// From the start of the process to the end of a first training step.
  func firstStep(since start: ContinuousClock.Instant) {
    state("start/first_step") {
      let model = LeNet5()
      let optimizer = SGD(model.parameters, learningRate: 0.01)
      model(.normal([64, 28, 28, 1])).crossEntropy(labels: Tensor((0..<64).map { $0 % 10 })).backward()
      optimizer.step()
      return ["\"ms\": \(decimal((ContinuousClock.now - start) / .milliseconds(1), places: 3))"]
    }
  }
}
