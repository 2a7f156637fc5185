import Adjoint
import ExampleSupport

// Learns to tell drawn crosses from noughts. It needs no data and no network: it draws its images.
//
//   swift run -c release CrossesAndNoughts [--output DIR] [--epochs N] [--seed N]

let options = Options(["output": ".", "epochs": "6", "seed": "1"])
let seed = UInt64(options.number("seed"))

final class Network: Layer {
  let conv1 = Conv2D(inputChannels: 1, outputChannels: 8, kernelSize: 5, padding: .same)
  let norm = BatchNorm(channels: 8)
  let conv2 = Conv2D(inputChannels: 8, outputChannels: 16, kernelSize: 3, padding: .same)
  let dropout = Dropout(probability: 0.2)
  let dense = Dense(inputSize: 7 * 7 * 16, outputSize: 2)

  func callAsFunction(_ images: Tensor) -> Tensor {  // [batch, 28, 28, 1]
    var x = norm(conv1(images)).relu().maxPooled(kernelSize: 2)  // [batch, 14, 14, 8]
    x = conv2(x).relu().maxPooled(kernelSize: 2)  // [batch, 7, 7, 16]
    return dense(dropout(x.flattened()))  // [batch, 2]
  }
}

// Noise that drowns the faintest strokes, so that the task is not all too easy.
let noise = 0.5
let training = CrossesAndNoughts(count: 4_000, noise: noise, seed: seed)
let unseen = CrossesAndNoughts(count: 1_000, noise: noise, seed: seed + 1)

let model = Network()
model.initialize(seed: seed)
let optimizer = Adam(model.parameters, learningRate: 2e-3)
print("a network of \(model.parameterCount) parameters, \(training.count) images to learn from")

var losses: [Double] = []
for epoch in 0..<options.number("epochs") {
  let batches = training.batches(size: 50, shuffledBy: seed, epoch: epoch)
  var progress = ProgressBar("epoch \(epoch + 1)", count: batches.count)
  var right = 0.0
  for (index, batch) in batches.enumerated() {
    let logits = model(batch.images)
    let loss = logits.crossEntropy(labels: batch.labels)
    loss.backward()
    optimizer.step()

    losses.append(loss.scalar())
    right += logits.accuracy(labels: batch.labels)
    progress.advance("loss \(decimal(losses.last!)), accuracy \(percent(right / Double(index + 1)))")
  }
  progress.finish()
}

let predictions = model.inferring { model(unseen.images).argmax(axis: -1) }
let wrong = (0..<unseen.count).filter { predictions[$0].scalar(as: Int.self) != unseen[$0].label }
print(
  "test accuracy \(percent(1 - Double(wrong.count) / Double(unseen.count))) on \(unseen.count) unseen images")

let names = ["nought", "cross"]
for index in wrong.prefix(3) {
  print("\nimage \(index) is a \(names[unseen[index].label]), taken for a \(names[1 - unseen[index].label]):")
  print(unseen[index].image.textPicture)
}

do {
  let curve = LearningCurve(
    title: "Crosses and noughts", horizontalLabel: "step", verticalLabel: "loss",
    series: [LearningCurve.Series(name: "training loss", values: losses)])
  try curve.write(to: "\(options["output"])/learning-curve.svg")
  let filters = model.conv1.filter.value.transposed([3, 0, 1, 2])  // [8, 5, 5, 1]
  try ImageGrid(filters, columns: 4, magnification: 16).write(to: "\(options["output"])/filters.png")
  print("wrote learning-curve.svg and filters.png to \(options["output"])")
} catch {
  fail(error)
}
