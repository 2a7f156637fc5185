extension Tensor {
  /// The number of axes between the batch and the channels.
  ///
  /// - Traps: where there are none or more than 3, or the type is not a floating-point one.
  func spatialAxisCount(_ operation: String) -> Int {
    require(
      (3...5).contains(rank), operation, "not a batch of images", given: "shape \(shape)",
      expected: "[batch, spatial sizes…, channels], with 1 to 3 spatial axes")
    requireFloatingPoint(operation)
    return rank - 2
  }

  /// Traps where a spatial axis is empty.
  func requirePixels(axes: Int, _ operation: String) {
    require(
      shape.sizes[1...axes].allSatisfy { $0 > 0 }, operation, "the image is empty", given: "shape \(shape)",
      expected: "spatial sizes of 1 or more")
  }
}
