import AdjointKernels

extension Tensor {
  /// A view of regularly spaced places.
  package func sliced(_ slice: StridedSlice) -> Tensor {
    let original = shape
    let (offset, strides) = slice.placement(strides: effectiveStrides)
    return view(shape: slice.shape, strides: strides, offset: offset).recorded(
      as: "sliced",
      GradientPath(to: self, adding: { $1.add($0, at: slice) }) { $0.placed(at: slice, in: original) })
  }

  /// This tensor at regularly spaced places of zeros: the transpose of slicing.
  package func placed(at slice: StridedSlice, in shape: Shape) -> Tensor {
    var result = Tensor.zeros(shape, dataType: dataType)
    result.write(self, at: slice)
    return result.recorded(as: "placed", GradientPath(to: self) { $0.sliced(slice) })
  }

  /// Puts other elements, in the slice's shape, at regularly spaced places: in place where nobody else holds this
  /// tensor's memory. What came out of it so far is another value, to which gradients go.
  package mutating func replace(_ slice: StridedSlice, with replacement: Tensor) {
    require(
      replacement.dataType == dataType, "subscript", "the types differ",
      given: "\(replacement.dataType) into \(dataType)", expected: "the tensor's type",
      hint: "cast(to: .\(dataType)) converts")
    let sources = [node, replacement.node]
    Anomalies.noteOperand(self)
    Anomalies.noteOperand(replacement)
    // Whatever was computed from this tensor and reads its memory holds it.
    node = nil
    write(replacement, at: slice)
    Anomalies.check(self, operation: "replaced")
    self = recorded(as: "replaced", sources: sources) { (cotangent: consuming Tensor, wanted) in
      var kept = cotangent
      var given = wanted[1] ? kept.sliced(slice) : nil
      guard wanted[0] else { return [nil, given] }
      // A view would keep the cotangent from being changed in place.
      if let view = given, !view.isRecorded { given = view.copied() }
      kept.replace(slice, with: .zeros(slice.shape, dataType: kept.dataType))
      return [kept, given]
    }
  }

  /// Adds elements, in the slice's shape, to those at regularly spaced places; not recorded.
  private mutating func add(_ elements: Tensor, at slice: StridedSlice) {
    let sum = sliced(slice) + elements
    write(sum, at: slice)
  }

  /// The same elements in memory of their own; not recorded.
  package func copied() -> Tensor {
    Tensor(shape, dataType) {
      Copy.gather(
        from: region, strides: effectiveStrides, sizes: shape.sizes, into: $0,
        elementByteCount: dataType.byteCount)
    }
  }

  /// Writes elements in place where nobody else holds this tensor's memory.
  private mutating func write(_ elements: Tensor, at slice: StridedSlice) {
    makeWritable()
    let (offset, strides) = slice.placement(strides: effectiveStrides)
    let target = Region(region.buffer, byteOffset: region.byteOffset + offset * dataType.byteCount)
    Copy.scatter(
      from: elements.region, strides: elements.effectiveStrides, into: target, strides: strides,
      sizes: slice.shape.sizes, elementByteCount: dataType.byteCount)
  }
}
