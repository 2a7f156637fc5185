import AdjointAutodiff
import TestSupport
import Testing

@Suite struct RearrangingTests {
  static let cases: [OperatorCase] = {
    let x = sample([2, 3, 4])
    return [
      OperatorCase("swappedAxes", x) { $0.swappedAxes(0, -1).squared() },
      OperatorCase("movedAxis", x) { $0.movedAxis(from: 0, to: -1).squared() },
      OperatorCase("flipped", x) { $0.flipped(axes: [1, -1]).squared().weighted() },
      OperatorCase("rolled", x) { $0.rolled(by: [1, -6], axes: [1, 2]).squared().weighted() },
      OperatorCase("tiled", x) { $0.tiled(by: [2, 1, 3]).squared().weighted() },
      OperatorCase("repeated", x) { $0.repeated(count: 3, axis: 1).squared().weighted() },
      OperatorCase("tiled and repeated, size 1", sample([1, 3])) {
        $0.tiled(by: [4, 1]).repeated(count: 1, axis: -1).squared()
      },
    ]
  }()

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func putsElementsInTheirPlaces() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.flipped(axes: [1]).isClose(to: Tensor([[3, 2, 1], [6, 5, 4]])))
    #expect(x.transposed().flipped().isClose(to: Tensor([[6, 3], [5, 2], [4, 1]])))
    #expect(x.rolled(by: [1, -1]).isClose(to: Tensor([[5, 6, 4], [2, 3, 1]])))
    #expect(x.tiled(by: [2, 1]).isClose(to: Tensor([[1, 2, 3], [4, 5, 6], [1, 2, 3], [4, 5, 6]])))
    #expect(
      Tensor([[1, 2], [3, 4]]).repeated(count: 2, axis: 1).isClose(
        to: Tensor([[1, 1, 2, 2], [3, 3, 4, 4]])))
    #expect(sample([2, 3, 5, 7]).movedAxis(from: 1, to: 3).shape == [2, 5, 7, 3])
    #expect(sample([2, 3, 5, 7]).movedAxis(from: 3, to: 0).shape == [7, 2, 3, 5])
  }

  @Test func emptyAxesStayEmpty() {
    let x = Tensor.zeros([0, 3])
    #expect(x.flipped().shape == [0, 3])
    #expect(x.rolled(by: [2, 1]).shape == [0, 3])
    #expect(x.tiled(by: [3, 2]).shape == [0, 6])
    #expect(Tensor.zeros([2, 3]).repeated(count: 0, axis: 1).shape == [2, 0])
  }

  @Test func flattensFromAnAxisOfEitherEnd() {
    let x = Tensor.ones([2, 3, 4])
    #expect(x.flattened().shape == [2, 12])
    #expect(x.flattened(from: -2).shape == [2, 12])
    #expect(x.flattened(from: -3).shape == [24])
    #expect(x.flattened(from: 3).shape == [2, 3, 4, 1])
  }
}
