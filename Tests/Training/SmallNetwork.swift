import Adjoint

/// Every kind of layer at a size that trains quickly even where the kernels are not optimized.
final class SmallNetwork: Layer {
  let conv1 = Conv2D(inputChannels: 1, outputChannels: 3, kernelSize: 3, padding: .same)
  let norm = BatchNorm(channels: 3)
  let conv2 = Conv2D(inputChannels: 3, outputChannels: 5, kernelSize: 3, strides: 2)
  let dropout = Dropout(probability: 0.25)
  let dense = Dense(inputSize: 45, outputSize: 2)

  func callAsFunction(_ images: Tensor) -> Tensor {  // [batch, 14, 14, 1]
    var x = norm(conv1(images)).relu().maxPooled(kernelSize: 2)  // [batch, 7, 7, 3]
    x = conv2(x).tanh()  // [batch, 3, 3, 5]
    return dense(dropout(x.flattened()))  // [batch, 2]
  }
}

/// The losses of a training run that depends on nothing but the seed.
func trainingLosses(steps: Int, seed: UInt64 = 11) -> [Float] {
  let data = CrossesAndNoughts(count: 24, size: 14, seed: seed)
  let model = SmallNetwork()
  model.initialize(seed: seed)
  let optimizer = Adam(model.parameters, learningRate: 5e-3)
  var losses: [Float] = []
  while losses.count < steps {
    for batch in data.batches(size: 8, shuffledBy: seed, epoch: losses.count / 3) where losses.count < steps {
      losses.append(trainingStep(model, optimizer, batch))
    }
  }
  return losses
}

/// One step of training, and its loss.
func trainingStep(_ model: some Layer, _ optimizer: some Optimizer, _ batch: Batch) -> Float {
  let loss = model(batch.images).crossEntropy(labels: batch.labels)
  loss.backward()
  optimizer.step()
  return loss.scalar()
}
