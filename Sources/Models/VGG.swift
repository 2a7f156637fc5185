import AdjointAutodiff
import AdjointLayers

/// Stacks of 3×3 convolutions with batch normalization, and a maximum between stacks, for images of 32×32.
///
/// - Source: Simonyan, Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014,
///   arXiv:1409.1556; one matrix instead of three, as is usual for small images.
public final class VGG: Layer {
  /// How many convolutions each of the five stacks has.
  public enum Depth: Sendable {
    /// 8 convolutions.
    case eleven
    /// 10 convolutions.
    case thirteen
    /// 13 convolutions.
    case sixteen
    /// 16 convolutions.
    case nineteen

    var convolutions: [Int] {
      switch self {
      case .eleven: [1, 1, 2, 2, 2]
      case .thirteen: [2, 2, 2, 2, 2]
      case .sixteen: [2, 2, 3, 3, 3]
      case .nineteen: [2, 2, 4, 4, 4]
      }
    }
  }

  let features: Sequential
  let classifier: Dense

  /// A network for images with the given number of channels.
  public init(_ depth: Depth, channels: Int = 3, classes: Int = 10, dataType: DataType = .float32) {
    var inputs = channels
    var layers: [any Layer] = []
    for (count, outputs) in zip(depth.convolutions, [64, 128, 256, 512, 512]) {
      for _ in 0..<count {
        layers += [
          Conv2D(
            inputChannels: inputs, outputChannels: outputs, kernelSize: 3, padding: .same, usesBias: false,
            dataType: dataType),
          BatchNorm(channels: outputs, dataType: dataType), Activation.relu,
        ]
        inputs = outputs
      }
      layers.append(MaxPool(kernelSize: 2))
    }
    features = Sequential(layers)
    classifier = Dense(inputSize: 512, outputSize: classes, dataType: dataType)
  }

  /// - Parameter images: Shape `[batch, 32, 32, channels]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    classifier(features(images).flattened())  // [batch, 512] before the classifier
  }
}
