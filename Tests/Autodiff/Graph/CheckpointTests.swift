import AdjointAutodiff
import AdjointKernels
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct CheckpointTests {
  /// Uses its argument, a captured tensor, randomness, and itself a value from outside.
  private func segment(_ x: Tensor, _ weight: Tensor, _ stream: RandomStream) -> Tensor {
    x.matrixProduct(weight).tanh().dropout(probability: 0.3, from: stream).matrixProduct(weight.transposed())
  }

  @Test func gradientsHaveTheSameBits() {
    func run(isCheckpointed: Bool) -> [[Double]] {
      let x = sample([3, 4]).withGradient()
      let weight = sample([4, 5], seed: 2).withGradient()
      let stream = RandomStream(seed: 9)
      let middle = x * 2
      let y =
        isCheckpointed ? checkpoint { segment(middle, weight, stream) } : segment(middle, weight, stream)
      let after = stream.state
      (y * y + middle).sum().backward()
      #expect(stream.state == after)
      return [x.gradient!, weight.gradient!].map { $0.scalars() }
    }
    #expect(run(isCheckpointed: true) == run(isCheckpointed: false))
  }

  /// What a segment gives a tensor is added up before the rest, and the sum's last bits show the order.
  @Test func sumsInAnotherOrderDifferInTheirLastBits() {
    func run(isCheckpointed: Bool, isUsedAfter: Bool, uses: Int, order: Int) -> Tensor {
      let x = sample([3, 4])
      let weight = sample([4, 4], seed: 2).withGradient()
      let before = x.matrixProduct(weight)
      let segment = { (0..<uses).reduce(before) { y, _ in y.matrixProduct(weight).tanh() } }
      var y = isCheckpointed ? checkpoint(segment) : segment()
      if isUsedAfter { y = y.matrixProduct(weight) }
      let first = gradients(of: y.squared().sum(), withRespectTo: [weight], createGraph: order == 2)[0]
      return order == 1 ? first : gradients(of: first.squared().sum(), withRespectTo: [weight])[0]
    }
    for (isUsedAfter, uses) in [(false, 1), (true, 1), (false, 3), (true, 2)] {
      let (plain, saving) = (
        run(isCheckpointed: false, isUsedAfter: isUsedAfter, uses: uses, order: 1),
        run(isCheckpointed: true, isUsedAfter: isUsedAfter, uses: uses, order: 1)
      )
      let hasSameBits = plain.scalars(as: Double.self) == saving.scalars(as: Double.self)
      #expect(hasSameBits == (!isUsedAfter || uses == 1), "\(uses) uses, and after: \(isUsedAfter)")
      #expect(saving.isClose(to: plain, relativeTolerance: 1e-13))
      let second = run(isCheckpointed: true, isUsedAfter: isUsedAfter, uses: uses, order: 2)
      let expected = run(isCheckpointed: false, isUsedAfter: isUsedAfter, uses: uses, order: 2)
      #expect(second.isClose(to: expected, relativeTolerance: 1e-12))
    }
  }

  /// The outer segment draws from the stream in the inner one alone.
  @Test func nestedSegmentsDrawTheSameNumbersAgain() {
    func run(isCheckpointed: Bool) -> [[Double]] {
      let x = sample([3, 4]).withGradient()
      let stream = RandomStream(seed: 9)
      var y = x
      for _ in 0..<2 {
        let inner = { [y] in y.tanh().dropout(probability: 0.4, from: stream) }
        y = isCheckpointed ? checkpoint { checkpoint(inner).exp() } : inner().exp()
      }
      let after = stream.state
      y.squared().sum().backward()
      #expect(stream.state == after)
      return [y, x.gradient!].map { $0.scalars() }
    }
    #expect(run(isCheckpointed: true) == run(isCheckpointed: false))
  }

  @Test func secondOrderGoesThrough() {
    let weight = sample([4, 2], seed: 2)
    OperatorCase("checkpoint", sample([3, 4]), weight) { x, weight in
      checkpoint { x.matrixProduct(weight).tanh() }.squared()
    }.check()
  }

  /// The segment uses a value and, beside it, what that was computed from.
  @Test func aSourceBehindAnotherIsCountedOnce() {
    OperatorCase("checkpoint", sample([3])) { x in
      let middle = x.squared()
      return checkpoint { middle * x }
    }.check()
  }

  @Test func aLongChainTakesTimeForEachSegmentOnce() {
    let x = Tensor([1.0], dataType: .float64).withGradient()
    var y = x
    for _ in 0..<10_000 { y = checkpoint { [y] in y * 1.0001 } }
    y.backward()
    #expect(abs(x.gradient!.scalar(as: Double.self) - 2.718_145_927) < 1e-6)
  }

  /// Another thread draws from the same stream between two draws of the block's first run, and goes on meanwhile.
  @Test func gradientsKnowTheNumbersThatTheValueDrew() {
    let stream = RandomStream(seed: 1)
    let x = Tensor.ones([256]).withGradient()
    var isFirst = true
    let y = checkpoint {
      let first = x.dropout(probability: 0.5, from: stream)
      if isFirst {
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
          _ = Tensor.uniform([100], from: stream)
          isDone.signal()
        }
        isDone.wait()
      }
      isFirst = false
      return first.dropout(probability: 0.5, from: stream)
    }
    let state = stream.state
    y.sum().backward()
    #expect(x.gradient!.scalars(as: Float.self) == y.scalars(as: Float.self))
    #expect(stream.state == state)
  }

  @Test func aParameterThatTheBlockMakesOnceGetsItsGradient() {
    let x = Tensor([1.0, 2]).withGradient()
    var made: Parameter?
    let y = checkpoint {
      if made == nil { made = Parameter(Tensor([5.0, 6])) }
      return x * made!.value
    }
    y.sum().backward()
    #expect(made!.gradient!.scalars(as: Float.self) == [1, 2])
    #expect(x.gradient!.scalars(as: Float.self) == [5, 6])
  }

  @Test func aLeafThatTheBlockMakesIsItsOwnValue() {
    let x = Tensor.ones([3])
    let leaf = checkpoint { x.withGradient() }
    (leaf * 2).sum().backward()
    #expect(leaf.gradient!.scalars(as: Double.self) == [2, 2, 2])
  }

  @Test func nestedCheckpointsAndOnesWithoutGradients() {
    let x = sample([3]).withGradient()
    checkpoint { checkpoint { x.squared() }.exp() }.sum().backward()
    let expected = x.detached() * 2 * x.detached().squared().exp()
    #expect(x.gradient!.isClose(to: expected, relativeTolerance: 1e-14))
    #expect(checkpoint { x.detached() + 1 }.isRecorded == false)
    #expect(withoutRecording { checkpoint { x + 1 } }.isRecorded == false)
  }

  @Test func theCotangentIsHandedOn() {
    let seen = Mutex<[Bool]>([])
    func noted(_ x: Tensor) -> Tensor {
      x.squared().recorded(as: "noted", from: [x]) { (cotangent: consuming Tensor, _) in
        let isUniquelyHeld = cotangent.isUniquelyHeld()
        seen.withLock { $0.append(isUniquelyHeld) }
        // To return the cotangent, an optimizer takes hold of it before it is looked at.
        return [nil]
      }
    }
    let x = sample([3, 5]).withGradient()
    (checkpoint { noted(x) } * 2).exp().sum().backward()
    #expect(seen.withLock { $0 } == [true])
  }

  @Test func memoryIsSaved() async {
    await #expect(processExitsWith: .success) {
      func peak(isCheckpointed: Bool) -> Int {
        let x = Tensor.ones([64, 1_024]).withGradient()
        BufferPool.shared.resetPeak()
        let before = BufferPool.shared.statistics.bytesInUse
        var y = x
        for _ in 0..<8 {
          let block = { [y] in (0..<8).reduce(y) { value, _ in value.tanh() } }
          y = isCheckpointed ? checkpoint(block) : block()
        }
        y.sum().backward()
        return BufferPool.shared.statistics.peakBytesInUse - before
      }
      let (plain, saving) = (peak(isCheckpointed: false), peak(isCheckpointed: true))
      // 64 activations against 8, and the 8 of one segment.
      #expect(Double(saving) < 0.4 * Double(plain))
    }
  }
}
