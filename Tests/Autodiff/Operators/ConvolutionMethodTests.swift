import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ConvolutionMethodTests {
  /// Numbers that Winograd's method rounds and the direct one does not.
  private static let image = coarse(sample([2, 7, 6, 17]))
  private static let filter = coarse(sample([3, 3, 17, 18], seed: 2))
  private static let cotangent = coarse(sample([2, 7, 6, 18], seed: 3))

  private static func coarse(_ numbers: Tensor) -> Tensor { (numbers * 8).rounded() / 8 }

  /// The output, and the gradients of the image and the filter.
  private func results(_ method: ConvolutionMethod, _ dataType: DataType) -> [Tensor] {
    let (image, filter) = (Self.image.cast(to: dataType), Self.filter.cast(to: dataType))
    let (x, w) = (Parameter(image), Parameter(filter))
    let output = x.value.convolved(with: w.value, padding: .same, method: method)
    (output * Self.cotangent.cast(to: dataType)).sum().backward()
    return [output, x.gradient!, w.gradient!].map { $0.detached().cast(to: .float64) }
  }

  @Test func theDirectMethodServesTheGradientsToo() {
    for ((exact, direct), automatic) in zip(
      zip(results(.automatic, .float64), results(.direct, .float32)), results(.automatic, .float32))
    {
      #expect(direct.isClose(to: exact, relativeTolerance: 0, absoluteTolerance: 0))
      #expect(!automatic.isClose(to: exact, relativeTolerance: 0, absoluteTolerance: 0))
      #expect(automatic.isClose(to: exact, relativeTolerance: 1e-5, absoluteTolerance: 1e-3))
    }
  }
}
