import AdjointAutodiff
import TestSupport
import Testing

@Suite struct PaddingTests {
  static let widths = [
    PaddingWidths(0), PaddingWidths(before: 1, after: 2), PaddingWidths(before: 3, after: 0),
  ]

  static let cases: [OperatorCase] = [PaddingMode.constant(0), .constant(1.5), .reflect, .edge].map { mode in
    OperatorCase("padded, \(mode)", sample([2, 3, 4])) {
      $0.padded(widths: widths, mode: mode).squared().weighted()
    }
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func extendsAxes() {
    let x = Tensor([1, 2, 3])
    let widths = [PaddingWidths(before: 2, after: 1)]
    #expect(x.padded(widths: widths, mode: .constant(9)).isClose(to: Tensor([9, 9, 1, 2, 3, 9])))
    #expect(x.padded(widths: widths, mode: .reflect).isClose(to: Tensor([3, 2, 1, 2, 3, 2])))
    #expect(x.padded(widths: widths, mode: .edge).isClose(to: Tensor([1, 1, 1, 2, 3, 3])))
    #expect(Tensor.zeros([0]).padded(widths: widths, mode: .constant(1)).isClose(to: .ones([3])))
  }
}
