import AdjointAutodiff
import TestSupport
import Testing

@Suite struct PixelShuffleTests {
  static let cases: [OperatorCase] = [
    OperatorCase("pixelShuffled", sample([2, 3, 2, 8])) { $0.pixelShuffled(factor: 2).squared() },
    OperatorCase("pixelUnshuffled", sample([1, 3, 6, 2])) { $0.pixelUnshuffled(factor: 3).squared() },
  ]

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func channelsBecomePixels() {
    let x = Tensor([0, 1, 2, 3, 10, 11, 12, 13], shape: [1, 1, 1, 8])
    let y = x.pixelShuffled(factor: 2)
    #expect(y.isClose(to: Tensor([[[[0, 10], [1, 11]], [[2, 12], [3, 13]]]])))
    #expect(y.pixelUnshuffled(factor: 2).isClose(to: x))
    let z = sample([2, 6, 3, 5])
    #expect(z.pixelUnshuffled(factor: 3).pixelShuffled(factor: 3).isClose(to: z))
  }
}
