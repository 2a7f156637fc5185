import AdjointAutodiff
import TestSupport
import Testing

@Suite struct JoiningTests {
  static let cases: [OperatorCase] = [
    OperatorCase(
      "concatenate",
      [sample([2, 3, 2]), sample([2, 1, 2], seed: 2), sample([2, 0, 2]), sample([2, 2, 2])]
    ) { Tensor.concatenate($0, axis: 1).squared() },
    OperatorCase("concatenate, last axis", [sample([3, 1]), sample([3, 4], seed: 2)]) {
      Tensor.concatenate($0, axis: -1).squared()
    },
    OperatorCase("concatenate, twice the same", sample([3, 2])) { Tensor.concatenate([$0, $0.exp()]) * 2 },
    OperatorCase("stack", [sample([2, 3]), sample([2, 3], seed: 2)]) { Tensor.stack($0, axis: 1).squared() },
    OperatorCase("stack at the end", [sample([2, 3]), sample([2, 3], seed: 2)]) {
      Tensor.stack($0, axis: -1).squared()
    },
    OperatorCase("split", sample([2, 6, 3])) {
      let parts = $0.split(sizes: [2, 0, 3, 1], axis: 1)
      return parts[0].sum() * parts[2].squared() + parts[3]
    },
  ]

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func putsTensorsOneAfterAnother() {
    let (x, y) = (Tensor([[1, 2], [3, 4]]), Tensor([[5], [6]]))
    #expect(Tensor.concatenate([x, y], axis: 1).isClose(to: Tensor([[1, 2, 5], [3, 4, 6]])))
    #expect(
      Tensor.concatenate([x.transposed(), x]).isClose(to: Tensor([[1, 3], [2, 4], [1, 2], [3, 4]])))
    #expect(Tensor.concatenate([.zeros([0, 2]), .zeros([0, 2])]).shape == [0, 2])
    #expect(
      Tensor.stack([Tensor([1, 2]), Tensor([3, 4])], axis: -1).isClose(to: Tensor([[1, 3], [2, 4]])))
    #expect(Tensor.stack([Tensor(1), Tensor(2)]).isClose(to: Tensor([1, 2])))
  }

  @Test func splitIsTheInverse() {
    let x = sample([3, 5, 2])
    let parts = x.split(sizes: [1, 4], axis: 1)
    #expect(parts.map(\.shape) == [[3, 1, 2], [3, 4, 2]])
    #expect(Tensor.concatenate(parts, axis: 1).isClose(to: x))
  }
}
