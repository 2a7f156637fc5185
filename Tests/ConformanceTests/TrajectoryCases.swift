import AdjointAutodiff
import AdjointLayers
import AdjointOptimizers

/// The network of the trajectories.
private final class TrajectoryNetwork: Layer {
  let conv1: Conv2D
  let norm: BatchNorm
  let conv2: Conv2D
  let dense: Dense

  init(momentum: Double, epsilon: Double, dataType: DataType) {
    conv1 = Conv2D(
      inputChannels: 2, outputChannels: 5, kernelSize: 3, padding: .symmetric(1), dataType: dataType)
    norm = BatchNorm(channels: 5, momentum: momentum, epsilon: epsilon, dataType: dataType)
    conv2 = Conv2D(inputChannels: 5, outputChannels: 7, kernelSize: 3, dataType: dataType)
    dense = Dense(inputSize: 2 * 2 * 7, outputSize: 4, dataType: dataType)
  }

  func callAsFunction(_ images: Tensor) -> Tensor {  // [batch, 12, 12, 2]
    var x = norm(conv1(images)).relu().maxPooled(kernelSize: 2)  // [batch, 6, 6, 5]
    x = conv2(x).relu().maxPooled(kernelSize: 2)  // [batch, 2, 2, 7]
    return dense(x.flattened())  // [batch, 4]
  }
}

extension ConformanceCase {
  /// The losses of a training run, the parameters and running statistics after it, and the use of what it gave.
  func trajectoryProblems(in dataType: DataType) throws -> [String] {
    let settings = try details.attributes("batchNorm")
    let network = TrajectoryNetwork(
      momentum: try settings.number("momentum"), epsilon: try settings.number("epsilon"), dataType: dataType)
    for (path, parameter) in network.namedParameters {
      parameter.value = try tensor("initial.\(path)", in: dataType)
    }
    for (path, state) in network.namedStates { state.value = try tensor("initial.\(path)", in: dataType) }

    let optimizer = try optimizer(of: network)
    var losses: [Tensor] = []
    for step in 0..<(try details.integer("steps")) {
      let labels = try tensor("batch.\(step).labels", in: dataType)
      let loss = network(try tensor("batch.\(step).x", in: dataType)).crossEntropy(labels: labels)
      losses.append(loss.detached())
      loss.backward()
      optimizer.step()
    }

    let images = try tensor("evaluation.x", in: dataType)
    let logits = network.inferring { network(images) }
    let values = network.namedParameters.map { ($0, $1.value.detached()) }
    let states = network.namedStates.map { ($0, $1.value) }
    let results =
      [("losses", Tensor.stack(losses)), ("evaluation.logits", logits)]
      + (values + states).map { ("final.\($0)", $1) }
    let drift = try driftOfCancelledBias()
    return try results.compactMap { name, result in
      let drifts = ["final.conv1.bias", "final.norm.runningMean", "evaluation.logits"].contains(name)
      return try problem(name, result, in: dataType, drift: drifts ? drift : 0)
    }
  }

  /// How far the first bias may go astray in single precision, and with it what hangs on it after training.
  ///
  /// The normalization cancels this bias, so its gradient is 0 but for rounding. Adam divides a gradient by its own
  /// size and makes whole steps even of rounding errors where these are above its epsilon, as they are in single
  /// precision. In training the bias is without effect; afterwards the running mean follows it late.
  private func driftOfCancelledBias() throws -> Double {
    guard try details.word("optimizer") == "Adam" else { return 0 }
    return try details.attributes("options").number("lr") * Double(details.integer("steps"))
  }

  private func optimizer(of network: TrajectoryNetwork) throws -> any Optimizer {
    let options = try details.attributes("options")
    let rate = try options.number("lr")
    switch try details.word("optimizer") {
    case "SGD": return SGD(network.parameters, learningRate: rate, momentum: try options.number("momentum"))
    case "Adam": return Adam(network.parameters, learningRate: rate)
    case let name: throw CaseError("there is no such optimizer: \(name)")
    }
  }
}
