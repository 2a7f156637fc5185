import AdjointAutodiff
import Testing

@Suite struct CastingTests {
  /// Rounding to float32 hides slopes from finite differences, so the numbers here are exact.
  @Test func gradientsAreCastBackAtBothOrders() {
    let x = Tensor([1, -2, 0.5], dataType: .float64).withGradient()
    let y = x.cast(to: .float32).squared() * Tensor([1, 2, 3], dataType: .float32)
    let first = gradients(of: y.sum(), withRespectTo: [x], createGraph: true)[0]
    #expect(first.dataType == .float64)
    #expect(first.scalars(as: Double.self) == [2, -8, 3])
    let second = gradients(of: first.sum(), withRespectTo: [x])[0]
    #expect(second.scalars(as: Double.self) == [2, 4, 6])
  }
}
