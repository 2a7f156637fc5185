import AdjointAutodiff
import Testing

@Suite struct AnomalyTests {
  /// Not the arithmetic within, nor what it does with a rounded mean.
  @Test func aNormalizationIsReportedAsOne() {
    let x = Tensor([[.nan, 1], [2, 3]]).withGradient()
    let (_, anomaly) = detectingAnomalies {
      x.batchNormalized(scale: .ones([2]), offset: .zeros([2])).output
    }
    #expect(anomaly?.operation == "batchNormalized")
  }

  @Test func theFirstOperatorIsFoundAndNotItsVictims() {
    let x = Tensor([4.0, -1.0]).withGradient()
    let (value, anomaly) = detectingAnomalies { ((x * 2).log() + 1).exp().sum() }
    #expect(value.scalar(as: Double.self).isNaN)
    #expect(anomaly?.operation == "log")
    #expect(anomaly?.output.nanCount == 1)
    #expect(anomaly?.operands.map(\.range) == [-2...8])
    #expect(anomaly?.operands.allSatisfy(\.isFinite) == true)
    #expect(anomaly.map { "\($0)".contains("log gave the first value that is not finite") } == true)
  }

  @Test func passesBackOfBothOrdersAreWatched() {
    let x = Tensor([0.0, 1.0], dataType: .float64).withGradient()
    let first = detectingAnomalies { x.squareRoot().sum().backward() }.anomaly
    #expect(first?.gradientOf == "squareRoot")
    #expect(first?.output.infinityCount == 1)
    // The first derivative of x^1.5 is finite at 0, the second is not.
    let second = detectingAnomalies {
      let slope = gradients(of: x.raised(to: 1.5).sum(), withRespectTo: [x], createGraph: true)[0]
      return gradients(of: slope.sum(), withRespectTo: [x])
    }.anomaly
    #expect(second?.gradientOf == "raised")
    #expect(second?.operation == "raised")
  }

  @Test func fusedRulesAreWatched() {
    let x = Tensor([1.0, 2.0]).withGradient()
    let anomaly = detectingAnomalies {
      x.tanh().backward(Tensor([Float.infinity, 1]))
    }.anomaly
    #expect(anomaly?.operation == "tanh gradient")
    #expect(anomaly?.operands.map(\.shape) == [[2]])
    #expect(anomaly?.operands.map(\.infinityCount) == [1])
  }

  @Test func operatorsInPlaceAreWatched() {
    let anomaly = detectingAnomalies {
      var x = Tensor([1.0, 2.0])
      x /= Tensor([0.0, 1.0])
      return x.exp()
    }.anomaly
    #expect(anomaly?.operation == "divide")
    #expect(anomaly?.operands.allSatisfy(\.isFinite) == true)
  }

  @Test func sumsOfGradientsAreWatched() {
    let largest = Tensor([Float.greatestFiniteMagnitude])
    let x = Tensor([1.0]).withGradient()
    let inOnePass = detectingAnomalies { (x * 1 + x * 1).backward(largest) }.anomaly
    #expect(inOnePass?.operation == "add")
    let y = Tensor([1.0]).withGradient()
    let inTwo = detectingAnomalies { for _ in 0..<2 { (y * 1).backward(largest) } }.anomaly
    #expect(inTwo?.operation == "add")
    #expect(inTwo?.operands.map(\.isFinite) == [true, true])
  }

  @Test func finiteProgramsHaveNone() {
    let x = Tensor([1.0, 2.0]).withGradient()
    #expect(detectingAnomalies { x.exp().sum().backward() }.anomaly == nil)
  }

  @Test func whatIsInfiniteOnTheWayToAFiniteValueIsNone() {
    let functions: [(Tensor) -> Tensor] = [
      { ($0 * 1e30).l2Norm() }, { ($0 * 1000).logSumExp() },
      { $0.raised(to: Tensor([2.0, 2.0])) }, { $0.raised(to: Tensor([0.0, 2.0])) },
      { $0.binaryCrossEntropy(targets: Tensor([0.0, 1.0])) },
      { $0.binaryCrossEntropy(targets: Tensor([1.0, 0.0])) },
    ]
    for (index, function) in functions.enumerated() {
      let x = Tensor([0.0, 1.0]).withGradient()
      let (value, anomaly) = detectingAnomalies {
        let value = function(x).sum()
        value.backward(retainGraph: true)
        return value
      }
      #expect(anomaly == nil, "function \(index): \(anomaly!)")
      #expect(value.scalar(as: Double.self).isFinite)
      #expect(x.gradient!.isFinite().scalars(as: Bool.self) == [true, true])
    }
  }

  @Test func hooksSeeAndChangeGradients() {
    let x = Tensor([1.0, 2.0]).withGradient()
    nonisolated(unsafe) var seen: [Float] = []
    let watched = (x * 3).onGradient { gradient in
      seen = gradient.scalars()
      return gradient * 10
    }
    (watched * 2).sum().backward()
    #expect(seen == [2, 2])
    #expect(x.gradient!.scalars(as: Float.self) == [60, 60])
  }
}
