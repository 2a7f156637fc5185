import AdjointKernels
import Testing

@Suite struct PoolingTests {
  /// Poolings whose extents all differ.
  static func poolings() -> [(name: String, pooling: Pooling)] {
    let one = PoolingAxis.untouched(size: 1)
    func regular(_ size: Int, kernel: Int, stride: Int) -> PoolingAxis {
      .regular(inputSize: size, kernelSize: kernel, stride: stride)
    }
    let padded = PoolingAxis.regular(
      inputSize: 7, kernelSize: 3, stride: 2, paddingBefore: 1, paddingAfter: 1, countsPadding: false)
    let counted = PoolingAxis.regular(
      inputSize: 6, kernelSize: 3, stride: 2, paddingBefore: 1, paddingAfter: 1, includesPartialWindows: true)
    let dilated = PoolingAxis.regular(
      inputSize: 9, kernelSize: 3, stride: 1, paddingBefore: 2, paddingAfter: 1, dilation: 2)
    let adaptive = PoolingAxis.adaptive(inputSize: 7, outputSize: 3)
    func pooling(
      _ batch: Int, _ depth: PoolingAxis, _ height: PoolingAxis, _ width: PoolingAxis, _ channels: Int
    ) -> Pooling { Pooling(batch: batch, depth: depth, height: height, width: width, channels: channels) }
    return [
      ("halving", pooling(2, one, regular(6, kernel: 2, stride: 2), regular(10, kernel: 2, stride: 2), 70)),
      ("overlapping", pooling(1, one, regular(7, kernel: 3, stride: 2), regular(9, kernel: 3, stride: 1), 5)),
      ("padded", pooling(3, one, padded, counted, 17)),
      ("dilated", pooling(1, one, dilated, padded, 3)),
      ("adaptive", pooling(2, one, adaptive, .adaptive(inputSize: 5, outputSize: 1), 16)),
      ("enlarging", pooling(1, one, .adaptive(inputSize: 2, outputSize: 5), one, 9)),
      ("spatial", pooling(2, regular(5, kernel: 2, stride: 2), counted, regular(4, kernel: 1, stride: 3), 8)),
      ("apart", pooling(2, one, regular(7, kernel: 3, stride: 2), regular(12, kernel: 2, stride: 3), 37)),
      ("cut", pooling(2, one, regular(51, kernel: 2, stride: 2), regular(33, kernel: 2, stride: 2), 21)),
      ("empty", pooling(0, one, adaptive, padded, 4)),
      ("large", pooling(2, one, regular(50, kernel: 3, stride: 2), regular(45, kernel: 2, stride: 2), 18)),
    ]
  }

  @Test func agreesWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        Self.poolings().flatMap {
          Self.cases($0.name, $0.pooling, .float32) + Self.cases($0.name, $0.pooling, .float64)
        }
      }
    }
  }

  /// Windows that are unrolled, of whole and partial vectors of channels, with others at their sides.
  static func blocks() -> [(name: String, pooling: Pooling)] {
    let one = PoolingAxis.untouched(size: 1)
    func regular(_ size: Int, _ kernel: Int, _ stride: Int, padding: Int = 0) -> PoolingAxis {
      .regular(
        inputSize: size, kernelSize: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding,
        includesPartialWindows: padding == 0)
    }
    return [1, 6, 16, 17, 64, 83].flatMap { channels in
      [
        ("2×2", regular(5, 2, 2), regular(7, 2, 2)),
        ("2×2 padded", regular(6, 2, 2, padding: 1), regular(9, 2, 2, padding: 1)),
        ("2×2 at each place", regular(4, 2, 1), regular(5, 2, 1)),
        ("2×2 with gaps", regular(8, 2, 3), regular(9, 2, 4)),
        ("3×3", regular(6, 3, 3), regular(11, 3, 3)),
        ("3×3 padded", regular(5, 3, 2, padding: 1), regular(9, 3, 2, padding: 1)),
        ("one 2×2", regular(2, 2, 2), regular(2, 2, 2)),
      ].map { name, height, width in
        (
          "\(name) of \(channels)",
          Pooling(batch: 2, depth: one, height: height, width: width, channels: channels)
        )
      }
    }
  }

  @Test func blocksAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        Self.blocks().flatMap {
          Self.cases($0.name, $0.pooling, .float32) + Self.cases($0.name, $0.pooling, .float64)
        }
      }
    }
  }

  @Test func windowsOfEachKind() {
    let windows = PoolingReference.windows
    let ceiling = PoolingAxis.regular(
      inputSize: 6, kernelSize: 3, stride: 2, paddingBefore: 1, paddingAfter: 1, includesPartialWindows: true)
    #expect(windows(ceiling).map(\.start) == [0, 1, 3, 5])
    #expect(windows(ceiling).map(\.end) == [2, 4, 6, 6])
    // The last window reaches one past the padding, which does not count.
    #expect(windows(ceiling).map(\.count) == [3, 3, 3, 2])
    let adaptive = PoolingAxis.adaptive(inputSize: 7, outputSize: 3)
    #expect(windows(adaptive).map(\.start) == [0, 2, 4])
    #expect(windows(adaptive).map(\.end) == [3, 5, 7])
    let dilated = PoolingAxis.regular(
      inputSize: 5, kernelSize: 3, stride: 1, paddingBefore: 1, dilation: 2, countsPadding: false)
    #expect(windows(dilated).map(\.start) == [1, 0])
    #expect(windows(dilated).map(\.end) == [4, 5])
    #expect(windows(dilated).map(\.count) == [2, 3])
    #expect(PoolingAxis.regular(inputSize: 2, kernelSize: 3, stride: 1).outputSize == 0)
    // A window that would begin in the padding after the input is dropped.
    let dropped = PoolingAxis.regular(
      inputSize: 4, kernelSize: 1, stride: 3, paddingAfter: 0, includesPartialWindows: true)
    #expect(windows(dropped).map(\.start) == [0, 3])
  }

  @Test func nanWinsAndTheFirstOfEqualsIsTaken() {
    let axis = PoolingAxis.regular(inputSize: 12, kernelSize: 4, stride: 4)
    let one = PoolingAxis.untouched(size: 1)
    let pooling = Pooling(batch: 1, depth: one, height: one, width: axis, channels: 1)
    let x: [Double] = [1, 5, 5, 2, 3, .nan, 7, .nan, -.infinity, -.infinity, -.infinity, -.infinity]
    let output = Buffer(byteCount: 12)
    let indices = Buffer(byteCount: 12)
    pooling.maximum(x: Region(x, .float32), into: output, indices: indices, type: .float32)
    #expect(indices.doubles(3, .int32) == [1, 5, 8])
    let values = output.doubles(3, .float32)
    #expect(values[0] == 5 && values[1].isNaN && values[2] == -.infinity)
  }

  /// With a NaN at each place and at each two places of a window, in one channel after the other.
  @Test(arguments: [2, 3], [1, 6, 20, 64]) func theFirstNaNOfABlockWins(size: Int, channels: Int) async {
    await #expect(processExitsWith: .success) { [size, channels] in
      expectInEveryTable {
        let places = size * size
        let axis = PoolingAxis.regular(inputSize: size, kernelSize: size, stride: size)
        let pooling = Pooling(
          batch: places * places, depth: .untouched(size: 1), height: axis, width: axis, channels: channels)
        var x = Samples.integers(pooling.inputCount, below: 3)
        var winners: [Double] = []
        for first in 0..<places {
          for second in 0..<places {
            let image = first * places + second, channel = image % channels
            for place in [first, second] { x[(image * places + place) * channels + channel] = .nan }
            winners.append(Double(min(first, second)))
          }
        }
        return [ElementType.float32, .float64].map { type in
          let output = Buffer(byteCount: pooling.outputCount * type.byteCount)
          let indices = Buffer(byteCount: pooling.outputCount * 4)
          pooling.maximum(x: Region(x, type), into: output, indices: indices, type: type)
          let (values, found) = (
            output.doubles(pooling.outputCount, type), indices.doubles(pooling.outputCount, .int32)
          )
          let isNaN = values.indices.filter { values[$0].isNaN }
          let expected = winners.indices.map { $0 * channels + $0 % channels }
          return KernelCase(
            "NaN of \(size)×\(size) \(type)", isNaN.map { found[$0] } + isNaN.map(Double.init),
            winners + expected.map(Double.init))
        }
      }
    }
  }

  @Test func windowsInPaddingAloneAreEmpty() {
    let axis = PoolingAxis.regular(
      inputSize: 1, kernelSize: 1, stride: 1, paddingBefore: 1, countsPadding: false)
    let one = PoolingAxis.untouched(size: 1)
    let pooling = Pooling(batch: 1, depth: one, height: one, width: axis, channels: 1)
    let output = Buffer(byteCount: 8)
    let indices = Buffer(byteCount: 8)
    let x = Region([3], .float32)
    pooling.maximum(x: x, into: output, indices: indices, type: .float32)
    #expect(output.doubles(2, .float32) == [-.infinity, 3])
    #expect(indices.doubles(2, .int32) == [-1, 0])
    pooling.average(x: x, into: output, type: .float32)
    #expect(output.doubles(2, .float32) == [0, 3])
    pooling.averageGradient(cotangent: Region([2, 5], .float32), into: output, type: .float32)
    #expect(output.doubles(1, .float32) == [5])
  }

  static func cases(_ name: String, _ pooling: Pooling, _ type: ElementType) -> [KernelCase] {
    // Few distinct values, so that ties are common.
    let x = Samples.integers(pooling.inputCount, below: 6).map { $0 / 4 }
    let cotangent = Samples.integers(pooling.outputCount, below: 64, seed: 2).map { $0 / 8 }
    let reference = PoolingReference(pooling, x: x, cotangent: cotangent)
    let input = Region(x, type)
    let sent = Region(cotangent, type)
    let output = Buffer(byteCount: pooling.outputCount * type.byteCount)
    let gradient = Buffer(byteCount: pooling.inputCount * type.byteCount)
    let indices = Buffer(byteCount: pooling.outputCount * 4)
    let tolerance = type == .float32 ? 1e-6 : 1e-15
    var cases: [KernelCase] = []
    func add(_ kind: String, _ buffer: Buffer, _ expected: [Double], type: ElementType = type) {
      let values = buffer.doubles(expected.count, type)
      cases.append(KernelCase("\(name) \(kind) \(type)", values, expected, tolerance: tolerance))
    }
    pooling.maximum(x: input, into: output, indices: indices, type: type)
    add("maximum", output, reference.maxima)
    add("indices", indices, reference.indices, type: .int32)
    pooling.maximum(x: input, into: output, type: type)
    add("maximum without indices", output, reference.maxima)
    pooling.maximumGradient(cotangent: sent, indices: Region(indices), into: gradient, type: type)
    add("maximum gradient", gradient, reference.maximumGradient)
    pooling.gather(x: input, indices: Region(indices), into: output, type: type)
    add("gather", output, reference.maxima)
    pooling.average(x: input, into: output, type: type)
    add("average", output, reference.averages)
    pooling.averageGradient(cotangent: sent, into: gradient, type: type)
    add("average gradient", gradient, reference.averageGradient)
    return cases
  }
}
