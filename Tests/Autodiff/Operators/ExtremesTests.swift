import AdjointAutodiff
import TestSupport
import Testing

/// Numbers at which exponentials, squares or means of float32 lose everything, unless care is taken. What float64
/// gives is the reference.
@Suite struct ExtremesTests {
  typealias Function = @Sendable (Tensor) -> Tensor

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: Function

    init(_ name: String, _ function: @escaping Function) {
      (testDescription, self.function) = (name, function)
    }
  }

  /// The output of a function of float32, its gradient, as it is and recorded, and the gradient of that.
  private static func derivatives(of function: Function, at x: Tensor) -> [Tensor] {
    let leaf = x.withGradient()
    let output = function(leaf)
    let sent = sample(output.shape, in: 0.5..<1.5, seed: 2).cast(to: x.dataType)
    let plain = gradients(of: output, withRespectTo: [leaf], cotangent: sent, retainGraph: true)[0]
    let recorded = gradients(of: output, withRespectTo: [leaf], cotangent: sent, createGraph: true)[0]
    guard recorded.isRecorded else { return [output.detached(), plain, recorded] }
    let second = gradients(of: recorded.weighted().sum(), withRespectTo: [leaf], unconnected: .zeros)[0]
    return [output.detached(), plain, recorded.detached(), second]
  }

  /// Each element must be finite and as right as float32 can hold it; `absolute` for those near 0.
  private static func expectExact(
    _ function: Function, at x: Tensor, relative: Double = 3e-6, absolute: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let singles = derivatives(of: function, at: x)
    let doubles = derivatives(of: function, at: x.cast(to: .float64))
    for (name, (single, double)) in zip(["value", "gradient", "recorded", "second"], zip(singles, doubles)) {
      #expect(single.isFinite().all().scalar(), "\(name): \(single)", sourceLocation: sourceLocation)
      let isClose = single.cast(to: .float64).isClose(
        to: double, relativeTolerance: relative, absoluteTolerance: absolute)
      #expect(isClose, "\(name): \(single), in float64 \(double)", sourceLocation: sourceLocation)
    }
  }

  static let withTails: [Case] = [
    Case("softplus") { $0.softplus() }, Case("logSigmoid") { $0.logSigmoid() },
    Case("binaryCrossEntropyWithLogits") {
      $0.binaryCrossEntropyWithLogits(targets: .ones(like: $0) / 4, reduction: .none)
    },
  ]

  /// What is left of a slope where a sigmoid is nearly 0 or 1 is smaller than a digit of the sigmoid.
  @Test(arguments: withTails) func tailsKeepTheirCurvature(_ extreme: Case) {
    let x = Tensor([-60.0, -20, -10, -1, 0, 1, 10, 20, 60])
    Self.expectExact(extreme.function, at: x, relative: 2e-5, absolute: 0)
  }

  @Test func curvesFarOutKeepTheirCurvature() {
    let x = Tensor([-5, -4.5, -3, -1, 0.5, 2, 4, 4.97, 6])
    Self.expectExact({ $0.gelu(isApproximate: true) }, at: x, relative: 1e-4, absolute: 1e-9)
    Self.expectExact({ $0.silu() }, at: x * 3, relative: 1e-4, absolute: 1e-9)
  }

  /// Their number of places is more than 32 bits count.
  @Test func averagesOfHugeWindowsAreTaken() {
    let (height, width) = (92_683, 46_342)
    let x = Tensor([2, 3, 5, 7, 11, 13], shape: [1, 3, 2, 1], dataType: .float64).withGradient()
    let average = x.averagePooled(
      kernelSize: [height, width],
      padding: .explicit([PaddingWidths(height / 2), PaddingWidths(width / 2 - 1)]))
    let share = 1 / (Double(height) * Double(width))
    #expect(average.shape == [1, 1, 1, 1])
    #expect(abs(average.scalar(as: Double.self) / (41 * share) - 1) < 1e-15)
    average.sum().backward()
    #expect(x.gradient!.isClose(to: .ones(like: x) * share, relativeTolerance: 1e-15, absoluteTolerance: 0))
  }

  static let logits = Tensor([
    [1e4, -1e4, 0, 9_999], [-1e4, -1e4, -9_999.5, -1e4], [1e4, 1e4, 9_998.75, -1e4], [1, -2, 0.5, 1e4],
  ])
  static let labels = Tensor([1, 2, 0, 3])
  static let weights = Tensor([0.5, 2, 1.25, 0.75])

  static let ofRows: [Case] = [
    Case("logSumExp") { $0.logSumExp(axes: [1]) }, Case("logSumExp of all") { $0.logSumExp() },
    Case("logSumExp of the first axis") { $0.logSumExp(axes: [0], keepsAxes: true) },
    Case("softmax") { $0.softmax() }, Case("softmax of the first axis") { $0.softmax(axis: 0) },
    Case("logSoftmax") { $0.logSoftmax() }, Case("logSoftmax of the first axis") { $0.logSoftmax(axis: 0) },
    Case("crossEntropy") { $0.crossEntropy(labels: labels, reduction: .none) },
    Case("crossEntropy, weighted, smoothed, one ignored") {
      $0.crossEntropy(
        labels: labels, classWeights: weights.cast(to: $0.dataType), labelSmoothing: 0.1, ignoredLabel: 2)
    },
    Case("crossEntropy of probabilities") { x in
      let wanted = sample([4, 4], in: 0..<1).cast(to: x.dataType)
      return x.crossEntropy(
        probabilities: wanted, classWeights: weights.cast(to: x.dataType), labelSmoothing: 0.2)
    },
  ]

  @Test(arguments: ofRows) func logitsOfTenThousandAreExact(_ extreme: Case) {
    Self.expectExact(extreme.function, at: Self.logits)
  }

  static let numbers = Tensor([-1e4, -9_999.5, -105, -88.5, -17.25, -0.0, 1e-4, 16.5, 89, 104, 9_999.5, 1e4])

  static let ofElements: [Case] = [
    Case("sigmoid") { $0.sigmoid() }, Case("logSigmoid") { $0.logSigmoid() },
    Case("softplus") { $0.softplus() }, Case("tanh") { $0.tanh() },
    Case("binaryCrossEntropyWithLogits") { x in
      let targets = sample(x.shape, in: 0..<1).cast(to: x.dataType)
      return x.binaryCrossEntropyWithLogits(
        targets: targets, positiveWeight: Tensor([3.5], dataType: x.dataType), reduction: .none)
    },
    Case("focalLoss") { x in
      x.focalLoss(targets: sample(x.shape, in: 0..<1).cast(to: x.dataType), reduction: .none)
    },
  ]

  @Test(arguments: ofElements) func numbersOfTenThousandAreExact(_ extreme: Case) {
    Self.expectExact(extreme.function, at: Self.numbers)
  }

  static let activations: [Case] = [
    Case("sigmoid") { $0.sigmoid() }, Case("logSigmoid") { $0.logSigmoid() },
    Case("softplus") { $0.softplus() }, Case("softsign") { $0.softsign() }, Case("tanh") { $0.tanh() },
    Case("elu") { $0.elu() }, Case("selu") { $0.selu() }, Case("gelu") { $0.gelu() },
    Case("gelu, approximate") { $0.gelu(isApproximate: true) }, Case("silu") { $0.silu() },
    Case("mish") { $0.mish() },
  ]

  /// Cubes, and in the end squares, are infinite.
  @Test(arguments: activations) func activationsOfTheLargestNumbersAreExact(_ extreme: Case) {
    Self.expectExact(extreme.function, at: Tensor([-5e37, -1e20, -2e13, -29, 31, 2e13, 1e20, 5e37]))
  }

  static let ofSpreads: [Case] = [
    Case("variance") { $0.variance(axes: [1]) }, Case("variance of all") { $0.variance(isUnbiased: true) },
    Case("standardDeviation") { $0.standardDeviation(axes: [1], isUnbiased: true) },
    Case("layerNormalized") { x in
      x.layerNormalized(scale: weighting.cast(to: x.dataType), offset: weighting.cast(to: x.dataType))
    },
    Case("groupNormalized") { $0.reshaped(to: [3, 10, 6]).groupNormalized(groups: 2) },
    Case("batchNormalized") { x in
      let scale = weighting[0..<3].cast(to: x.dataType)
      return x.reshaped(to: [60, 3]).batchNormalized(scale: scale, offset: scale).output
    },
    Case("batchNormalized relu") { x in
      let scale = weighting[0..<3].cast(to: x.dataType)
      return x.reshaped(to: [60, 3]).batchNormalized(scale: scale, offset: scale, activation: .relu).output
    },
    Case("instanceNormalized") { $0.reshaped(to: [3, 20, 3]).instanceNormalized() },
  ]
  static let weighting = sample([60], in: 0.5..<1.5)

  /// Six digits of the variance, and of what is normalized by it, where one digit of a float32 is a sixteenth.
  @Test(arguments: ofSpreads) func numbersNearAMillionKeepTheirSpread(_ extreme: Case) {
    let x = Tensor((0..<180).map { Float(1e6 + Double($0 * $0 % 71) * 0.125) }, shape: [3, 60])
    Self.expectExact(extreme.function, at: x, relative: 1e-6, absolute: 2e-6)
  }

  /// A norm is as large as its vector, whatever the squares are; slopes do not depend on the scale at all.
  @Test(arguments: [1e-38, 1e-30, 1e-18, 1, 1e18, 1e30, 1e37])
  func normsHaveNeitherTooLargeNorTooSmallSquares(_ scale: Double) {
    let x = sample([3, 4, 2]).cast(to: .float32)
    let axes: [[Int]?] = [[1], [0, 2], nil]
    for axes in axes {
      let plain = Self.derivatives(of: { $0.l2Norm(axes: axes) }, at: x)
      let scaled = Self.derivatives(of: { $0.l2Norm(axes: axes) }, at: x * scale)
      let factors = [scale, 1, 1, 1 / scale]
      for (name, (factor, values)) in zip(
        ["value", "gradient", "recorded", "second"], zip(factors, zip(scaled, plain)))
      {
        // The smallest numbers of the type have few digits.
        let tolerance = scale < 1e-37 ? 1e-5 : 1e-6
        let brought = values.0.cast(to: .float64) / factor
        let isClose = brought.isClose(
          to: values.1.cast(to: .float64), relativeTolerance: tolerance, absoluteTolerance: tolerance)
        #expect(isClose, "\(name) over \(axes.map { "\($0)" } ?? "all"): \(brought), not \(values.1)")
      }
    }
  }

  @Test func normsOfVectorsOfEverySizeSideBySide() {
    let infinity = Double.infinity
    let x = Tensor([[3e30, -4e30], [3e-30, 4e-30], [0, 0], [3, 4], [1, infinity]]).withGradient()
    let norms = x.l2Norm(axes: [1])
    #expect(norms.isClose(to: Tensor([5e30, 5e-30, 0, 5, infinity]), relativeTolerance: 1e-6))
    let slopes = gradients(of: norms[0..<4].sum(), withRespectTo: [x])[0][0..<4]
    #expect(
      slopes.isClose(to: Tensor([[0.6, -0.8], [0.6, 0.8], [0, 0], [0.6, 0.8]]), relativeTolerance: 1e-6))
    // The reciprocal of this length is too large for the type.
    let tiny = Tensor([3e-40, -4e-40]).withGradient()
    let slope = gradients(of: tiny.l2Norm(), withRespectTo: [tiny])[0]
    #expect(slope.isClose(to: Tensor([0.6, -0.8]), relativeTolerance: 1e-4))
    #expect(Tensor([1.0, .nan]).l2Norm().isNaN().scalar())
    let wide = Tensor([3e200, 4e200], dataType: .float64)
    #expect(wide.l2Norm().isClose(to: Tensor(5e200, dataType: .float64)))
  }

  @Test func quotientsOfExtremeNumbersHaveSlopes() {
    for scale in [1e-25, 1e25] {
      let x = Tensor([3 * scale, -2 * scale]).withGradient()
      let y = Tensor([2 * scale, 4 * scale]).withGradient()
      let slopes = gradients(of: (x / y).sum(), withRespectTo: [x, y], createGraph: true)
      #expect((slopes[0] * scale).isClose(to: Tensor([0.5, 0.25]), relativeTolerance: 1e-6))
      #expect((slopes[1] * scale).isClose(to: Tensor([-0.75, 0.125]), relativeTolerance: 1e-6))
    }
    let y = Tensor([2e25]).withGradient()
    #expect((gradients(of: 1e25 / y, withRespectTo: [y])[0] * 1e25).isClose(to: Tensor([-0.25])))
  }
}
