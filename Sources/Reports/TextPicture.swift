import AdjointAutodiff

extension Tensor {
  /// This image drawn with characters, two a pixel, from blank for the smallest finite value to full for the
  /// largest. What lies outside of these is full or blank, and NaN is blank.
  ///
  /// - Traps: where the shape is not `[height, width]` or `[height, width, 1]`, or there is no pixel.
  public var textPicture: String {
    require(
      (rank == 2 || rank == 3 && shape[2] == 1) && count > 0, "textPicture", "not a gray image",
      given: "shape \(shape)", expected: "[height, width] or [height, width, 1], not empty")
    let shades = Array(" .:-=+*#%@")
    let values = scalars(as: Double.self)
    let scale = GrayScale(spanning: values[...], flatShade: 0)
    return stride(from: 0, to: values.count, by: shape[1]).map { start in
      values[start..<start + shape[1]].map { value in
        let shade = scale.shade(of: value) * Double(shades.count - 1)
        return String(repeating: shades[Int(shade.rounded())], count: 2)
      }.joined()
    }.joined(separator: "\n")
  }
}
