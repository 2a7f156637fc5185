import AdjointAutodiff
import AdjointOptimizers
import TestSupport
import Testing

/// What becomes of gradients between a pass back and a step.
@Suite struct GradientTests {
  /// The second loss goes through parameters of both optimizers.
  @Test func droppedGradientsTakeNoPartInTheNextStep() {
    let (first, second) = (Parameter(sample([3])), Parameter(sample([3], seed: 2)))
    let before = [first, second].map { $0.value.scalars(as: Double.self) }
    let (one, other) = (SGD([first], learningRate: 0.25), SGD([second], learningRate: 0.5))
    (first.value * second.value).sum().backward()
    one.step()
    other.dropGradients()
    #expect(second.gradient == nil)
    #expect(other.stepCount == 0)
    second.value.sum().backward()
    other.step()
    #expect(first.value.scalars() == zip(before[0], before[1]).map { $0 - 0.25 * $1 })
    #expect(second.value.scalars() == before[1].map { $0 - 0.5 })
  }
}
