extension Tensor: CustomStringConvertible {
  /// The type, shape and elements; of long tensors, the first and last few of each axis.
  public var description: String {
    let heading = "Tensor \(dataType) \(shape)"
    if count == 0 { return "\(heading) (no elements)" }
    let printer = ElementPrinter(self)
    return rank == 0 ? "\(heading) \(printer.text(at: 0))" : "\(heading)\n\(printer.lines())"
  }
}

/// Lays out a tensor's elements in brackets and columns.
private struct ElementPrinter {
  /// A tensor of more elements than this is elided.
  static let longest = 1_000
  /// How many entries of an elided axis are shown at each end.
  static let edge = 3

  let shape: Shape
  let strides: [Int]
  let texts: [Int: String]
  let width: Int

  init(_ tensor: Tensor) {
    shape = tensor.shape
    strides = tensor.shape.contiguousStrides
    let shown = Self.shownOffsets(shape, strides)
    texts = Self.texts(of: tensor, at: shown)
    width = texts.values.map(\.count).max() ?? 0
  }

  private static func isElided(_ shape: Shape, _ axis: Int) -> Bool {
    shape.elementCount > longest && shape.sizes[axis] > 2 * edge
  }

  private static func positions(_ shape: Shape, _ axis: Int) -> [Int] {
    let size = shape.sizes[axis]
    return isElided(shape, axis) ? Array(0..<edge) + Array(size - edge..<size) : Array(0..<size)
  }

  private static func shownOffsets(_ shape: Shape, _ strides: [Int]) -> [Int] {
    shape.sizes.indices.reduce([0]) { offsets, axis in
      offsets.flatMap { offset in positions(shape, axis).map { offset + $0 * strides[axis] } }
    }
  }

  private static func texts(of tensor: Tensor, at offsets: [Int]) -> [Int: String] {
    var texts: [Int: String] = [:]
    switch tensor.dataType {
    case .bool:
      let scalars = tensor.scalars(as: Bool.self)
      for offset in offsets { texts[offset] = "\(scalars[offset])" }
    case .int32, .int64, .uint8:
      let scalars = tensor.scalars(as: Int.self)
      for offset in offsets { texts[offset] = "\(scalars[offset])" }
    case .float32, .float64:
      let scalars = tensor.scalars(as: Double.self)
      let isWhole = offsets.allSatisfy { scalars[$0] == scalars[$0].rounded() && abs(scalars[$0]) < 1e6 }
      for offset in offsets { texts[offset] = isWhole ? whole(scalars[offset]) : decimal(scalars[offset]) }
    }
    return texts
  }

  private static func whole(_ value: Double) -> String {
    value.isFinite ? "\(Int(value))" : "\(value)"
  }

  /// Five significant digits or four decimals; powers of ten where they would be all zeros or very long.
  private static func decimal(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0.0000" : "\(value)" }
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

  func text(at offset: Int) -> String { texts[offset] ?? "" }

  func lines() -> String { block(axis: 0, offset: 0, indentation: 1) }

  private func block(axis: Int, offset: Int, indentation: Int) -> String {
    let size = shape.sizes[axis]
    let isElided = Self.isElided(shape, axis)
    let isLast = axis == shape.rank - 1
    var entries = Self.positions(shape, axis).map { position in
      let place = offset + position * strides[axis]
      return isLast
        ? padded(text(at: place)) : block(axis: axis + 1, offset: place, indentation: indentation + 1)
    }
    if isElided { entries.insert("…", at: Self.edge) }
    let blankLines = String(repeating: "\n", count: shape.rank - axis - 1)
    let separator = isLast ? ", " : ",\(blankLines)\(String(repeating: " ", count: indentation))"
    return size == 0 ? "[]" : "[\(entries.joined(separator: separator))]"
  }

  private func padded(_ text: String) -> String {
    String(repeating: " ", count: width - text.count) + text
  }
}
