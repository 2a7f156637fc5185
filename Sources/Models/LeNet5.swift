import AdjointAutodiff
import AdjointLayers

/// The network that read handwritten digits, with rectifiers and maxima in place of its sigmoids and means.
///
/// - Source: LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning Applied to Document Recognition, 1998,
///   doi:10.1109/5.726791.
public final class LeNet5: Layer {
  let conv1: Conv2D
  let conv2: Conv2D
  let dense1: Dense
  let dense2: Dense
  let dense3: Dense

  /// A network for the given number of classes.
  public init(classes: Int = 10, dataType: DataType = .float32) {
    conv1 = Conv2D(
      inputChannels: 1, outputChannels: 6, kernelSize: 5, padding: .same, dataType: dataType)
    conv2 = Conv2D(inputChannels: 6, outputChannels: 16, kernelSize: 5, dataType: dataType)
    dense1 = Dense(inputSize: 400, outputSize: 120, dataType: dataType)
    dense2 = Dense(inputSize: 120, outputSize: 84, dataType: dataType)
    dense3 = Dense(inputSize: 84, outputSize: classes, dataType: dataType)
  }

  /// - Parameter images: Shape `[batch, 28, 28, 1]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    var x = conv1(images, activation: .relu).maxPooled(kernelSize: 2)  // [batch, 14, 14, 6]
    x = conv2(x, activation: .relu).maxPooled(kernelSize: 2)  // [batch, 5, 5, 16]
    x = dense1(x.flattened(), activation: .relu)
    return dense3(dense2(x, activation: .relu))
  }
}
