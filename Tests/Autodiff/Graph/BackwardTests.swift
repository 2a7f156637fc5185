import AdjointAutodiff
import TestSupport
import Testing

@Suite struct BackwardTests {
  @Test func oneStepOnAParabolaFollowsTheGradient() {
    var weight = Tensor(1.0).withGradient()
    let loss = (weight - 5).squared()
    loss.backward()
    weight = weight.detached() - 0.01 * weight.gradient!
    #expect(weight.isClose(to: Tensor(1.08)))
  }

  @Test func gradientsAddUpInALeaf() {
    let x = Tensor([1, 2, 3], dataType: .float64).withGradient()
    (x * x).sum().backward()
    (x * 3).sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [5, 7, 9])
  }

  @Test func aTensorUsedTwicePassesBothGradients() {
    let x = Tensor([2, 3], dataType: .float64).withGradient()
    let y = x * x
    (y * y + y).sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [36, 114])
  }

  @Test func cotangentWeighsTheOutputs() {
    let x = Tensor([1, 2, 3], dataType: .float64).withGradient()
    x.squared().backward(Tensor([1, 10, 100], dataType: .float64))
    #expect(x.gradient!.scalars(as: Double.self) == [2, 40, 600])
  }

  @Test func anyOfSeveralPathsMayWantTheOutput() {
    let factors = [2.0, 3, 5].map { Tensor($0, dataType: .float64).withGradient() }
    let volume = withoutRecording { factors[0] * factors[1] * factors[2] }.recorded(
      as: "volume",
      GradientPath(to: factors[0]) { $0 * factors[1] * factors[2] },
      GradientPath(to: factors[1], keepingOutput: { $0 * $1 / factors[1] }),
      GradientPath(to: factors[2]) { $0 * factors[0] * factors[1] })
    let slopes = gradients(of: volume, withRespectTo: factors, createGraph: true)
    #expect(slopes.map { $0.scalar(as: Double.self) } == [15, 10, 6])
    let second = gradients(of: slopes[1], withRespectTo: [factors[0], factors[2]])
    #expect(second.map { $0.scalar(as: Double.self) } == [5, 2])
  }

  @Test func gradientsAreSummedToBroadcastInputs() {
    let row = Tensor([[1, 2, 3]], dataType: .float64).withGradient()
    let column = Tensor([[10], [20]], dataType: .float64).withGradient()
    (row * column).sum().backward()
    #expect(row.gradient!.shape == [1, 3])
    #expect(row.gradient!.scalars(as: Double.self) == [30, 30, 30])
    #expect(column.gradient!.shape == [2, 1])
    #expect(column.gradient!.scalars(as: Double.self) == [6, 6])
  }

  @Test func functionalGradientsLeaveLeavesAlone() {
    let x = Tensor([1, 2], dataType: .float64).withGradient()
    let middle = x * 3
    let found = gradients(of: (middle * middle).sum(), withRespectTo: [middle, x])
    #expect(found[0].scalars(as: Double.self) == [6, 12])
    #expect(found[1].scalars(as: Double.self) == [18, 36])
    #expect(x.gradient == nil)
  }

  @Test func gradientsOfGradientsToTheThirdOrder() {
    let x = Tensor(2.0, dataType: .float64).withGradient()
    let first = gradients(of: x * x * x * x, withRespectTo: [x], createGraph: true)[0]
    let second = gradients(of: first, withRespectTo: [x], createGraph: true)[0]
    let third = gradients(of: second, withRespectTo: [x])[0]
    #expect(first.scalar(as: Double.self) == 32)
    #expect(second.scalar(as: Double.self) == 48)
    #expect(third.scalar(as: Double.self) == 48)
  }

  @Test func unconnectedTensorsMayTakeZero() {
    let (x, y) = (Tensor([1.0]).withGradient(), Tensor([1.0, 2.0]).withGradient())
    let found = gradients(of: x.sum(), withRespectTo: [y], unconnected: .zeros)
    #expect(found[0].scalars(as: Double.self) == [0, 0])
  }

  @Test func aRetainedGraphServesTwice() {
    let x = Tensor([3.0], dataType: .float64).withGradient()
    let y = x.squared()
    y.backward(retainGraph: true)
    y.backward()
    #expect(x.gradient!.scalar(as: Double.self) == 12)
  }

  @Test func aReleasedGraphBehindATensorDoesNotMatter() {
    let x = Tensor([1.0]).withGradient()
    let y = x.exp()
    let z = (y * 2).sum()
    y.backward()
    #expect(gradients(of: z, withRespectTo: [y])[0].scalar(as: Double.self) == 2)
  }

  @Test func whatLiesBehindATensorCostsNothing() {
    let x = Tensor([1.0], dataType: .float64).withGradient()
    var y = x
    for _ in 0..<20_000 {
      y = y * 1.0001
      #expect(gradients(of: y * 2, withRespectTo: [y])[0].scalar(as: Double.self) == 2)
    }
    y.backward()
    #expect(abs(x.gradient!.scalar(as: Double.self) - 7.388_317_280) < 1e-6)
  }

  @Test func detachedAndUnrecordedValuesPassNothing() {
    let x = Tensor([3.0], dataType: .float64).withGradient()
    (x.detached() * x).sum().backward()
    #expect(x.gradient!.scalar(as: Double.self) == 3)
    #expect(withoutRecording { x * x }.isRecorded == false)
    let (within, after) = withoutRecording { (withRecording { x * x }, x * x) }
    #expect(within.isRecorded && !after.isRecorded)
    #expect((x * x).isRecorded)
    #expect(withoutRecording { x.layerNormalized() }.isRecorded == false)
    #expect(x.layerNormalized().isRecorded)
  }

  @Test func operatorsWithNothingToDoAreNotRecordedEither() {
    let x = sample([2, 3]).withGradient()
    let image = sample([1, 4, 4, 2]).withGradient()
    let idle: [() -> Tensor] = [
      { x.reshaped(to: [2, 3]) }, { x.flattened() }, { x.broadcast(to: [2, 3]) }, { x.cast(to: .float64) },
      { x.movedAxis(from: 1, to: 1) }, { x.rolled(by: [2, 0]) }, { x.dropout(probability: 0) },
      { x.stochasticDepth(probability: 0) }, { image.resized(to: 4, .nearest) },
      { x.padded(widths: [PaddingWidths(0), PaddingWidths(0)], mode: .edge) }, { .einsum("ij->ij", x) },
    ]
    for (index, value) in idle.enumerated() {
      #expect(!withoutRecording(value).isRecorded, "operator \(index)")
      #expect(value().isRecorded, "operator \(index)")
    }
  }

  @Test func anOperatorOfOnesOwnHasAllOrders() {
    func cubed(_ x: Tensor) -> Tensor {
      withoutRecording { x * x * x }.recorded(as: "cubed", GradientPath(to: x) { 3 * x * x * $0 })
    }
    let x = Tensor([2.0], dataType: .float64).withGradient()
    let first = gradients(of: cubed(x), withRespectTo: [x], createGraph: true)[0]
    let second = gradients(of: first, withRespectTo: [x])[0]
    #expect(first.scalar(as: Double.self) == 12)
    #expect(second.scalar(as: Double.self) == 12)
  }

  @Test func pathsAreMadeOnlyWhereAnOperatorIsRecorded() {
    let x = Tensor([2.0], dataType: .float64).withGradient()
    var made = 0
    func path() -> GradientPath? {
      made += 1
      return GradientPath(to: x) { $0 }
    }
    func operators() {
      _ = (x * 1).recorded(as: "first", path()).recorded(as: "second", path(), path())
        .recorded(as: "third", path(), path(), path())
    }
    withoutRecording { operators() }
    #expect(made == 0)
    operators()
    #expect(made == 6)
  }

  @Test func assignedElementsPassGradientsToTheirSource() {
    let x = Tensor([1, 2, 3], dataType: .float64).withGradient()
    let y = Tensor([7], dataType: .float64).withGradient()
    var z = x * 2
    z[1...1] = y * 5
    (z * Tensor([1, 10, 100], dataType: .float64)).sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [2, 0, 200])
    #expect(y.gradient!.scalars(as: Double.self) == [50])
  }

  @Test func aWideGraphAddsUpInOrder() {
    let x = Tensor([1.0], dataType: .float64).withGradient()
    let branches = (0..<300).map { x * Double($0) }
    branches.dropFirst().reduce(branches[0]) { $0 + $1 }.backward()
    #expect(x.gradient!.scalar(as: Double.self) == 44_850)
  }

  @Test func twoThreadsWalkGraphsThatShareNodes() async {
    let x = Tensor([1.5], dataType: .float64).withGradient()
    let shared = x.squared()
    await withTaskGroup(of: Double.self) { group in
      for factor in 1...8 {
        group.addTask {
          gradients(of: shared * Double(factor), withRespectTo: [x], retainGraph: true)[0].scalar()
        }
      }
      var total = 0.0
      for await gradient in group { total += gradient }
      #expect(total == 3 * 36)
    }
  }
}
