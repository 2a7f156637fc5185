import AdjointAutodiff
import TestSupport
import Testing

@Suite struct NormalizationTests {
  static let all: [OperatorCase] = {
    let (x, images) = (sample([2, 3, 5]), sample([2, 3, 1, 6]))
    let (scale, offset) = (sample([5], in: 0.5..<1.5, seed: 2), sample([5], seed: 3))
    let (scales, offsets) = (sample([6], in: 0.5..<1.5, seed: 2), sample([6], seed: 3))
    return [
      OperatorCase("layerNormalized", x) { $0.layerNormalized() },
      OperatorCase("layerNormalized, with scale", x, scale) { $0.layerNormalized(scale: $1) },
      OperatorCase("layerNormalized, with offset", x, offset) { $0.layerNormalized(offset: $1) },
      OperatorCase("layerNormalized, with both", [x, scale, offset]) {
        $0[0].layerNormalized(scale: $0[1], offset: $0[2], epsilon: 0.1)
      },
      OperatorCase("layerNormalized over two axes", [x, sample([3, 5], seed: 2), sample([3, 5], seed: 3)]) {
        $0[0].layerNormalized(trailingAxes: 2, scale: $0[1], offset: $0[2])
      },
      OperatorCase("layerNormalized over all", x) { $0.layerNormalized(trailingAxes: 3) },
      OperatorCase("rmsNormalized", x) { $0.rmsNormalized() },
      OperatorCase("rmsNormalized, with scale", x, scale) { $0.rmsNormalized(scale: $1, epsilon: 0.1) },
      OperatorCase("rmsNormalized over two axes", x) { $0.rmsNormalized(trailingAxes: 2) },
      OperatorCase("groupNormalized", [images, scales, offsets]) {
        $0[0].groupNormalized(groups: 3, scale: $0[1], offset: $0[2])
      },
      OperatorCase("groupNormalized in one group", images) { $0.groupNormalized(groups: 1) },
      OperatorCase("groupNormalized, with scale", [images, scales]) {
        $0[0].groupNormalized(groups: 2, scale: $0[1], epsilon: 0.1)
      },
      OperatorCase("groupNormalized, with offset", [images, offsets]) {
        $0[0].groupNormalized(groups: 2, offset: $0[1])
      },
      OperatorCase("groupNormalized, transposed", [sample([4, 6, 3]), scales, offsets]) {
        $0[0].transposed([2, 0, 1]).groupNormalized(groups: 3, scale: $0[1], offset: $0[2])
      },
      OperatorCase("groupNormalized of vectors", sample([3, 6])) { $0.groupNormalized(groups: 2) },
      OperatorCase("groupNormalized of vectors, scaled", [sample([3, 6]), scales, offsets]) {
        $0[0].groupNormalized(groups: 2, scale: $0[1], offset: $0[2]).squared()
      },
      OperatorCase("instanceNormalized", [sample([2, 4, 6]), scales, offsets]) {
        $0[0].instanceNormalized(scale: $0[1], offset: $0[2])
      },
      OperatorCase("localResponseNormalized", images) {
        $0.localResponseNormalized(size: 5, alpha: 0.5, k: 2)
      },
      OperatorCase("localResponseNormalized, even", x) {
        $0.localResponseNormalized(size: 4, alpha: 0.5, beta: 0.5)
      },
    ]
  }()

  @Test(arguments: all) func normalizationsHaveBothDerivatives(_ operation: OperatorCase) {
    operation.check()
  }

  @Test func rowsHaveMeanZeroAndVarianceOne() {
    let output = sample([3, 7], in: 5..<9).layerNormalized(epsilon: 1e-12)
    #expect(output.mean(axes: [1]).isClose(to: .zeros([3], dataType: .float64), absoluteTolerance: 1e-12))
    #expect(output.variance(axes: [1]).isClose(to: .ones([3], dataType: .float64)))
    let squares = sample([3, 7]).rmsNormalized(epsilon: 1e-12).squared().mean(axes: [1])
    #expect(squares.isClose(to: .ones([3], dataType: .float64)))
  }

  @Test func groupsAreSplitAlongTheChannels() {
    let images = sample([2, 3, 2, 6], in: 2..<5)
    let output = images.groupNormalized(groups: 3, epsilon: 1e-12)
    for group in 0..<3 {
      let part = output[TensorIndex.ellipsis, (2 * group)..<(2 * group + 2)]
      let mean = part.mean(axes: [1, 2, 3])
      #expect(mean.isClose(to: .zeros([2], dataType: .float64), absoluteTolerance: 1e-12))
      #expect(part.variance(axes: [1, 2, 3]).isClose(to: .ones([2], dataType: .float64)))
    }
    #expect(images.instanceNormalized().isClose(to: images.groupNormalized(groups: 6)))
  }

  @Test func neighboursActAcrossChannels() {
    let x = Tensor([[1.0, 2, 3, 4]])
    // Of an even number, one more lies before than after.
    let even = x / Tensor([[2.0, 6, 14, 26]])
    #expect(x.localResponseNormalized(size: 2, alpha: 2, beta: 1).isClose(to: even))
    let odd = x / Tensor([[7.0, 16, 31, 27]])
    #expect(x.localResponseNormalized(size: 3, alpha: 3, beta: 1, k: 2).isClose(to: odd))
    let wide = x / 31
    #expect(x.localResponseNormalized(size: 9, alpha: 9, beta: 1).isClose(to: wide))
  }

  /// Parameters learn from the other rows alone.
  @Test func rowsTakenOutTeachNothing() {
    let x = Tensor([.nan, 1, 2, 0.3, 0.2, -0.1], shape: [2, 3], dataType: .float64)
    expectNothingLearned(from: x) { $0.layerNormalized(scale: $1, offset: $2) }
    let (mean, variance) = (sample([3], seed: 5), sample([3], in: 0.5..<2, seed: 6))
    expectNothingLearned(from: x) {
      $0.batchNormalized(mean: mean, variance: variance, scale: $1, offset: $2)
    }
    let images = Tensor.concatenate([x, x.flipped(axes: [1])], axis: 1).reshaped(to: [2, 2, 3])
    expectNothingLearned(from: images) { $0.groupNormalized(groups: 1, scale: $1, offset: $2) }
    expectNothingLearned(from: images) { $0.instanceNormalized(scale: $1, offset: $2) }
  }

  @Test func channelsTakenOutPassNothingBack() {
    let scale = Tensor([.infinity, 1, .nan], dataType: .float64)
    for isRecorded in [false, true] {
      let x = sample([2, 3]).withGradient()
      let y = x.batchNormalized(
        mean: .zeros([3], dataType: .float64), variance: .ones([3], dataType: .float64), scale: scale,
        offset: .zeros([3], dataType: .float64))
      let loss = y.replacing(with: .zeros(like: y), where: y.detached().isFinite().logicalNot()).sum()
      let slopes = gradients(of: loss, withRespectTo: [x], createGraph: isRecorded)[0]
      #expect(
        slopes.isClose(to: Tensor([[0, 1, 0], [0, 1, 0]], dataType: .float64), relativeTolerance: 1e-4))
    }
  }

  /// Expects of the second example alone what is learned of both, where the first is taken out as not a number.
  private func expectNothingLearned(from x: Tensor, _ function: (Tensor, Tensor, Tensor) -> Tensor) {
    func learned(from x: Tensor, isRecorded: Bool) -> [[Double]] {
      let parameters = [sample([3]).withGradient(), sample([3], seed: 2).withGradient()]
      let rows = function(x, parameters[0], parameters[1]).squared().sum(axes: Array(1..<x.rank))
      let loss = rows.replacing(with: .zeros(like: rows), where: rows.detached().isNaN()).sum()
      return gradients(of: loss, withRespectTo: parameters, createGraph: isRecorded).map { $0.scalars() }
    }
    for isRecorded in [false, true] {
      #expect(learned(from: x, isRecorded: isRecorded) == learned(from: x[1..<2], isRecorded: isRecorded))
    }
  }

  @Test func noExamplesStayNone() {
    let nothing = Tensor.zeros([0, 3, 4]).withGradient()
    let outputs = [
      nothing.layerNormalized(scale: .ones([4])), nothing.rmsNormalized(),
      nothing.localResponseNormalized(size: 3), nothing.groupNormalized(groups: 2, offset: .ones([4])),
      nothing.instanceNormalized(scale: .ones([4])),
    ]
    for output in outputs {
      #expect(output.shape == [0, 3, 4])
      output.sum().backward()
    }
    #expect(nothing.gradient!.shape == [0, 3, 4])
  }

  @Test func constantsBecomeTheOffset() {
    let x = Tensor.filled(with: 7, shape: [2, 3]).withGradient()
    let output = x.layerNormalized(offset: Tensor([1.0, 2, 3]))
    #expect(output.isClose(to: Tensor([[1.0, 2, 3], [1, 2, 3]])))
    output.squared().sum().backward()
    #expect(x.gradient!.isFinite().scalars(as: Bool.self).allSatisfy { $0 })
    #expect(Tensor.ones([2, 1]).layerNormalized().isClose(to: .zeros([2, 1])))
  }
}
