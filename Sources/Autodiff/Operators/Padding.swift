/// What an axis is extended with.
public enum PaddingMode: Sendable, Hashable {
  /// One number everywhere.
  case constant(Double)
  /// The elements beyond the edge, which is not repeated, in the opposite order: `c b | a b c | b a`.
  case reflect
  /// The element at the edge: `a a | a b c | c c`.
  case edge
}

extension Tensor {
  /// This tensor extended at both ends of its axes.
  ///
  /// ```swift
  /// Tensor([1, 2, 3]).padded(widths: [PaddingWidths(before: 2, after: 1)], mode: .reflect)  // [3, 2, 1, 2, 3, 2]
  /// ```
  ///
  /// - Parameters:
  ///   - widths: How far each axis is extended.
  ///   - mode: What it is extended with.
  /// - Traps: where the widths are not one pair an axis, one is negative, there would be too many elements, an axis
  ///   is too short to be reflected so far or to have an edge, or the type does not hold the number.
  public func padded(widths: [PaddingWidths], mode: PaddingMode = .constant(0)) -> Tensor {
    let given = "widths \(widths.map { [$0.before, $0.after] }) for shape \(shape)"
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "padded",
      "the widths are not one pair an axis", given: given, expected: "\(rank) pairs of 0 or more")
    require(
      widths.allSatisfy { $0.longest <= Shape.mostElements } && paddedShape(widths).isCountable, "padded",
      "there are too many elements", given: given, expected: "at most \(Shape.mostElements)")
    switch mode {
    case .constant(let value):
      requireHolds(value, "padded")
      return padded(widths, with: value)
    case .reflect:
      require(
        zip(widths, shape.sizes).allSatisfy { $0.longest == 0 || $0.longest < $1 }, "padded",
        "an axis is too short to be reflected", given: given, expected: "widths below the axis's size")
      return padded(widths) { place, size in
        place < 0 ? -place : place < size ? place : 2 * (size - 1) - place
      }
    case .edge:
      require(
        zip(widths, shape.sizes).allSatisfy { $0.longest == 0 || $1 > 0 }, "padded",
        "an empty axis has no edge", given: given, expected: "axes of size 1 or more")
      return padded(widths) { place, size in Swift.min(Swift.max(place, 0), size - 1) }
    }
  }

  private func paddedShape(_ widths: [PaddingWidths]) -> Shape {
    Shape(unchecked: zip(shape.sizes, widths).map { $0 + $1.total })
  }

  private func padded(_ widths: [PaddingWidths], with value: Double) -> Tensor {
    var result = Tensor.filled(with: value, shape: paddedShape(widths), dataType: dataType)
    result.replace(StridedSlice(shape, from: widths.map(\.before)), with: self)
    return result
  }

  /// Extended by elements from within: `source` gives the place of each, from places that may lie outside.
  private func padded(_ widths: [PaddingWidths], from source: (_ place: Int, _ size: Int) -> Int) -> Tensor {
    zip(shape.sizes, widths).enumerated().reduce(unchanged) { result, next in
      let (axis, (size, width)) = next
      if width.total == 0 { return result }
      let places = (-width.before..<size + width.after).map { source($0, size) }
      return result.taken(at: Tensor(places), axis: axis)
    }
  }
}

extension PaddingWidths {
  fileprivate var longest: Int { max(before, after) }
}
