import CAdjointKernels

extension Normalization {
  /// Contiguous examples of [positions, channels], and into how many groups their channels are split.
  package struct GroupedShape: Sendable {
    package var examples: Int
    package var positions: Int
    package var channels: Int
    package var groups: Int

    package init(examples: Int, positions: Int, channels: Int, groups: Int) {
      precondition(positions > 0 && groups > 0 && channels > 0 && channels % groups == 0)
      self.examples = examples
      self.positions = positions
      self.channels = channels
      self.groups = groups
    }

    var groupSize: Int { channels / groups }
    var chunkRows: Int { Normalization.chunkRows(size: channels) }
    var chunks: Int { positions.dividedUp(by: chunkRows) }

    /// Calls `body` with each example, several at a time where there are many, or one has few chunks: what a thread
    /// has just read of an example, it then finds in its caches.
    func forEachExample(_ body: (Int) -> Void) {
      guard examples >= min(16, 2 * chunks) else { return (0..<examples).forEach(body) }
      ThreadPool.shared.divide(examples, elementsEach: positions * channels) { $0.forEach(body) }
    }

    /// Calls `body` with the number of each chunk of an example, its first position and its length.
    func forEachChunk(_ body: (_ chunk: Int, _ start: Int, _ length: Int) -> Void) {
      ThreadPool.shared.divide(chunks, elementsEach: chunkRows * channels) {
        for chunk in $0 { body(chunk, chunk * chunkRows, min(chunkRows, positions - chunk * chunkRows)) }
      }
    }
  }

  /// Writes (x - mean) · inverseDeviation · scale + offset to `output`, where mean and deviation are those of
  /// each example's groups; scale and offset, [channels], are 1 and 0 where there are none.
  ///
  /// - Returns: What the gradients need, [examples, 4, channels].
  package static func normalizeGroups(
    x: Region, into output: Buffer, shape: GroupedShape, epsilon: Double, scale: Region?, offset: Region?,
    type: ElementType
  ) -> Buffer {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let rowBytes = shape.channels * type.byteCount
    let statistics = Buffer(byteCount: shape.examples * 4 * rowBytes)
    let (source, target, kept) = (x.pointer, output.pointer, statistics.pointer)
    let (scales, offsets) = (scale?.pointer, offset?.pointer)
    shape.forEachExample { example in
      let start = example * shape.positions * rowBytes
      let own = kept + example * 4 * rowBytes
      let moments = Buffer(byteCount: shape.chunks * 2 * shape.channels * MemoryLayout<Double>.stride)
      defer { withExtendedLifetime(moments) {} }
      let parts = moments.pointer.assumingMemoryBound(to: Double.self)
      shape.forEachChunk { chunk, first, length in
        kernels.channel_moments(
          source + start + first * rowBytes, length, shape.channels, parts + chunk * 2 * shape.channels)
      }
      kernels.join_group_moments(
        parts, shape.chunks, shape.chunkRows, shape.positions, shape.channels, shape.groupSize, epsilon,
        scales, offsets, own)
      shape.forEachChunk { _, first, length in
        let place = start + first * rowBytes
        kernels.normalize_channels(
          source + place, length, shape.channels, own, own + rowBytes, scales, own + 3 * rowBytes, nil, false,
          target + place)
      }
    }
    return statistics
  }

  /// Writes what the input of `normalizeGroups` receives to `gradient`, and returns what scale and offset do:
  /// Σ g · x̂ and Σ g over all positions of all examples.
  package static func groupGradients(
    cotangent: Region, x: Region, into gradient: Buffer, shape: GroupedShape, statistics: Region,
    scale: Region?, type: ElementType
  ) -> ParameterGradients {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let rowBytes = shape.channels * type.byteCount
    let totals = Buffer(byteCount: shape.examples * 2 * rowBytes)
    let (sent, source, target) = (cotangent.pointer, x.pointer, gradient.pointer)
    let (kept, scales, sums) = (statistics.pointer, scale?.pointer, totals.pointer)
    shape.forEachExample { example in
      let start = example * shape.positions * rowBytes
      let own = kept + example * 4 * rowBytes
      let scratch = Buffer(byteCount: (shape.chunks * 2 + 4) * rowBytes)
      defer { withExtendedLifetime(scratch) {} }
      let (terms, parts) = (scratch.pointer, scratch.pointer + 4 * rowBytes)
      shape.forEachChunk { chunk, first, length in
        let place = start + first * rowBytes
        kernels.channel_gradient_sums(
          sent + place, source + place, length, shape.channels, own, own + rowBytes, AdjointRectification(),
          parts + chunk * 2 * rowBytes)
      }
      kernels.join_group_gradients(
        parts, shape.chunks, sent + start, shape.positions, shape.channels, shape.groupSize, own, scales,
        sums + example * 2 * rowBytes, terms)
      shape.forEachChunk { _, first, length in
        let place = start + first * rowBytes
        kernels.group_input_gradient(
          sent + place, source + place, length, shape.channels, shape.positions * shape.groupSize, own, terms,
          target + place)
      }
    }
    return joinedGradients(totals, chunks: shape.examples, size: shape.channels, type: type)
  }
}
