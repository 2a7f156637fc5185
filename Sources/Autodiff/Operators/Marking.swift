import AdjointKernels

extension Tensor {
  /// Each element times a factor where it is marked, and 0 elsewhere: nothing of what is not marked shows, not
  /// even NaN. In this tensor's memory where nobody else holds it.
  consuming func whereMarked(by marks: Marks, scaledBy factor: Double = 1) -> Tensor {
    if Recording.isOn { return selected(by: marks, scaledBy: factor) }
    if mayBeOverwritten() {
      marks.scale(region, by: factor, into: region.buffer, type: dataType.elementType)
      return self
    }
    let source = contiguous()
    return Tensor(shape, dataType) {
      marks.scale(source.region, by: factor, into: $0, type: dataType.elementType)
    }
  }

  private func selected(by marks: Marks, scaledBy factor: Double) -> Tensor {
    let isMarked = Tensor(shape, .bool) { marks.expand(into: $0) }
    let scaled = factor == 1 ? self : self * factor
    return scaled.passed(where: isMarked)
  }
}
