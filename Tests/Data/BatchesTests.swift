import AdjointAutodiff
import AdjointData
import TestSupport
import Testing

@Suite struct BatchesTests {
  /// Seven images of 2 by 3 pixels in 2 channels, of which image i has pixels 10 i to 10 i + 11 and label i.
  private let data = Dataset(
    images: Tensor((0..<84).map { UInt8(10 * ($0 / 12) + $0 % 12) }, shape: [7, 2, 3, 2]),
    labels: Tensor(Array(0..<7)))

  @Test func anImageAndItsLabel() {
    #expect(data.count == 7)
    #expect(data[4].image.shape == [2, 3, 2])
    #expect(data[4].image.scalars(as: Int.self) == Array(40..<52))
    #expect(data[4].label == 4)
    #expect(data[2..<4].labels.scalars(as: Int.self) == [2, 3])
    #expect(data[2..<4].images.shape == [2, 2, 3, 2])
  }

  @Test func batchesComeInOrderWithAPartialOneLast() {
    let batches = data.batches(size: 3)
    #expect(batches.count == 3)
    #expect(batches.map { $0.labels.scalars(as: Int.self) } == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(batches.map(\.images.shape) == [[3, 2, 3, 2], [3, 2, 3, 2], [1, 2, 3, 2]])
    #expect(data.batches(size: 3, dropsPartial: true).map { $0.labels.scalars(as: Int.self) }.count == 2)
    #expect(data.batches(size: 7).count == 1)
    #expect(data.batches(size: 100).map(\.labels.count) == [7])
    #expect(data.batches(size: 100, dropsPartial: true).count == 0)
    #expect(data.batches(size: .max).map(\.labels.count) == [7])
    #expect(data[0..<0].batches(size: 3).count == 0)
    #expect(data[0..<0].batches(size: 3, shuffledBy: 1).map(\.labels.count) == [])
  }

  @Test func bytesAreScaledAndFloatsAreNot() {
    let batch = data.batches(size: 2).first { _ in true }
    #expect(batch?.images.dataType == .float32)
    let expected = (Array(0..<12) + Array(10..<22)).map { Float($0) / 255 }
    #expect(batch?.images.scalars(as: Float.self) == expected)
    let floats = Dataset(images: data.images.cast(to: .float64), labels: data.labels)
    for batch in floats.batches(size: 7) {
      #expect(batch.images.dataType == .float64)
      #expect(batch.images.scalars(as: Double.self).max() == 71)
    }
  }

  @Test func shufflingKeepsImagesAndLabelsTogether() {
    for batch in data.batches(size: 2, shuffledBy: 5, epoch: 3) {
      let labels = batch.labels.scalars(as: Int.self)
      for (row, label) in labels.enumerated() {
        let pixels = (batch.images[row] * 255).scalars(as: Float.self).map { Int($0.rounded()) }
        #expect(pixels == Array(10 * label..<10 * label + 12))
      }
    }
  }

  @Test func theOrderDependsOnSeedAndEpochOnly() {
    func order(_ seed: UInt64, _ epoch: Int, size: Int = 3) -> [Int] {
      data.batches(size: size, shuffledBy: seed, epoch: epoch).flatMap { $0.labels.scalars(as: Int.self) }
    }
    #expect(order(1, 0) == [1, 6, 3, 0, 4, 2, 5])
    #expect(order(1, 0, size: 2) == order(1, 0))
    #expect(order(1, 0).sorted() == Array(0..<7))
    #expect(order(1, 1) != order(1, 0))
    #expect(order(2, 0) != order(1, 0))
  }

  @Test func everyOrderIsAsLikely() {
    let three = data[0..<3]
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<600 {
      for batch in three.batches(size: 3, shuffledBy: 8, epoch: epoch) {
        counts[batch.labels.scalars(as: Int.self), default: 0] += 1
      }
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { (60...140).contains($0) })
  }

  @Test(arguments: [DataType.uint8, .int32, .int64]) func labelsOfBatchesAreWhatLossesTake(_ type: DataType) {
    let narrow = Dataset(images: data.images, labels: data.labels.cast(to: type))
    for seed in [nil, 5] as [UInt64?] {
      var labels: [Int] = []
      for batch in narrow.batches(size: 3, shuffledBy: seed) {
        #expect(batch.labels.dataType == .int64)
        labels += batch.labels.scalars()
      }
      #expect(labels.sorted() == Array(0..<7))
    }
  }

  @Test func tensorsOfAnyShapesGoTogether() {
    let inputs = Tensor((0..<14).map(Float.init), shape: [7, 2]), targets = Tensor((0..<7).map { 10 * $0 })
    let masks = Tensor((0..<21).map { $0.isMultiple(of: 2) }, shape: [3, 7]).transposed()
    let inOrder = TensorBatches([inputs, targets, masks], size: 3)
    #expect(inOrder.count == 3)
    #expect(inOrder.map { $0.map(\.shape) }.last == [[1, 2], [1], [1, 3]])
    #expect(inOrder.map { $0[1].scalars(as: Int.self) } == [[0, 10, 20], [30, 40, 50], [60]])
    var seen: [Int] = []
    for batch in TensorBatches(
      [inputs, targets, masks], size: 3, shuffledBy: 4, epoch: 2, dropsPartial: true)
    {
      for row in 0..<3 {
        let place = batch[1][row].scalar(as: Int.self) / 10
        #expect(batch[0][row].scalars(as: Int.self) == [2 * place, 2 * place + 1])
        #expect(batch[2][row].scalars(as: Bool.self) == (0..<3).map { (7 * $0 + place).isMultiple(of: 2) })
        seen.append(place)
      }
    }
    #expect(seen.count == 6 && Set(seen).count == 6 && seen != seen.sorted())
  }

  static let mistakes: [Mistake] = [
    Mistake("dataset: not a batch of images; given shape [3, 5]") {
      Dataset(images: .zeros([3, 5]), labels: Tensor([0, 1, 1]))
    },
    Mistake("batches: the tensors do not go together; given [[3, 2], [4]]") {
      TensorBatches([.zeros([3, 2]), .zeros([4])], size: 2)
    },
    Mistake("batches: the tensors do not go together; given [[]]") { TensorBatches([.zeros([])], size: 2) },
    Mistake("batches: the tensors do not go together; given []") { TensorBatches([], size: 2) },
    Mistake("dataset: there is not one label for each image; given images [3, 2, 4, 1], labels [2]") {
      Dataset(images: .zeros([3, 2, 4, 1]), labels: Tensor([1, 2]))
    },
    Mistake("dataset: labels are not integers; given float32; expected int64, int32 or uint8") {
      Dataset(images: .zeros([3, 2, 4, 1]), labels: Tensor([1.5, 0, 1]))
    },
    Mistake("dataset: labels are not integers; given bool") {
      Dataset(images: .zeros([2, 2, 4, 1]), labels: Tensor([true, false]))
    },
    Mistake("dataset: the images are no pixels; given int64; expected uint8, float32 or float64") {
      Dataset(images: .zeros([3, 2, 4, 1], dataType: .int64), labels: Tensor([1, 2, 3]))
    },
    Mistake("batches: no such batches; given size 0, epoch 0") {
      Dataset(images: .zeros([3, 2, 4, 1]), labels: Tensor([1, 2, 3])).batches(size: 0)
    },
  ]

  @Test(arguments: mistakes.indices) func mistakesEndWithTheirMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      BatchesTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
