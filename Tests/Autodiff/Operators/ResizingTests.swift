import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ResizingTests {
  static let cases: [OperatorCase] = {
    let x = sample([2, 4, 3, 2])
    return [
      OperatorCase("nearest", x) { $0.resized(to: [7, 2], .nearest).squared() },
      OperatorCase("nearest, twice", x) { $0.upsampled(by: [2, 3]).squared() },
      OperatorCase("linear 1D", sample([2, 4, 3])) { $0.resized(to: 7, .linear()).squared() },
      OperatorCase("bilinear", x) { $0.resized(to: [7, 5], .linear()).squared() },
      OperatorCase("bilinear to less", x) { $0.resized(to: [3, 1], .linear()).squared() },
      OperatorCase("bilinear, aligned", x) { $0.upsampled(by: 2, .linear(alignsCorners: true)).squared() },
      OperatorCase("trilinear", sample([1, 2, 3, 1, 2])) { $0.resized(to: [3, 4, 2], .linear()).squared() },
    ]
  }()

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  static let line = Tensor([10.0, 20, 40], shape: [1, 3, 1])

  static let readings: [(Int, Interpolation, [Double])] = [
    (6, .nearest, [10, 10, 20, 20, 40, 40]), (4, .nearest, [10, 10, 20, 40]), (2, .nearest, [10, 20]),
    (6, .linear(), [10, 12.5, 17.5, 25, 35, 40]), (5, .linear(alignsCorners: true), [10, 15, 20, 30, 40]),
    (1, .linear(), [20]), (1, .linear(alignsCorners: true), [10]), (3, .linear(), [10, 20, 40]),
  ]

  @Test(arguments: readings)
  func readsBetweenPixels(_ size: Int, _ interpolation: Interpolation, _ expected: [Double]) {
    let resized = Self.line.resized(to: Extents(size), interpolation)
    #expect(resized.isClose(to: Tensor(expected, shape: [1, size, 1])))
  }

  @Test func onePixelFillsTheImage() {
    let x = sample([2, 1, 1, 3])
    let expected = x.broadcast(to: [2, 4, 5, 3])
    for interpolation in [Interpolation.nearest, .linear(), .linear(alignsCorners: true)] {
      #expect(x.resized(to: [4, 5], interpolation).isClose(to: expected))
    }
  }
}
