import CAdjointKernels

/// What happens to the elements of a product or a convolution before they are stored for the last time, in this
/// order.
package struct Epilogue: Sendable {
  /// A number for each column or channel, by which the sums are multiplied.
  package var scale: Region?
  /// A number for each column or channel, added.
  package var bias: Region?
  /// Elements that lie as the output's do, in memory of their own, added.
  package var addend: Region?
  /// Whether what is not above 0 becomes 0.
  package var rectifies: Bool

  package init(scale: Region? = nil, bias: Region? = nil, addend: Region? = nil, rectifies: Bool = false) {
    self.scale = scale
    self.bias = bias
    self.addend = addend
    self.rectifies = rectifies
  }

  var onlyAddsBias: Bool { scale == nil && addend == nil && !rectifies }

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
      scale: scale?.pointer, bias: bias?.pointer, addend: addend?.pointer, rectifies: rectifies)
  }
}

extension AdjointEpilogue {
  /// For columns that begin this many bytes after the first.
  func advanced(byBytes offset: Int) -> AdjointEpilogue {
    AdjointEpilogue(
      scale: scale.map { $0 + offset }, bias: bias.map { $0 + offset }, addend: addend.map { $0 + offset },
      rectifies: rectifies)
  }

  /// For rows that begin this many bytes after the first.
  func belowRows(byBytes offset: Int) -> AdjointEpilogue {
    AdjointEpilogue(scale: scale, bias: bias, addend: addend.map { $0 + offset }, rectifies: rectifies)
  }
}
