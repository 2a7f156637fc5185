import AdjointAutodiff
import TestSupport
import Testing

@Suite struct GatheringTests {
  static let rows = Tensor([[4, 0, 4], [1, 1, 2]])
  static let middles = Tensor([[[1], [0], [1], [1]], [[0], [2], [2], [0]]])

  static let cases: [OperatorCase] = [
    OperatorCase("gathered", sample([2, 5])) { $0.gathered(at: rows, axis: -1).squared() },
    OperatorCase("gathered along the middle", sample([2, 3, 1])) {
      $0.gathered(at: middles, axis: 1).squared()
    },
    OperatorCase("gathered along the first", sample([5, 3])) { $0.gathered(at: rows, axis: 0).squared() },
    OperatorCase("adding, not squared", sample([2, 5]), sample([2, 3], seed: 2)) {
      $0.adding($1, at: rows, axis: 1)
    },
    OperatorCase("adding", sample([2, 5]), sample([2, 3], seed: 2)) {
      $0.squared().adding($1.squared(), at: rows, axis: 1).squared()
    },
  ]

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func choosesElementByElement() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    let indices = Tensor([[2, 0], [1, 1]])
    #expect(x.gathered(at: indices, axis: 1).isClose(to: Tensor([[3, 1], [5, 5]])))
    #expect(x.gathered(at: indices.transposed(), axis: 1).isClose(to: Tensor([[3, 2], [4, 5]])))
    #expect(x.gathered(at: Tensor([[1, 0, 1]]), axis: 0).isClose(to: Tensor([[4, 2, 6]])))
    #expect(x.gathered(at: .zeros([2, 0], dataType: .int64), axis: 1).shape == [2, 0])
  }

  @Test func updatesAddUp() {
    let sums = Tensor.zeros([2, 3], dataType: .int64)
      .adding(Tensor([[1, 2, 3, 4], [5, 6, 7, 8]]), at: Tensor([[0, 2, 0, 0], [1, 1, 1, 2]]), axis: 1)
    #expect(sums.isClose(to: Tensor([[8, 0, 2], [0, 18, 8]])))
  }

  @Test func slicesAreAddedAtRepeatedIndices() {
    let updates = Tensor([[1, 2, 3], [10, 20, 30]])
    let rows = Tensor([2, 0]).expandedDimensions(at: 1).broadcast(to: updates.shape)
    let sums = Tensor.ones([4, 3], dataType: .int64).adding(updates, at: rows, axis: 0)
    #expect(sums.scalars(as: Int.self) == [11, 21, 31, 1, 1, 1, 2, 3, 4, 1, 1, 1])
  }
}
