import CAdjointKernels

/// What happens to the elements of a product or a convolution before they are stored for the last time, in this
/// order.
package struct Epilogue: Sendable {
  /// Bytes of an output that the caches may keep until it is read.
  private static let mostKept = Caches.third / 4 * 3

  /// A number for each column or channel, by which the sums are multiplied.
  package var scale: Region?
  /// A number for each column or channel, added.
  package var bias: Region?
  /// Elements that lie as the output's do, in memory of their own, added.
  package var addend: Region?
  /// Whether what is not above 0 becomes 0.
  package var rectifies: Bool
  /// Whether the output may be stored past the caches.
  private(set) var streams = false

  package init(scale: Region? = nil, bias: Region? = nil, addend: Region? = nil, rectifies: Bool = false) {
    self.scale = scale
    self.bias = bias
    self.addend = addend
    self.rectifies = rectifies
  }

  var onlyAddsBias: Bool { scale == nil && addend == nil && !rectifies }
  /// Whether what is stored is the sums themselves.
  var isEmpty: Bool { onlyAddsBias && bias == nil }

  /// For the part of the output that begins this many bytes after its first element; `scale` and `bias` are
  /// shared.
  func ofMatrix(atByteOffset offset: Int) -> Epilogue {
    var result = self
    result.addend = addend.map { Region($0.buffer, byteOffset: $0.byteOffset + offset) }
    return result
  }

  /// Valid for as long as the regions' buffers live.
  var forKernels: AdjointEpilogue {
    AdjointEpilogue(
      scale: scale?.pointer, bias: bias?.pointer, addend: addend?.pointer, rectifies: rectifies,
      streams: streams)
  }

  /// The same for an output of `rows` rows. What the caches cannot keep until it is read is stored past them: they
  /// would first read from memory what is overwritten, and lose what others still want. Only whole vectors are.
  func of(_ output: Region, rows: Int, rowByteCount: Int) -> Epilogue {
    var result = self
    let byteCount = rows * rowByteCount * (addend == nil ? 1 : 2)
    result.streams =
      byteCount > Self.mostKept && output.byteOffset % BufferPool.alignment == 0
      && rowByteCount % BufferPool.alignment == 0
    return result
  }
}

extension AdjointEpilogue {
  /// For columns that begin this many bytes after the first.
  func advanced(byBytes offset: Int) -> AdjointEpilogue {
    var result = belowRows(byBytes: offset)
    result.scale = scale.map { $0 + offset }
    result.bias = bias.map { $0 + offset }
    return result
  }

  /// For rows that begin this many bytes after the first.
  func belowRows(byBytes offset: Int) -> AdjointEpilogue {
    var result = self
    result.addend = addend.map { $0 + offset }
    return result
  }
}
