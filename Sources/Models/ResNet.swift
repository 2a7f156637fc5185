import AdjointAutodiff
import AdjointLayers

/// Convolutions that learn what to add to their input.
///
/// - Source: He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition, 2015, arXiv:1512.03385. A block's
///   stride is at its 3×3 convolution, as later implementations have it.
public final class ResNet: Layer {
  let stem: Sequential
  let blocks: [any Layer]
  let classifier: Dense

  private init(stem: Sequential, blocks: [any Layer], features: Int, classes: Int, dataType: DataType) {
    self.stem = stem
    self.blocks = blocks
    classifier = Dense(inputSize: features, outputSize: classes, dataType: dataType)
  }

  /// 18 layers for images of 32×32: eight blocks of two 3×3 convolutions.
  public static func eighteenForSmallImages(classes: Int = 10, dataType: DataType = .float32) -> ResNet {
    ofPairs(channels: [64, 128, 256, 512], classes: classes, dataType: dataType)
  }

  /// Two blocks of two 3×3 convolutions for each number of channels; images shrink by half from one to the next.
  package static func ofPairs(channels: [Int], classes: Int, dataType: DataType) -> ResNet {
    let stem = Sequential {
      convolution(from: 3, to: channels[0], kernelSize: 3, dataType: dataType)
      BatchNorm(channels: channels[0], dataType: dataType)
      Activation.relu
    }
    var inputs = channels[0]
    let blocks = channels.enumerated().flatMap { stage, outputs in
      (0..<2).map { index in
        defer { inputs = outputs }
        let shrinks = stage > 0 && index == 0
        return BasicBlock(from: inputs, to: outputs, stride: shrinks ? 2 : 1, dataType: dataType)
      }
    }
    return ResNet(stem: stem, blocks: blocks, features: inputs, classes: classes, dataType: dataType)
  }

  /// 50 layers for images of 224×224: sixteen bottlenecks.
  public static func fifty(classes: Int = 1000, dataType: DataType = .float32) -> ResNet {
    let stem = Sequential {
      convolution(from: 3, to: 64, kernelSize: 7, stride: 2, dataType: dataType)
      BatchNorm(channels: 64, dataType: dataType)
      Activation.relu
      MaxPool(kernelSize: 3, strides: 2, padding: .symmetric(1))
    }
    var channels = 64
    let stages = [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)]
    let blocks = stages.flatMap { middle, count, stride in
      (0..<count).map { index in
        defer { channels = 4 * middle }
        return Bottleneck(
          from: channels, through: middle, stride: index == 0 ? stride : 1, dataType: dataType)
      }
    }
    return ResNet(stem: stem, blocks: blocks, features: 2048, classes: classes, dataType: dataType)
  }

  /// - Parameter images: Shape `[batch, height, width, 3]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let features = blocks.reduce(stem(images)) { $1($0) }
    return classifier(features.mean(axes: [1, 2]))
  }
}

/// Two 3×3 convolutions beside a shortcut.
final class BasicBlock: Layer {
  let conv1: Conv2D
  let norm1: BatchNorm
  let conv2: Conv2D
  let norm2: BatchNorm
  let shortcut: Sequential?

  init(from inputs: Int, to outputs: Int, stride: Int, dataType: DataType) {
    conv1 = convolution(from: inputs, to: outputs, kernelSize: 3, stride: stride, dataType: dataType)
    norm1 = BatchNorm(channels: outputs, dataType: dataType)
    conv2 = convolution(from: outputs, to: outputs, kernelSize: 3, dataType: dataType)
    norm2 = BatchNorm(channels: outputs, dataType: dataType)
    shortcut = projection(from: inputs, to: outputs, stride: stride, dataType: dataType)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      let change = conv1(input, normalizedBy: norm1, activation: .relu)
      return conv2(change, normalizedBy: norm2, adding: shortcut?(input) ?? input, activation: .relu)
    }
  }
}

/// A 3×3 convolution over fewer channels, between two 1×1 ones, beside a shortcut.
final class Bottleneck: Layer {
  let conv1: Conv2D
  let norm1: BatchNorm
  let conv2: Conv2D
  let norm2: BatchNorm
  let conv3: Conv2D
  let norm3: BatchNorm
  let shortcut: Sequential?

  init(from inputs: Int, through middle: Int, stride: Int, dataType: DataType) {
    conv1 = convolution(from: inputs, to: middle, kernelSize: 1, dataType: dataType)
    norm1 = BatchNorm(channels: middle, dataType: dataType)
    conv2 = convolution(from: middle, to: middle, kernelSize: 3, stride: stride, dataType: dataType)
    norm2 = BatchNorm(channels: middle, dataType: dataType)
    conv3 = convolution(from: middle, to: 4 * middle, kernelSize: 1, dataType: dataType)
    norm3 = BatchNorm(channels: 4 * middle, dataType: dataType)
    shortcut = projection(from: inputs, to: 4 * middle, stride: stride, dataType: dataType)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    observed(input) {
      var change = conv1(input, normalizedBy: norm1, activation: .relu)
      change = conv2(change, normalizedBy: norm2, activation: .relu)
      return conv3(change, normalizedBy: norm3, adding: shortcut?(input) ?? input, activation: .relu)
    }
  }
}

/// A convolution without a bias, padded by half its size on both sides.
private func convolution(
  from inputs: Int, to outputs: Int, kernelSize: Int, stride: Int = 1, dataType: DataType
) -> Conv2D {
  Conv2D(
    inputChannels: inputs, outputChannels: outputs, kernelSize: Extents(kernelSize), strides: Extents(stride),
    padding: .symmetric(kernelSize / 2), usesBias: false, dataType: dataType)
}

/// What brings a shortcut to the shape of the change, where it differs.
private func projection(from inputs: Int, to outputs: Int, stride: Int, dataType: DataType) -> Sequential? {
  guard inputs != outputs || stride != 1 else { return nil }
  return Sequential {
    convolution(from: inputs, to: outputs, kernelSize: 1, stride: stride, dataType: dataType)
    BatchNorm(channels: outputs, dataType: dataType)
  }
}
