import Adjoint
import AdjointKernels
import Testing

/// The same seed gives the same bits at any number of threads, in every table that fuses multiply-adds, and in
/// debug and release builds, which both compare with the bits written here.
@Suite struct DeterminismTests {
  static let expectedBits: [UInt32] = [
    0x3ee5_8833, 0x3fa6_24d3, 0x3f60_4973, 0x3ee6_19c9, 0x3f5f_957c, 0x3f4a_1616,
  ]

  @Test func lossesAreTheseBits() async {
    await #expect(processExitsWith: .success) {
      guard KernelTable.fusesMultiplyAdd else { return }
      let bits = trainingLosses(steps: 6).map(\.bitPattern)
      #expect(bits == DeterminismTests.expectedBits, "\(bits.map { String($0, radix: 16) })")
    }
  }

  @Test func threadsChangeNoBit() async {
    await #expect(processExitsWith: .success) {
      let runs = [1, 2, 3].map { threads in
        ThreadPool.shared.threadCount = threads
        return trainingLosses(steps: 4).map(\.bitPattern)
      }
      #expect(runs[0] == runs[1])
      #expect(runs[0] == runs[2])
    }
  }

  @Test func tablesThatFuseChangeNoBit() async {
    await #expect(processExitsWith: .success) {
      var runs: [[UInt32]] = []
      for name in KernelTable.available {
        KernelTable.select(name)
        guard KernelTable.fusesMultiplyAdd else { continue }
        runs.append(trainingLosses(steps: 4).map(\.bitPattern))
      }
      for run in runs.dropFirst() { #expect(run == runs[0]) }
    }
  }

  @Test func thePortableTableAgreesWithinRounding() async {
    await #expect(processExitsWith: .success) {
      let losses = Tensor(trainingLosses(steps: 3))
      KernelTable.select("portable")
      #expect(Tensor(trainingLosses(steps: 3)).isClose(to: losses, relativeTolerance: 1e-4))
    }
  }
}
