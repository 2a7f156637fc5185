extension Tensor: CustomStringConvertible {
  /// The type, shape and elements; of long tensors, the first and last few of each axis.
  public var description: String {
    let heading = "Tensor \(dataType) \(shape)"
    if count == 0 { return "\(heading) (no elements)" }
    let printer = ElementPrinter(self)
    return rank == 0 ? "\(heading) \(printer.texts[0])" : "\(heading)\n\(printer.lines())"
  }
}

/// Lays out a tensor's elements in brackets and columns.
private struct ElementPrinter {
  /// A tensor of more elements than this is elided.
  static let longest = 1_000
  /// How many entries of an elided axis are shown at each end.
  static let edge = 3

  /// The axes that are shown with a gap.
  let isElided: [Bool]
  /// What is left of each axis.
  let sizes: [Int]
  /// The elements that are left, in row-major order.
  let texts: [String]
  let width: Int

  init(_ tensor: Tensor) {
    let isLong = tensor.count > Self.longest
    isElided = tensor.shape.sizes.map { isLong && $0 > 2 * Self.edge }
    var shown = tensor.detached()
    for axis in isElided.indices where isElided[axis] {
      let end = shown.shape.replacing(axis: axis, with: Self.edge)
      let ends = [0, shown.shape.sizes[axis] - Self.edge].map {
        shown.sliced(StridedSlice(end, from: $0, axis: axis))
      }
      shown = Anomalies.unwatched { .concatenate(ends, axis: axis) }
    }
    sizes = shown.shape.sizes
    texts = Self.texts(of: shown)
    width = texts.map(\.count).max() ?? 0
  }

  private static func texts(of tensor: Tensor) -> [String] {
    switch tensor.dataType {
    case .bool: return tensor.scalars(as: Bool.self).map { "\($0)" }
    case .int32, .int64, .uint8: return tensor.scalars(as: Int.self).map { "\($0)" }
    case .float32, .float64:
      let scalars = tensor.scalars(as: Double.self)
      let areWhole = scalars.allSatisfy { $0 == $0.rounded() && abs($0) < 1e6 }
      return scalars.map(areWhole ? whole : decimal)
    }
  }

  /// The sign of a NaN says nothing.
  private static func special(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  private static func whole(_ value: Double) -> String {
    value.isFinite ? "\(Int(value))" : special(value)
  }

  /// Five significant digits or four decimals; powers of ten where they would be all zeros or very long.
  private static func decimal(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0.0000" : special(value) }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e6 else { return scientific(value) }
    return fixed(value, decimals: 4)
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: Int(scale))
    let digits = String(fraction)
    let zeros = String(repeating: "0", count: decimals - digits.count)
    return "\(value < 0 ? "-" : "")\(whole).\(zeros)\(digits)"
  }

  private static func scientific(_ value: Double) -> String {
    var mantissa = value
    var exponent = 0
    while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    if fixed(abs(mantissa), decimals: 4) == "10.0000" { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return "\(fixed(mantissa, decimals: 4))e\(exponent)"
  }

  func lines() -> String { block(axis: 0, offset: 0, indentation: 1) }

  private func block(axis: Int, offset: Int, indentation: Int) -> String {
    let isLast = axis == sizes.count - 1
    let step = sizes[(axis + 1)...].reduce(1, *)
    var entries = (0..<sizes[axis]).map { position in
      let place = offset + position * step
      return isLast
        ? padded(texts[place]) : block(axis: axis + 1, offset: place, indentation: indentation + 1)
    }
    if isElided[axis] { entries.insert("…", at: Self.edge) }
    let blankLines = String(repeating: "\n", count: sizes.count - axis - 1)
    let separator = isLast ? ", " : ",\(blankLines)\(String(repeating: " ", count: indentation))"
    return "[\(entries.joined(separator: separator))]"
  }

  private func padded(_ text: String) -> String {
    String(repeating: " ", count: width - text.count) + text
  }
}
