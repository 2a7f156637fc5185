import AdjointAutodiff
import TestSupport
import Testing

@Suite struct MarkingTests {
  /// So many elements that the rectifier keeps marks, in no whole number of vectors.
  private static let shape: Shape = [67, 9, 11]

  @Test(arguments: [DataType.float32, .float64])
  func bothDerivativesOfMarkedRectifiers(dataType: DataType) {
    let weights = sample(Self.shape, seed: 2).cast(to: dataType)
    for numbers in [sample(Self.shape), sample([11, 9, 67]).transposed([2, 1, 0])] {
      let x = numbers.cast(to: dataType).withGradient()
      let isPositive = (x.detached() .> 0).cast(to: dataType)
      let slope = gradients(of: x.relu().squared().sum(), withRespectTo: [x])[0]
      #expect(slope.isClose(to: 2 * x.detached() * isPositive, relativeTolerance: 0, absoluteTolerance: 0))
      let recorded = gradients(of: x.relu().squared().sum(), withRespectTo: [x], createGraph: true)[0]
      #expect(recorded.isClose(to: slope, relativeTolerance: 0, absoluteTolerance: 0))
      let curvature = gradients(of: (recorded * weights).sum(), withRespectTo: [x])[0]
      #expect(curvature.isClose(to: 2 * weights * isPositive, relativeTolerance: 1e-6, absoluteTolerance: 0))
    }
  }

  @Test func nothingLeaksFromWhatIsRectifiedAway() {
    let x = (sample(Self.shape).absolute() + 0.5) * -1
    let leaf = x.withGradient()
    let cotangent = Tensor.filled(with: .nan, shape: Self.shape, dataType: x.dataType)
    for createGraph in [false, true] {
      let gradient = gradients(
        of: leaf.relu(), withRespectTo: [leaf], cotangent: cotangent, createGraph: createGraph)[0]
      #expect(gradient.scalars(as: Double.self).allSatisfy { $0 == 0 })
    }
  }

  @Test func whatIsDroppedScalesACotangentOfOthers() {
    let x = Tensor.ones(Self.shape, dataType: .float64).withGradient()
    let cotangent = sample(Self.shape, seed: 2)
    let held = cotangent.copied()
    let y = x.dropout(probability: 0.25, from: RandomStream(seed: 3))
    let gradient = gradients(of: y, withRespectTo: [x], cotangent: cotangent)[0]
    #expect(gradient.isClose(to: cotangent * y.detached(), relativeTolerance: 1e-15, absoluteTolerance: 0))
    #expect(cotangent.isClose(to: held, relativeTolerance: 0, absoluteTolerance: 0))
  }

  @Test func theOutputNeedNotBeKept() async {
    // In a process of its own: other tests use memory too.
    await #expect(processExitsWith: .success) {
      let x = Tensor.ones([64, 1_024]).withGradient()
      let before = Execution.memoryUse.inUse
      let sum = x.relu().sum()
      #expect(Execution.memoryUse.inUse - before < 64 * 1_024)
      sum.backward()
      #expect(x.gradient!.isClose(to: .ones([64, 1_024])))
    }
  }
}
