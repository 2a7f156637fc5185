import AdjointAutodiff
import TestSupport
import Testing

@Suite struct AdaptivePoolingTests {
  static let cases: [OperatorCase] = {
    let x = sample([2, 7, 5, 3])
    return [
      OperatorCase("average", x) { $0.adaptiveAveragePooled(to: [3, 2]).squared() },
      OperatorCase("average to more", x) { $0.adaptiveAveragePooled(to: [9, 5]).squared() },
      OperatorCase("average 1D", sample([2, 5, 3])) { $0.adaptiveAveragePooled(to: 4).squared() },
      OperatorCase("average 3D", sample([1, 3, 4, 2, 2])) {
        $0.adaptiveAveragePooled(to: [2, 3, 1]).squared()
      },
      OperatorCase("max", x) { $0.adaptiveMaxPooled(to: [3, 2]).squared() },
      OperatorCase("max to one", x) { $0.adaptiveMaxPooled(to: 1).squared() },
      OperatorCase("global average", x) { $0.globalAveragePooled().squared() },
      OperatorCase("global max 3D", sample([2, 3, 2, 4, 2])) { $0.globalMaxPooled().squared() },
    ]
  }()

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func windowsAreEven() {
    let x = Tensor([1.0, 2, 3, 4, 5], shape: [1, 5, 1])
    // 0..<2, 1..<4 and 3..<5
    #expect(x.adaptiveAveragePooled(to: 3).flattened().isClose(to: Tensor([[1.5, 3, 4.5]])))
    #expect(x.adaptiveMaxPooled(to: 3).flattened().isClose(to: Tensor([[2.0, 4, 5]])))
    #expect(x.adaptiveMaxPooled(to: 5).isClose(to: x))
  }

  /// Windows choose the first of the largest; the whole image, which is a reduction, shares among them.
  @Test func tiesFollowTheirConventions() {
    let x = Tensor([3, 1, 3, 3, 2], shape: [1, 5, 1], dataType: .float64).withGradient()
    for createsGraph in [false, true] {
      func slopes(_ pooled: Tensor) -> [Double] {
        gradients(of: pooled.sum(), withRespectTo: [x], createGraph: createsGraph)[0].scalars()
      }
      #expect(slopes(x.globalMaxPooled() * 3) == [1, 0, 1, 1, 0])
      // 0..<3 and 2..<5
      #expect(slopes(x.adaptiveMaxPooled(to: 2)) == [1, 0, 1, 0, 0])
      #expect(slopes(x.adaptiveMaxPooled(to: 1)) == [1, 0, 0, 0, 0])
      #expect(slopes(x.maxPooled(kernelSize: 2, strides: 1)) == [1, 0, 2, 1, 0])
    }
  }

  @Test func globalPoolingLeavesChannels() {
    let x = sample([2, 3, 4, 5])
    #expect(x.globalAveragePooled().isClose(to: x.adaptiveAveragePooled(to: 1).reshaped(to: [2, 5])))
    #expect(x.globalMaxPooled().isClose(to: x.adaptiveMaxPooled(to: 1).reshaped(to: [2, 5])))
  }
}
