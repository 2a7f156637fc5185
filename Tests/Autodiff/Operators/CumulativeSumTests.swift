import AdjointAutodiff
import TestSupport
import Testing

@Suite struct CumulativeSumTests {
  static let cases: [OperatorCase] = [0, 1, -1].flatMap { axis in
    [false, true].map { isReversed in
      OperatorCase("cumulativeSum along \(axis)", sample([3, 4, 2])) {
        $0.cumulativeSum(axis: axis, isReversed: isReversed).squared()
      }
    }
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func addsUp() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.cumulativeSum(axis: 1).isClose(to: Tensor([[1, 3, 6], [4, 9, 15]])))
    #expect(x.cumulativeSum(axis: 0, isReversed: true).isClose(to: Tensor([[5, 7, 9], [4, 5, 6]])))
    #expect(Tensor.zeros([2, 0]).cumulativeSum(axis: 1).shape == [2, 0])
  }
}
