import AdjointKernels

extension Tensor {
  /// A view of regularly spaced places.
  package func sliced(_ slice: StridedSlice) -> Tensor {
    let original = shape
    let (offset, strides) = placement(of: slice)
    return view(shape: slice.shape, strides: strides, offset: offset)
      .recorded(as: "sliced", GradientPath(to: self) { $0.placed(at: slice, in: original) })
  }

  /// This tensor at regularly spaced places of zeros: the transpose of slicing.
  package func placed(at slice: StridedSlice, in shape: Shape) -> Tensor {
    let result = Tensor.zeros(shape, dataType: dataType)
    result.write(self, at: slice)
    return result.recorded(as: "placed", GradientPath(to: self) { $0.sliced(slice) })
  }

  /// Puts other elements at regularly spaced places, in place where nobody else holds this tensor.
  package mutating func replace(_ slice: StridedSlice, with replacement: Tensor) {
    require(
      replacement.dataType == dataType, "subscript", "the types differ",
      given: "\(replacement.dataType) into \(dataType)", expected: "the tensor's type",
      hint: "cast(to: .\(dataType)) converts")
    let paths = [
      GradientPath(to: self) { cotangent in
        var kept = cotangent
        kept.replace(slice, with: Tensor.zeros(slice.shape, dataType: cotangent.dataType))
        return kept
      },
      GradientPath(to: replacement) { $0.sliced(slice) },
    ]
    makeWritable()
    write(replacement, at: slice)
    self = recorded(as: "replaced", paths: paths)
  }

  /// The same elements in memory of their own; not recorded.
  package func copied() -> Tensor {
    Tensor(shape, dataType) {
      Copy.gather(
        from: region, strides: effectiveStrides, sizes: shape.sizes, into: $0,
        elementByteCount: dataType.byteCount)
    }
  }

  /// Writes elements to this tensor's own memory.
  private func write(_ elements: Tensor, at slice: StridedSlice) {
    let (offset, strides) = placement(of: slice)
    let target = Region(region.buffer, byteOffset: region.byteOffset + offset * dataType.byteCount)
    Copy.scatter(
      from: elements.region, strides: elements.effectiveStrides, into: target, strides: strides,
      sizes: slice.sizes, elementByteCount: dataType.byteCount)
  }

  private func placement(of slice: StridedSlice) -> (offset: Int, strides: [Int]) {
    let strides = effectiveStrides
    let offset = zip(slice.starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    return (offset, zip(slice.steps, strides).map { $0 * $1 })
  }
}
