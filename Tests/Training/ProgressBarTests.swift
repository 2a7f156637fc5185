import Testing

@testable import AdjointTraining

@Suite struct ProgressBarTests {
  @Test func aTerminalGetsABarThatFills() {
    var bar = ProgressBar("epoch 1", count: 3, isTerminal: true)
    #expect(bar.line == "epoch 1 [\(String(repeating: "·", count: 30))] 0/3")
    for _ in 0..<3 { bar.advance("loss 0.5") }
    #expect(bar.line == "epoch 1 [\(String(repeating: "█", count: 30))] 3/3  loss 0.5")
  }

  @Test func otherwiseThereAreNoBars() {
    var bar = ProgressBar("epoch 1", count: 10, isTerminal: false)
    bar.advance("loss 0.5")
    #expect(bar.line == "epoch 1 1/10  loss 0.5")
  }
}
