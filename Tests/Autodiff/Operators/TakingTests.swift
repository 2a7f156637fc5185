import AdjointAutodiff
import TestSupport
import Testing

@Suite struct TakingTests {
  static let cases: [OperatorCase] = [
    OperatorCase("taken", sample([5, 3])) { $0.taken(at: Tensor([4, 0, 4, 4])).squared() },
    OperatorCase("taken, not squared", sample([5, 3])) { $0.taken(at: Tensor([4, 0, 4, 4])) },
    OperatorCase("taken along the middle", sample([2, 4, 3])) {
      $0.taken(at: Tensor([[3, 0, 3], [1, 1, 0]]), axis: 1).squared()
    },
    OperatorCase("taken along the last", sample([2, 3, 4])) {
      $0.taken(at: Tensor([2, 2]), axis: -1).squared()
    },
    OperatorCase("taken at one", sample([3, 4])) { $0.taken(at: Tensor(1), axis: 1).squared() },
  ]

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func takesSlicesInTheIndicesShape() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.taken(at: Tensor([1, 0, 1])).isClose(to: Tensor([[4, 5, 6], [1, 2, 3], [4, 5, 6]])))
    #expect(
      x.taken(at: Tensor([[2, 0], [1, 1]]), axis: 1)
        .isClose(to: Tensor([[[3, 1], [2, 2]], [[6, 4], [5, 5]]])))
    #expect(
      x.taken(at: Tensor([[2, 0], [1, 1]]).transposed(), axis: 1)[0].isClose(to: Tensor([[3, 2], [1, 2]])))
    #expect(x.taken(at: .zeros([0, 2], dataType: .int64), axis: 1).shape == [2, 0, 2])
    #expect(Tensor.zeros([0, 3]).taken(at: Tensor([2]), axis: 1).shape == [0, 1])
    #expect(Tensor([true, false]).taken(at: Tensor([1, 0])).scalars(as: Bool.self) == [false, true])
  }

  @Test func rowsTakenTwiceAddUp() {
    let table = Tensor.ones([4, 2]).withGradient()
    table.taken(at: Tensor([[1, 3], [3, 3]])).sum().backward()
    #expect(table.gradient!.isClose(to: Tensor([[0.0, 0], [1, 1], [0, 0], [3, 3]])))
  }

  @Test func oneHotRowsHaveASingleOne() {
    #expect(Tensor([[2, 0]]).oneHot(depth: 3).isClose(to: Tensor([[[0.0, 0, 1], [1, 0, 0]]])))
    #expect(Tensor(1).oneHot(depth: 2, dataType: .int32).scalars(as: Int.self) == [0, 1])
    #expect(Tensor.zeros([0, 2], dataType: .int64).oneHot(depth: 3).shape == [0, 2, 3])
  }
}
