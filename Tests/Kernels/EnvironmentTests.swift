import Testing

@testable import AdjointKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the environment asks for is read once, when kernels are first used: each test has a process of its own.
@Suite struct EnvironmentTests {
  @Test func wishesAreFollowed() async {
    await #expect(processExitsWith: .success) {
      setenv("ADJOINT_THREADS", "3", 1)
      setenv("ADJOINT_SIMD", "portable", 1)
      #expect(ThreadPool.shared.threadCount == 3)
      #expect(KernelTable.name == "portable")
    }
  }

  @Test(arguments: ["0", "-2", "two", "1.5", ""]) func whatIsNoNumberOfThreadsEnds(_ wish: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [wish] in
      setenv("ADJOINT_THREADS", wish, 1)
      ThreadPool.shared.run(pieces: 1) { _ in }
    }
    let message = "ADJOINT_THREADS is no number of threads; given \(wish); expected 1 or more"
    let printed = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(printed.contains(message))
  }

  @Test(arguments: ["sse9", "AVX2", ""]) func whatIsNoTableEnds(_ wish: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [wish] in
      setenv("ADJOINT_SIMD", wish, 1)
      _ = KernelTable.name
    }
    let message =
      "ADJOINT_SIMD names no table of this processor; given \(wish); expected one of [\"portable\""
    let printed = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(printed.contains(message))
  }
}
