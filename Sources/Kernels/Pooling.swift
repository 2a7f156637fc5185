import CAdjointKernels

/// Poolings of [batch, depth, height, width, channels].
///
/// What is pooled over fewer axes has an extent of 1 and an axis `.untouched(size: 1)` in place of the others.
package struct Pooling: Sendable {
  package let batch: Int
  package let depth: PoolingAxis
  package let height: PoolingAxis
  package let width: PoolingAxis
  package let channels: Int

  package init(batch: Int, depth: PoolingAxis, height: PoolingAxis, width: PoolingAxis, channels: Int) {
    self.batch = batch
    self.depth = depth
    self.height = height
    self.width = width
    self.channels = channels
  }

  package var inputCount: Int { batch * depth.inputSize * height.inputSize * width.inputSize * channels }
  package var outputCount: Int { batch * depth.outputSize * height.outputSize * width.outputSize * channels }

  /// Writes the largest element of each window: the first of several in row-major order; a NaN wins, the
  /// first of several; -∞ where a window is empty.
  ///
  /// - Parameter indices: Takes, as int32, the winner's position (d · height + h) · width + w in its image,
  ///   or -1 where the window is empty.
  package func maximum(x: Region, into output: Buffer, indices: Buffer? = nil, type: ElementType) {
    precondition(depth.inputSize * height.inputSize * width.inputSize <= Int(Int32.max))
    let kernels = type.kernels(of: KernelTable.current.pooling)
    let (source, target) = (x.pointer, output.pointer)
    let positions = indices?.pointer.assumingMemoryBound(to: Int32.self)
    makeOutputLines { pooling, lines in
      kernels.maximum(pooling, source, lines.lowerBound, lines.count, target, positions)
    }
  }

  /// Writes the gradient of `maximum`: to each input the sum of the cotangents of the outputs that it won.
  package func maximumGradient(cotangent: Region, indices: Region, into gradient: Buffer, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.pooling)
    let (source, target) = (cotangent.pointer, gradient.pointer)
    let positions = indices.pointer.assumingMemoryBound(to: Int32.self)
    makeInputLines { pooling, lines in
      kernels.maximum_gradient(pooling, source, positions, lines.lowerBound, lines.count, target)
    }
  }

  /// Writes the elements of `x` at the positions that `maximum` found in another array of its shape, 0 at -1:
  /// the gradient of `maximumGradient`.
  package func gather(x: Region, indices: Region, into output: Buffer, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.pooling)
    let (source, target) = (x.pointer, output.pointer)
    let positions = indices.pointer.assumingMemoryBound(to: Int32.self)
    makeOutputLines { pooling, lines in
      kernels.gather(pooling, source, positions, lines.lowerBound, lines.count, target)
    }
  }

  /// Writes the sum of each window divided by its count, 0 where that is 0.
  package func average(x: Region, into output: Buffer, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.pooling)
    let (source, target) = (x.pointer, output.pointer)
    makeOutputLines { pooling, lines in
      kernels.average(pooling, source, lines.lowerBound, lines.count, target)
    }
  }

  /// Writes the gradient of `average`: to each input the sum of cotangent ÷ count over its windows.
  package func averageGradient(cotangent: Region, into gradient: Buffer, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.pooling)
    let (source, target) = (cotangent.pointer, gradient.pointer)
    makeInputLines { pooling, lines in
      kernels.average_gradient(pooling, source, lines.lowerBound, lines.count, target)
    }
  }

  private func makeOutputLines(_ body: (UnsafePointer<AdjointPooling>, Range<Int>) -> Void) {
    let lines = batch * depth.outputSize * height.outputSize
    makeLines(lines, elementsEach: max(inputCount, outputCount) / max(1, lines), body)
  }

  private func makeInputLines(_ body: (UnsafePointer<AdjointPooling>, Range<Int>) -> Void) {
    let lines = batch * depth.inputSize * height.inputSize
    makeLines(lines, elementsEach: max(inputCount, outputCount) / max(1, lines), body)
  }

  private func makeLines(
    _ lines: Int, elementsEach elements: Int, _ body: (UnsafePointer<AdjointPooling>, Range<Int>) -> Void
  ) {
    // The windows' memory is used until the end.
    defer { withExtendedLifetime(self) {} }
    let pooling = AdjointPooling(
      depth: depth.forKernels, height: height.forKernels, width: width.forKernels, channels: channels)
    withUnsafePointer(to: pooling) { pointer in
      ThreadPool.shared.divide(lines, elementsEach: elements) { body(pointer, $0) }
    }
  }
}
