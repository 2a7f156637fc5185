import Adjoint
import ExampleSupport

// Learns to read handwritten digits.
//
//   swift run -c release MNIST [--data DIR] [--output DIR] [--epochs N] [--seed N]
//
// Without --data, the files are taken from the user's cache, into which they are downloaded once.

let options = Options(["data": "", "output": ".", "epochs": "3", "seed": "1"])
let seed = UInt64(options.number("seed"))

/// The digits of a folder, or of the user's cache where none is named.
func digits(_ split: MNIST.Split, in directory: String) -> MNIST {
  do {
    return directory.isEmpty ? try MNIST(split: split) : try MNIST(directory: directory, split: split)
  } catch {
    fail(error)
  }
}

let training = digits(.train, in: options["data"])
let test = digits(.test, in: options["data"])

let model = Sequential {
  Conv2D(inputChannels: 1, outputChannels: 16, kernelSize: 3, padding: .same)  // [batch, 28, 28, 16]
  BatchNorm(channels: 16)
  Activation.relu
  MaxPool(kernelSize: 2)  // [batch, 14, 14, 16]
  Conv2D(inputChannels: 16, outputChannels: 32, kernelSize: 3, padding: .same)  // [batch, 14, 14, 32]
  BatchNorm(channels: 32)
  Activation.relu
  MaxPool(kernelSize: 2)  // [batch, 7, 7, 32]
  Flatten()  // [batch, 1568]
  Dropout(probability: 0.25)
  Dense(inputSize: 7 * 7 * 32, outputSize: 10)  // [batch, 10]
}
model.initialize(seed: seed)
let optimizer = Adam(model.parameters, learningRate: 6e-3)
print("a network of \(model.parameterCount) parameters, \(training.count) images to learn from")

var losses: [Double] = []
let epochs = options.number("epochs")
for epoch in 0..<epochs {
  let batches = training.batches(size: 64, shuffledBy: seed, epoch: epoch)
  var progress = ProgressBar("epoch \(epoch + 1)", count: batches.count)
  var right = 0.0
  for (index, batch) in batches.enumerated() {
    // The rate falls in a straight line to a twentieth of what it was.
    let part = (Double(epoch) + Double(index) / Double(batches.count)) / Double(epochs)
    optimizer.learningRate = 6e-3 * (1 - 0.95 * part)

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

var predictions: [Int] = []
for batch in test.batches(size: 500) {
  predictions += model.inferring { model(batch.images).argmax(axis: -1).scalars(as: Int.self) }
}
let labels = test.labels.scalars(as: Int.self)
let wrong = predictions.indices.filter { predictions[$0] != labels[$0] }
print("test accuracy \(percent(1 - Double(wrong.count) / Double(test.count))) on \(test.count) unseen images")

for index in wrong.prefix(3) {
  print("\nimage \(index) is a \(labels[index]), taken for a \(predictions[index]):")
  print(test[index].image.textPicture)
}

do {
  let curve = LearningCurve(
    title: "MNIST", horizontalLabel: "step", verticalLabel: "loss",
    series: [LearningCurve.Series(name: "training loss", values: losses)])
  try curve.write(to: "\(options["output"])/learning-curve.svg")
  let filters = model.parameters[0].value.transposed([3, 0, 1, 2])  // [16, 3, 3, 1]
  try ImageGrid(filters, columns: 8, magnification: 16).write(to: "\(options["output"])/filters.png")
  print("wrote learning-curve.svg and filters.png to \(options["output"])")
} catch {
  fail(error)
}
