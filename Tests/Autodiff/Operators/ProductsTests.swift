import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ProductsTests {
  static let cases: [OperatorCase] = {
    let x = sample([2, 3, 5])
    let axes: [[Int]?] = [nil, [1], [2], [0, 2], [-1, 0], []]
    return axes.map { axes in OperatorCase("product over \(axes ?? [])", x) { $0.product(axes: axes) } } + [
      OperatorCase("product, one zero", withZeros(1)) { $0.product(axes: [1], keepsAxes: true).squared() },
      OperatorCase("product, two zeros", withZeros(2)) { $0.product(axes: [1]) },
      OperatorCase("product, three zeros", withZeros(3)) { $0.product(axes: [1]) },
      OperatorCase("product of one", sample([3, 1])) { $0.product(axes: [1]).squared() },
    ]
  }()

  /// Rows of which one has the given number of zeros.
  static func withZeros(_ count: Int) -> Tensor {
    var x = sample([2, 5])
    x[1, 1..<1 + count] = Tensor(0.0, dataType: .float64)
    return x
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func multipliesElements() {
    let x = Tensor([[1, 2, 3], [4, 5, 0]])
    #expect(x.product(axes: [1]).isClose(to: Tensor([6, 0])))
    #expect(x.product().scalar() == 0)
    #expect(x.product(axes: [0], keepsAxes: true).isClose(to: Tensor([[4, 10, 0]])))
    #expect(Tensor.zeros([0, 2]).product(axes: [0]).isClose(to: .ones([2])))
  }

  @Test func theGradientOfAProductWithAZeroIsThatOfTheOthers() {
    let x = Tensor([[2.0, 0, 5], [0, 3, 0]]).withGradient()
    x.product(axes: [1]).sum().backward()
    #expect(x.gradient!.isClose(to: Tensor([[0.0, 10, 0], [0, 0, 0]])))
  }
}
