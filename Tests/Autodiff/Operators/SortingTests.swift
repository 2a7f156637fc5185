import AdjointAutodiff
import TestSupport
import Testing

@Suite struct SortingTests {
  static let cases: [OperatorCase] = [0, 1, 2].flatMap { axis in
    [
      OperatorCase("sorted along \(axis)", sample([3, 4, 5])) {
        $0.sorted(axis: axis).values.squared().weighted()
      },
      OperatorCase("sorted down along \(axis)", sample([3, 4, 5])) {
        $0.sorted(axis: axis, isDescending: true).values.squared().weighted()
      },
      OperatorCase("topK along \(axis)", sample([3, 4, 5])) { $0.topK(2, axis: axis).values.squared() },
    ]
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func sortsWithNaNAsTheLargest() {
    let x = Tensor([2, .nan, -1, 2, -.infinity] as [Double])
    #expect(x.sorted().indices.scalars() == [4, 2, 0, 3, 1])
    #expect(x.sorted(isDescending: true).indices.scalars() == [1, 0, 3, 2, 4])
    #expect(x.sorted().values[0..<4].isClose(to: Tensor([-.infinity, -1, 2, 2] as [Double])))
    #expect(x.topK(3).indices.scalars() == [1, 0, 3])
  }

  /// Equal elements keep their order, and each sends its gradient where it was.
  @Test func tiesSendGradientsInOrder() {
    let x = Tensor([2, 1, 2, 1, 2], dataType: .float64).withGradient()
    let factors = Tensor([1, 2, 3, 4, 5], dataType: .float64)
    for createsGraph in [false, true] {
      func slopes(_ values: Tensor) -> [Double] {
        gradients(
          of: (values * factors[..<values.count]).sum(), withRespectTo: [x], createGraph: createsGraph)[0]
          .scalars()
      }
      #expect(slopes(x.sorted().values) == [3, 1, 4, 2, 5])
      #expect(slopes(x.sorted(isDescending: true).values) == [1, 4, 2, 5, 3])
      #expect(slopes(x.topK(2).values) == [1, 0, 2, 0, 0])
      #expect(slopes(x.topK(4).values) == [1, 4, 2, 0, 3])
    }
  }

  @Test func sortsAlongAnyAxis() {
    let x = Tensor([[3, 1], [2, 5], [1, 4]])
    let (values, indices) = x.sorted(axis: 0)
    #expect(values.isClose(to: Tensor([[1, 1], [2, 4], [3, 5]])))
    #expect(indices.isClose(to: Tensor([[2, 0], [1, 2], [0, 1]])))
    #expect(x.gathered(at: indices, axis: 0).isClose(to: values))
    let top = x.topK(1, axis: 0)
    #expect(top.values.isClose(to: Tensor([[3, 5]])))
    #expect(top.indices.isClose(to: Tensor([[0, 1]])))
  }

  /// Many elements are chosen by sorting, few without; the order is the same.
  @Test func topKIsThePrefixOfTheOrder() {
    let x = (sample([3, 70]) * 5).cast(to: .int64)
    let all = x.sorted(isDescending: true)
    for count in [1, 31, 33, 70] {
      let top = x.topK(count)
      #expect(top.values.isClose(to: all.values[TensorIndex.ellipsis, ..<count]))
      #expect(top.indices.isClose(to: all.indices[TensorIndex.ellipsis, ..<count]))
    }
  }

  @Test func nothingIsInOrder() {
    #expect(Tensor.zeros([2, 0]).sorted().indices.shape == [2, 0])
    #expect(Tensor.zeros([0, 3]).topK(2).values.shape == [0, 2])
    #expect(Tensor.zeros([2, 3]).topK(0).values.shape == [2, 0])
  }
}
