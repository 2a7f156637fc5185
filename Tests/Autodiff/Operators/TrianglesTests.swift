import AdjointAutodiff
import TestSupport
import Testing

@Suite struct TrianglesTests {
  static let cases: [OperatorCase] = [-4, -1, 0, 2].flatMap { diagonal in
    [
      OperatorCase("lowerTriangle \(diagonal)", sample([2, 3, 4])) {
        $0.lowerTriangle(diagonal: diagonal).squared()
      },
      OperatorCase("upperTriangle \(diagonal)", sample([4, 3])) {
        $0.upperTriangle(diagonal: diagonal).squared()
      },
    ]
  }

  static let diagonals: [OperatorCase] = [
    OperatorCase("diagonal", sample([3, 4])) { $0.diagonal().squared() },
    OperatorCase("diagonal, high", sample([2, 5, 3])) { $0.diagonal().squared() },
    OperatorCase("diagonal, outer axes", sample([3, 2, 4])) { $0.diagonal(2, 0).squared() },
  ]

  @Test(arguments: cases + diagonals) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func keepsOneSideOfADiagonal() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.lowerTriangle().isClose(to: Tensor([[1, 0, 0], [4, 5, 0]])))
    #expect(x.lowerTriangle(diagonal: -1).isClose(to: Tensor([[0, 0, 0], [4, 0, 0]])))
    #expect(x.upperTriangle(diagonal: 1).isClose(to: Tensor([[0, 2, 3], [0, 0, 6]])))
    #expect(x.lowerTriangle(diagonal: .max).isClose(to: x))
    #expect(x.upperTriangle(diagonal: .max).isClose(to: Tensor.zeros(like: x)))
  }

  /// What is cut away does not matter, not even to the gradient.
  @Test func infinitiesBeyondTheDiagonalVanish() {
    let x = Tensor([[1, .infinity], [2, 3]]).withGradient()
    let y = x.lowerTriangle()
    #expect(y.isClose(to: Tensor([[1.0, 0], [2, 3]])))
    y.sum().backward()
    #expect(x.gradient!.isClose(to: Tensor([[1.0, 0], [1, 1]])))
  }

  @Test func readsDiagonals() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(x.diagonal().isClose(to: Tensor([1, 5])))
    #expect(x.transposed().diagonal().isClose(to: Tensor([1, 5])))
    #expect(Tensor.zeros([3, 0]).diagonal().shape == [0])
    #expect(Tensor.zeros([0, 3]).diagonal().shape == [0])
    #expect(sample([3, 2, 4]).diagonal(0, 2).shape == [2, 3])
  }
}
