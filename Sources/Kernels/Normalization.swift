import CAdjointKernels

/// Normalization of [rows, size] arrays of real numbers: of each channel over the rows, for batch norm, in
/// this file; of each row over its columns, for layer norm, and of groups of channels, in the others.
package enum Normalization {
  /// What a normalization computed on its way, and its gradients need: one element a channel or a row.
  package struct Moments: Sendable {
    package let mean: Buffer
    /// Biased: divided by the count.
    package let variance: Buffer
    /// 1 ÷ √(variance + epsilon)
    package let inverseDeviation: Buffer
    /// What the mean has lost by its rounding, times `inverseDeviation`: what is normalized with these moments is too
    /// large by that.
    package let lost: Buffer
  }

  /// What the parameters of a normalization receive: one element a channel or a column.
  package struct ParameterGradients: Sendable {
    package let scale: Region
    package let offset: Region

    package init(scale: Region, offset: Region) {
      self.scale = scale
      self.offset = offset
    }
  }

  /// Says that the output of `normalizeChannels` was rectified: gradients pass back only where it was above 0.
  package struct Rectification: Sendable {
    /// The output; nil, where nothing was added to it, for computing it again.
    package var output: Region?
    package var scale: Region
    package var offset: Region

    package init(output: Region? = nil, scale: Region, offset: Region) {
      self.output = output
      self.scale = scale
      self.offset = offset
    }
  }

  /// Rows whose sums are formed by one thread before they join those of the other rows.
  static func chunkRows(size: Int) -> Int { min(1_024, max(32, ThreadPool.elementsPerPiece / max(1, size))) }

  /// The moments of each channel over the rows, of which there is at least one.
  package static func channelMoments(
    x: Region, rows: Int, channels: Int, epsilon: Double, type: ElementType
  ) -> Moments {
    precondition(rows > 0)
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let byteCount = channels * type.byteCount
    let moments = Moments(
      mean: Buffer(byteCount: byteCount), variance: Buffer(byteCount: byteCount),
      inverseDeviation: Buffer(byteCount: byteCount), lost: Buffer(byteCount: byteCount))
    let chunk = chunkRows(size: channels)
    let chunks = rows.dividedUp(by: chunk)
    let parts = Buffer(byteCount: chunks * 2 * channels * MemoryLayout<Double>.stride)
    defer { withExtendedLifetime(parts) {} }
    let source = x.pointer
    let target = parts.pointer.assumingMemoryBound(to: Double.self)
    ThreadPool.shared.divide(chunks, elementsEach: chunk * channels) { items in
      for item in items {
        let count = min(chunk, rows - item * chunk)
        kernels.channel_moments(
          source + item * chunk * byteCount, count, channels, target + item * 2 * channels)
      }
    }
    kernels.join_moments(
      target, chunks, chunk, rows, channels, epsilon, moments.mean.pointer, moments.variance.pointer,
      moments.inverseDeviation.pointer, moments.lost.pointer)
    return moments
  }

  /// Writes (x - mean) · inverseDeviation · scale + offset to `output`; scale and offset, [channels], are 1
  /// and 0 where there are none. Then `addend`, which is as large as x, is added, and what is not above 0 becomes
  /// 0 if `rectifies`.
  package static func normalizeChannels(
    x: Region, into output: Buffer, rows: Int, channels: Int, mean: Region, inverseDeviation: Region,
    scale: Region?, offset: Region?, adding addend: Region? = nil, rectifies: Bool = false, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let (source, target) = (x.pointer, output.pointer)
    let (means, inverses) = (mean.pointer, inverseDeviation.pointer)
    let (scales, offsets, added) = (scale?.pointer, offset?.pointer, addend?.pointer)
    let rowBytes = channels * type.byteCount
    ThreadPool.shared.divide(rows, elementsEach: channels) { range in
      let start = range.lowerBound * rowBytes
      kernels.normalize_channels(
        source + start, range.count, channels, means, inverses, scales, offsets, added.map { $0 + start },
        rectifies, target + start)
    }
  }

  /// Writes x · scale + offset to `output`, where scale and offset are [channels]; then as above.
  package static func scaleChannels(
    x: Region, into output: Buffer, rows: Int, channels: Int, scale: Region, offset: Region,
    adding addend: Region? = nil, rectifies: Bool = false, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let (source, target) = (x.pointer, output.pointer)
    let (scales, offsets, added) = (scale.pointer, offset.pointer, addend?.pointer)
    let rowBytes = channels * type.byteCount
    ThreadPool.shared.divide(rows, elementsEach: channels) { range in
      let start = range.lowerBound * rowBytes
      kernels.normalize_channels(
        source + start, range.count, channels, nil, nil, scales, offsets, added.map { $0 + start }, rectifies,
        target + start)
    }
  }

  /// What scale and offset of `normalizeChannels` receive: Σ g · x̂ and Σ g over the rows, where g is what
  /// passes of the cotangent.
  package static func channelParameterGradients(
    cotangent: Region, x: Region, rows: Int, channels: Int, mean: Region, inverseDeviation: Region,
    through rectification: Rectification? = nil, type: ElementType
  ) -> ParameterGradients {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let chunk = chunkRows(size: channels)
    let chunks = rows.dividedUp(by: chunk)
    let rowBytes = channels * type.byteCount
    let parts = Buffer(byteCount: chunks * 2 * rowBytes)
    let (sent, source, target) = (cotangent.pointer, x.pointer, parts.pointer)
    let (means, inverses) = (mean.pointer, inverseDeviation.pointer)
    ThreadPool.shared.divide(chunks, elementsEach: chunk * channels) { items in
      for item in items {
        let start = item * chunk * rowBytes
        kernels.channel_gradient_sums(
          sent + start, source + start, min(chunk, rows - item * chunk), channels, means, inverses,
          AdjointRectification(rectification, byteOffset: start), target + item * 2 * rowBytes)
      }
    }
    return joinedGradients(parts, chunks: chunks, size: channels, type: type)
  }

  /// Writes what the input of `normalizeChannels` receives where mean and deviation are of these rows:
  /// scale · inverseDeviation · (g - Σ g / rows - x̂ · Σ g x̂ / rows); and g, which is what the addend receives,
  /// to a buffer of its own if there is one.
  package static func channelInputGradient(
    cotangent: Region, x: Region, into gradient: Buffer, addendInto addendGradient: Buffer? = nil, rows: Int,
    channels: Int, mean: Region, inverseDeviation: Region, scale: Region?,
    parameterGradients: ParameterGradients, through rectification: Rectification? = nil, type: ElementType
  ) {
    let kernels = type.kernels(of: KernelTable.current.normalization)
    let (sent, source, target) = (cotangent.pointer, x.pointer, gradient.pointer)
    let (means, inverses, scales) = (mean.pointer, inverseDeviation.pointer, scale?.pointer)
    let (plain, weighted) = (parameterGradients.offset.pointer, parameterGradients.scale.pointer)
    let added = addendGradient?.pointer
    let rowBytes = channels * type.byteCount
    ThreadPool.shared.divide(rows, elementsEach: channels) { range in
      let start = range.lowerBound * rowBytes
      kernels.channel_input_gradient(
        sent + start, source + start, range.count, channels, rows, means, inverses, scales, plain,
        weighted, AdjointRectification(rectification, byteOffset: start), target + start,
        added.map { $0 + start })
    }
  }

  /// The sums over chunks of [chunks, 2, size]: the gradients of offset and scale.
  static func joinedGradients(
    _ parts: Buffer, chunks: Int, size: Int, type: ElementType
  ) -> ParameterGradients {
    let sums = Buffer(byteCount: 2 * size * type.byteCount)
    Reduction.reduce(
      .sum, x: Region(parts), into: sums, outer: 1, middle: chunks, inner: 2 * size, type: type)
    return ParameterGradients(scale: Region(sums, byteOffset: size * type.byteCount), offset: Region(sums))
  }
}

extension AdjointRectification {
  /// For the rows from `byteOffset` on. Valid for as long as the regions' buffers live.
  fileprivate init(_ rectification: Normalization.Rectification?, byteOffset: Int) {
    self.init(
      rectifies: rectification != nil, output: rectification?.output.map { $0.pointer + byteOffset },
      scale: rectification?.scale.pointer, offset: rectification?.offset.pointer)
  }
}
