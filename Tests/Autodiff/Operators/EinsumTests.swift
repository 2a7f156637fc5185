import AdjointAutodiff
import TestSupport
import Testing

@Suite struct EinsumTests {
  struct Equation: Sendable, CustomTestStringConvertible {
    let text: String
    let shapes: [Shape]
    let output: Shape

    init(_ text: String, _ shapes: [Shape], _ output: Shape) {
      (self.text, self.shapes, self.output) = (text, shapes, output)
    }

    var testDescription: String { "\(text) \(shapes)" }

    var operands: [Tensor] { shapes.enumerated().map { sample($1, seed: UInt64($0 + 1)) } }

    @Sendable func callAsFunction(_ x: [Tensor]) -> Tensor {
      switch x.count {
      case 1: .einsum(text, x[0])
      case 2: .einsum(text, x[0], x[1])
      default: .einsum(text, x[0], x[1], x[2])
      }
    }
  }

  static let equations: [Equation] = [
    Equation("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]], [2, 3, 5]),
    Equation("bij , jk -> kbi", [[2, 3, 4], [4, 5]], [5, 2, 3]),
    Equation("ij,kj", [[3, 4], [2, 4]], [3, 2]),
    Equation("ba", [[3, 4]], [4, 3]),
    Equation("i,j->ji", [[3], [4]], [4, 3]),
    Equation("i,i->", [[5], [5]], []),
    Equation("i,i->i", [[5], [5]], [5]),
    Equation("ii", [[3, 3]], []),
    Equation("ii->i", [[3, 3]], [3]),
    Equation("iji,j->ij", [[3, 2, 3], [2]], [3, 2]),
    Equation("iii->i", [[2, 2, 2]], [2]),
    Equation("ij->", [[2, 3]], []),
    Equation("ijk->k", [[2, 3, 4]], [4]),
    Equation("ij,kl->il", [[2, 3], [4, 5]], [2, 5]),
    Equation("bi,ij,bj->b", [[2, 3], [3, 4], [2, 4]], [2]),
    Equation("...ij->...ji", [[2, 5, 3, 4]], [2, 5, 4, 3]),
    Equation("...ij,...jk", [[2, 1, 3, 4], [5, 4, 2]], [2, 5, 3, 2]),
    Equation("i...,...->...i", [[4, 2, 3], [3]], [2, 3, 4]),
    Equation("b...c,c...->b...", [[2, 1, 3], [3, 4]], [2, 4]),
    Equation("...,...->...", [[], [2]], [2]),
    Equation("ijab,klab->ijkl", [[2, 3, 2, 2], [3, 1, 2, 2]], [2, 3, 3, 1]),
  ]

  @Test(arguments: equations) func hasBothDerivatives(_ equation: Equation) {
    OperatorCase(equation.text, equation.operands) { equation($0) }.check()
  }

  @Test(arguments: equations) func hasItsShape(_ equation: Equation) {
    #expect(equation(equation.operands).shape == equation.output)
  }

  /// The sum over all labels, written out.
  @Test func sumsProducts() {
    let (x, y, z) = (sample([2, 3, 3]), sample([4, 3], seed: 2), sample([2, 4], seed: 3))
    var expected = Tensor.zeros([3, 4], dataType: .float64)
    for b in 0..<2 {
      for i in 0..<3 {
        for k in 0..<4 { expected[i, k] = expected[i, k] + x[b, i, i] * y[k, i] * z[b, k] }
      }
    }
    #expect(Tensor.einsum("bii,ki,bk->ik", x, y, z).isClose(to: expected, relativeTolerance: 1e-12))
    let m = Tensor([[1, 2], [3, 4]])
    #expect(Tensor.einsum("ii", m).scalar() == 5)
    #expect(Tensor.einsum("ij,jk", m, m).isClose(to: m.matrixProduct(m)))
  }

  /// In the order in which their labels appear, so that the bits of a sum are the same in every run.
  @Test func diagonalsAreTakenInOrder() {
    let x = sample([2, 3, 4, 5, 2, 3, 4, 5])
    let diagonal = x.diagonal(0, 4).diagonal(0, 3).diagonal(0, 2).diagonal(0, 1)
    let sum = Tensor.einsum("abcdabcd->", x).scalar(as: Double.self)
    #expect(sum == diagonal.sum().scalar())
    #expect(sum != diagonal.transposed([2, 0, 3, 1]).sum().scalar())
  }

  @Test func emptyAxesSumToZero() {
    #expect(Tensor.einsum("ij,jk", .zeros([2, 0]), .zeros([0, 3])).isClose(to: .zeros([2, 3])))
    #expect(Tensor.einsum("ii", .zeros([0, 0])).scalar(as: Double.self) == 0)
  }

  @Test func outerProductsHaveBothDerivatives() {
    OperatorCase("outerProduct", sample([4]), sample([3], seed: 2)) { $0.outerProduct($1).squared() }.check()
    #expect(Tensor([1, 2]).outerProduct(Tensor([3, 4, 5])).isClose(to: Tensor([[3, 4, 5], [6, 8, 10]])))
  }
}
