import CAdjointKernels

/// The windows of a pooling along one axis: where each begins and ends within the input, clipped to it.
package struct PoolingAxis: Sendable {
  package let inputSize: Int
  package let outputSize: Int
  /// Whether a window has no place within the input.
  package let hasEmptyWindow: Bool
  private let dilation: Int
  /// int32 of [3, outputSize]: starts, ends, counts.
  private let windows: Buffer

  /// - Parameter windows: For each output, the input positions from `start` to before `end`, and what an
  ///   average divides by along this axis.
  private init(inputSize: Int, dilation: Int = 1, windows: [(start: Int, end: Int, count: Int)]) {
    self.inputSize = inputSize
    self.outputSize = windows.count
    self.dilation = dilation
    hasEmptyWindow = windows.contains { $0.start == $0.end }
    self.windows = Buffer(byteCount: 3 * windows.count * MemoryLayout<Int32>.stride)
    let values = self.windows.pointer.assumingMemoryBound(to: Int32.self)
    for (index, window) in windows.enumerated() {
      values[index] = Int32(window.start)
      values[windows.count + index] = Int32(window.end)
      values[2 * windows.count + index] = Int32(window.count)
    }
  }

  /// An axis that the pooling leaves alone.
  package static func untouched(size: Int) -> PoolingAxis {
    PoolingAxis(inputSize: size, windows: (0..<size).map { ($0, $0 + 1, 1) })
  }

  /// Windows of one size at regular distances.
  ///
  /// - Parameters:
  ///   - includesPartialWindows: Whether a last window may reach past the padded input (but not begin past
  ///     the padding before and the input).
  ///   - countsPadding: Whether averages divide by the positions in padding too; what lies past the padded
  ///     input never counts.
  package static func regular(
    inputSize: Int, kernelSize: Int, stride: Int, paddingBefore: Int = 0, paddingAfter: Int = 0,
    dilation: Int = 1,
    includesPartialWindows: Bool = false, countsPadding: Bool = true
  ) -> PoolingAxis {
    let extent = dilation * (kernelSize - 1) + 1
    let paddedEnd = inputSize + paddingAfter
    let room = paddingBefore + paddedEnd - extent
    var outputSize = 0
    if room >= 0 || includesPartialWindows {
      outputSize = max(0, (room + (includesPartialWindows ? stride - 1 : 0)) / stride + 1)
    }
    if includesPartialWindows, (outputSize - 1) * stride >= inputSize + paddingBefore { outputSize -= 1 }
    func positions(from start: Int, to end: Int) -> Int { max(0, end - start).dividedUp(by: dilation) }
    return PoolingAxis(
      inputSize: inputSize, dilation: dilation,
      windows: (0..<max(0, outputSize)).map { output in
        let first = output * stride - paddingBefore
        let start = min(first < 0 ? first + positions(from: first, to: 0) * dilation : first, inputSize)
        let end = max(start, min(first + extent, inputSize))
        let counted = countsPadding ? positions(from: first, to: min(first + extent, paddedEnd)) : nil
        return (start, end, counted ?? positions(from: start, to: end))
      })
  }

  /// As many windows as wanted, as even as can be: window i of m covers ⌊i n / m⌋ ..< ⌈(i + 1) n / m⌉.
  package static func adaptive(inputSize: Int, outputSize: Int) -> PoolingAxis {
    PoolingAxis(
      inputSize: inputSize,
      windows: (0..<outputSize).map { output in
        let start = output * inputSize / outputSize
        let end = ((output + 1) * inputSize).dividedUp(by: outputSize)
        return (start, end, end - start)
      })
  }

  /// Valid for as long as the axis lives.
  var forKernels: AdjointPoolingAxis {
    let values = UnsafePointer(windows.pointer.assumingMemoryBound(to: Int32.self))
    return AdjointPoolingAxis(
      input_size: inputSize, output_size: outputSize, dilation: dilation, starts: values,
      ends: values + outputSize, counts: values + 2 * outputSize)
  }
}
