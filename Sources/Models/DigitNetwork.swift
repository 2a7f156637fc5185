import AdjointAutodiff
import AdjointLayers

/// Two convolutions with batch normalization and two matrices with dropout, as tutorials on MNIST build them.
public final class DigitNetwork: Layer {
  let conv1: Conv2D
  let norm1: BatchNorm
  let conv2: Conv2D
  let norm2: BatchNorm
  let dropout1 = Dropout(probability: 0.25)
  let dense1: Dense
  let dropout2 = Dropout(probability: 0.5)
  let dense2: Dense

  /// A network for the given number of classes.
  public init(classes: Int = 10, dataType: DataType = .float32) {
    conv1 = Conv2D(inputChannels: 1, outputChannels: 32, kernelSize: 3, dataType: dataType)
    norm1 = BatchNorm(channels: 32, dataType: dataType)
    conv2 = Conv2D(inputChannels: 32, outputChannels: 64, kernelSize: 3, dataType: dataType)
    norm2 = BatchNorm(channels: 64, dataType: dataType)
    dense1 = Dense(inputSize: 9216, outputSize: 128, dataType: dataType)
    dense2 = Dense(inputSize: 128, outputSize: classes, dataType: dataType)
  }

  /// - Parameter images: Shape `[batch, 28, 28, 1]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    var x = conv1(images, normalizedBy: norm1, activation: .relu)  // [batch, 26, 26, 32]
    x = conv2(x, normalizedBy: norm2, activation: .relu).maxPooled(kernelSize: 2)  // [batch, 12, 12, 64]
    x = dense1(dropout1(x).flattened(), activation: .relu)  // [batch, 128]
    return dense2(dropout2(x))
  }
}
