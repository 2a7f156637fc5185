import CAdjointKernels

/// What happens to the elements of a product or a convolution before they are stored for the last time, in this
/// order.
package struct Epilogue: Sendable {
  /// A number for each column or channel, added.
  package var bias: Region?
  /// Elements that lie as the output's do, in memory of their own, added.
  package var addend: Region?
  /// Whether what is not above 0 becomes 0.
  package var rectifies: Bool

  package init(bias: Region? = nil, addend: Region? = nil, rectifies: Bool = false) {
    self.bias = bias
    self.addend = addend
    self.rectifies = rectifies
  }

  var onlyAddsBias: Bool { addend == nil && !rectifies }

  /// For the part of the output that begins this many bytes after its first element; `bias` is shared.
  func ofMatrix(atByteOffset offset: Int) -> Epilogue {
    var result = self
    result.addend = addend.map { Region($0.buffer, byteOffset: $0.byteOffset + offset) }
    return result
  }

  /// Valid for as long as the regions' buffers live.
  var forKernels: AdjointEpilogue {
    AdjointEpilogue(bias: bias?.pointer, addend: addend?.pointer, rectifies: rectifies)
  }
}

extension AdjointEpilogue {
  /// For columns that begin this many bytes after the first.
  func advanced(byBytes offset: Int) -> AdjointEpilogue {
    AdjointEpilogue(bias: bias.map { $0 + offset }, addend: addend.map { $0 + offset }, rectifies: rectifies)
  }

  /// For rows that begin this many bytes after the first.
  func belowRows(byBytes offset: Int) -> AdjointEpilogue {
    AdjointEpilogue(bias: bias, addend: addend.map { $0 + offset }, rectifies: rectifies)
  }
}
