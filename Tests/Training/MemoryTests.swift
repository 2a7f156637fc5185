import Adjoint
import AdjointKernels
import Testing

/// Counts what a process has, and so each test runs in one of its own.
@Suite struct MemoryTests {
  @Test func stepsAfterTheFirstTakeNothingFromTheSystem() async {
    await #expect(processExitsWith: .success) {
      // Another thread may do a piece of some kind for the first time in any step.
      Execution.threadCount = 1
      let batch = CrossesAndNoughts(count: 6, size: 14, seed: 1).batches(size: 6).first { _ in true }!
      let model = SmallNetwork()
      let optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
      for _ in 0..<2 { _ = trainingStep(model, optimizer, batch) }
      let before = BufferPool.shared.statistics
      let nodes = Node.liveCount
      for _ in 0..<1_000 { _ = trainingStep(model, optimizer, batch) }
      let after = BufferPool.shared.statistics
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.bytesInUse == before.bytesInUse)
      #expect(after.bytesCached == before.bytesCached)
      #expect(Node.liveCount == nodes)
    }
  }

  @Test func onlyLeavesAreAliveAfterAStep() async {
    await #expect(processExitsWith: .success) {
      let batch = CrossesAndNoughts(count: 6, size: 14, seed: 1).batches(size: 6).first { _ in true }!
      let model = SmallNetwork()
      let optimizer = Adam(model.parameters)
      _ = trainingStep(model, optimizer, batch)
      #expect(Node.liveCount == model.parameters.count)
    }
  }

  @Test func thePoolGivesBackWhatItIsAskedTo() async {
    await #expect(processExitsWith: .success) {
      _ = Tensor.ones([1_000, 1_000])
      #expect(BufferPool.shared.statistics.bytesCached >= 4_000_000)
      BufferPool.shared.cacheLimit = 1_000_000
      #expect(BufferPool.shared.statistics.bytesCached <= 1_000_000)
      _ = Tensor.ones([1_000, 1_000])
      #expect(BufferPool.shared.statistics.bytesCached <= 1_000_000)
    }
  }
}
