import AdjointAutodiff
import TestSupport
import Testing

@Suite struct HooksTests {
  @Test func aHookThatGivesNothingLeavesTheGradient() {
    OperatorCase("onGradient", sample([2, 3])) { $0.squared().onGradient { _ in nil }.squared() }.check()
  }

  @Test func whatAHookGivesGoesOnInItsPlaceAtEveryOrder() {
    let x = Tensor([1, 2], dataType: .float64).withGradient()
    let y = x.squared().onGradient { $0 * 10 }.squared()
    let first = gradients(of: y.sum(), withRespectTo: [x], createGraph: true)[0]
    #expect(first.scalars(as: Double.self) == [40, 320])
    let second = gradients(of: first.sum(), withRespectTo: [x])[0]
    // The gradient of the square, 40x · x², comes by the hook once more on its way through x².
    #expect(second.scalars(as: Double.self) == [840, 3360])
  }
}
