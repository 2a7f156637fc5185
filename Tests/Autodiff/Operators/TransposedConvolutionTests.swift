import AdjointAutodiff
import TestSupport
import Testing

@Suite struct TransposedConvolutionTests {
  static let uneven = Padding.explicit([
    PaddingWidths(before: 1, after: 0), PaddingWidths(before: 0, after: 2),
  ])

  static let cases: [OperatorCase] = [
    OperatorCase("1D", [sample([2, 4, 3]), sample([3, 2, 3], seed: 2), sample([2], seed: 3)]) {
      $0[0].transposeConvolved(
        with: $0[1], bias: $0[2], strides: 2, padding: .symmetric(1), outputPadding: 1)
    },
    OperatorCase("2D", [sample([2, 3, 4, 2]), sample([3, 2, 5, 2], seed: 2), sample([5], seed: 3)]) {
      $0[0].transposeConvolved(with: $0[1], bias: $0[2])
    },
    OperatorCase(
      "2D, all options", [sample([1, 3, 4, 4]), sample([2, 3, 3, 4], seed: 2), sample([6], seed: 3)]
    ) {
      $0[0].transposeConvolved(
        with: $0[1], bias: $0[2], strides: [3, 1], padding: uneven, outputPadding: [2, 1],
        dilations: [1, 2], groups: 2)
    },
    OperatorCase("2D, depthwise", sample([1, 3, 2, 3]), sample([2, 2, 1, 3], seed: 2)) {
      $0.transposeConvolved(with: $1, strides: 2, groups: 3)
    },
    OperatorCase("2D, same", sample([1, 3, 4, 2]), sample([3, 2, 2, 2], seed: 2)) {
      $0.transposeConvolved(with: $1, strides: [2, 3], padding: .same)
    },
    OperatorCase("3D", [sample([1, 2, 3, 2, 2]), sample([2, 1, 3, 3, 2], seed: 2), sample([3], seed: 3)]) {
      $0[0].transposeConvolved(with: $0[1], bias: $0[2], strides: [1, 2, 3])
    },
  ]

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  /// ⟨transposed(x), y⟩ = ⟨x, convolved(y)⟩ for the convolution in the other direction.
  @Test func isTheTransposeOfAConvolution() {
    let (x, filter) = (sample([2, 3, 4, 5]), sample([3, 2, 4, 5], seed: 2))
    let output = x.transposeConvolved(with: filter, strides: [2, 3], padding: Self.uneven)
    #expect(output.shape == [2, 6, 9, 4])
    let y = sample(output.shape, seed: 3)
    let back = y.convolved(with: filter, strides: [2, 3], padding: Self.uneven)
    #expect(back.shape == x.shape)
    #expect((output * y).sum().isClose(to: (x * back).sum(), relativeTolerance: 1e-12))
  }

  /// Each pixel spreads the filter; where strides leave gaps there is only the bias.
  @Test func addsMultiplesOfTheFilter() {
    let x = Tensor([1.0, 10], shape: [1, 2, 1])
    let filter = Tensor([1.0, 2, 3], shape: [3, 1, 1])
    #expect(x.transposeConvolved(with: filter).scalars(as: Int.self) == [1, 12, 23, 30])
    #expect(
      x.transposeConvolved(with: filter, bias: Tensor([0.5]), strides: 4, outputPadding: 1).scalars(
        as: Double.self)
        == [1.5, 2.5, 3.5, 0.5, 10.5, 20.5, 30.5, 0.5])
    // The last place beyond the stride is out of any filter's reach.
    #expect(
      x.transposeConvolved(with: filter, outputPadding: 1, dilations: 2).scalars(as: Int.self)
        == [1, 10, 2, 20, 3, 30, 0])
    #expect(x.transposeConvolved(with: filter, strides: 5, padding: .same).shape == [1, 10, 1])
  }
}
