import AdjointAutodiff
import AdjointKernels
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts live nodes and memory in use, and so runs alone in a process of its own.
@Suite struct GraphLifetimeTests {
  @Test func aMillionOperatorsFitASmallStack() async {
    await #expect(processExitsWith: .success) {
      runOnSmallStack {
        let x = Tensor([1.0], dataType: .float64).withGradient()
        var y = x
        for _ in 0..<1_000_000 { y = y * 1.000001 }
        y.backward()
        let slope = x.gradient!.scalar(as: Double.self)
        #expect(abs(slope - 2.718_280_469) < 1e-6)
        x.detached().backwardFreeChain(length: 1_000_000)
        #expect(Node.liveCount <= 2)
      }
    }
  }

  @Test func noNodeOutlivesAStep() async {
    await #expect(processExitsWith: .success) {
      do {
        let x = Tensor([1.0, 2.0]).withGradient()
        for _ in 0..<5 { ((x * x).exp() + x).sum().backward() }
        #expect(Node.liveCount == 1)
      }
      #expect(Node.liveCount == 0)
    }
  }

  @Test func backwardFreesWhatRulesHoldOnTheWay() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor([1.0, 2.0]).withGradient()
      let y = (x * x).exp()
      y.sum().backward()
      // The tensor y still holds its node, but nothing behind it is left.
      #expect(Node.liveCount == 2)
      withExtendedLifetime(y) {}
    }
  }

  @Test func aValueThatNobodyHoldsIsFreeDuringThePass() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor.ones([64, 1_024]), cotangent = Tensor.ones([64, 1_024])
      /// The most memory that a pass needs, in tensors.
      func peak(_ pass: (Tensor) -> Void) -> Double {
        let leaf = x.withGradient()
        BufferPool.shared.resetPeak()
        let before = BufferPool.shared.statistics.bytesInUse
        pass(leaf)
        return Double(BufferPool.shared.statistics.peakBytesInUse - before) / Double(4 * x.count)
      }
      // Once the value, and then its gradient; relu keeps a bit an element.
      #expect(peak { $0.relu().backward(cotangent) } < 1.5)
      #expect(peak { _ = gradients(of: $0.relu(), withRespectTo: [$0], cotangent: cotangent) } < 1.5)
      let heldPeak = peak {
        let y = $0.relu()
        y.backward(cotangent)
        #expect(y.isClose(to: x))
      }
      #expect(heldPeak >= 2)
    }
  }
}

extension Tensor {
  /// Records a chain and lets go of it without a pass back.
  fileprivate func backwardFreeChain(length: Int) {
    var y = withGradient()
    for _ in 0..<length { y = y + 1 }
  }
}

/// Runs a body on a thread with a stack of 512 KB, and waits for it.
private func runOnSmallStack(_ body: @escaping () -> Void) {
  final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  precondition(pthread_attr_setstacksize(&attributes, 512 << 10) == 0)
  let argument = Unmanaged.passRetained(Box(body)).toOpaque()
  #if canImport(Darwin)
    var thread: pthread_t?
    pthread_create(
      &thread, &attributes,
      {
        Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body(); return nil
      }, argument)
    pthread_join(thread!, nil)
  #else
    var thread = pthread_t()
    pthread_create(
      &thread, &attributes,
      {
        Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().body()
        return nil
      }, argument)
    pthread_join(thread, nil)
  #endif
}
