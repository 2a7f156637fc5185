import Adjoint
import TestSupport
import Testing

@Suite struct MetricsTests {
  /// Two by three rows of four classes; the largest are 3, 0, 2, 1, 1 and the first of two.
  private static let logits = Tensor(
    [
      [[0, 1, 2, 3], [7, 1, 2, 3], [0, 1, 9, 3]],
      [[0, 5, 2, 3], [0, 4, -2, 3], [6, 1, 6, 3]],
    ] as [[[Float]]])

  @Test func accuracyIsThePartOfRightRows() {
    #expect(Self.logits.accuracy(labels: Tensor([[3, 0, 2], [1, 1, 0]])) == 1)
    #expect(Self.logits.accuracy(labels: Tensor([[3, 1, 2], [0, 1, 2]])) == 0.5)
    #expect(Self.logits[1].accuracy(labels: Tensor([0, 0, 0])) == 1.0 / 3)
    #expect(Tensor([0.5, 2, 1]).accuracy(labels: Tensor(1)) == 1)
    #expect(Tensor.zeros([0, 4]).accuracy(labels: Tensor([] as [Int])).isNaN)
  }

  static let mistakes: [Mistake] = [
    Mistake("accuracy: labels do not fit the logits; given logits [3, 4], labels [3, 1]") {
      logits[0].accuracy(labels: Tensor([[3], [0], [2]]))
    },
    Mistake("accuracy: there are no classes; given shape [3, 0]") {
      Tensor.ones([3, 0]).accuracy(labels: Tensor([0, 0, 0]))
    },
    Mistake("accuracy: labels do not fit the logits; given logits [3, 4], labels []") {
      logits[0].accuracy(labels: Tensor(3))
    },
    Mistake("accuracy: labels do not fit the logits; given logits [], labels []") {
      Tensor(2.5).accuracy(labels: Tensor(0))
    },
    Mistake("accuracy: labels are not int64; given float32; expected int64") {
      logits[0].accuracy(labels: Tensor([3.0, 0, 2]))
    },
  ]

  @Test(arguments: mistakes.indices) func mistakesEndWithTheirMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      MetricsTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
