/// The name of an axis in an Einstein summation.
enum EinsumLabel: Hashable {
  /// An axis that an ellipsis stands for, counted from the last of these.
  case ellipsis(Int)
  case letter(Character)
}

extension EinsumLabel: CustomStringConvertible {
  var description: String {
    switch self {
    case .ellipsis: "..."
    case .letter(let letter): "\(letter)"
    }
  }
}

/// An Einstein summation's equation, read for operands of given shapes: a label for each axis.
struct EinsumEquation {
  let operands: [[EinsumLabel]]
  let output: [EinsumLabel]

  init(_ equation: String, shapes: [Shape]) {
    let text = equation.filter { !$0.isWhitespace }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    require(
      sides.count <= 2, "einsum", "the equation has more than one arrow", given: "\"\(equation)\"",
      expected: "at most one ->")
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
      .map { Term($0, of: equation) }
    require(
      terms.count == shapes.count, "einsum", "operands and subscripts differ in number",
      given: "\(shapes.count) operands for \"\(equation)\"", expected: "\(terms.count) operands")
    operands = zip(terms, shapes).map { $0.labels(of: $1, equation) }
    let sizes = Self.sizes(of: operands, shapes, equation)
    let ellipsis = zip(terms, shapes).map { $0.ellipsisCount(rank: $1.rank) }.max() ?? 0
    if sides.count == 2 {
      let term = Term(sides[1], of: equation)
      require(
        term.hasEllipsis || ellipsis == 0, "einsum", "the output leaves out the ellipsis",
        given: "\"\(equation)\" for shapes \(shapes)", expected: "... in the output too")
      output = term.labels(ellipsis: ellipsis)
    } else {
      let all = operands.joined()
      let single = Set(all).filter { label in all.count { $0 == label } == 1 }
      let letters = single.compactMap { if case .letter(let letter) = $0 { letter } else { nil } }
      output = Self.axes(ofEllipsis: ellipsis) + letters.sorted().map(EinsumLabel.letter)
    }
    require(
      Set(output).count == output.count && output.allSatisfy { sizes[$0] != nil }, "einsum",
      "an output label is twice there or in no operand", given: "\"\(equation)\"",
      expected: "distinct labels of the operands")
  }

  fileprivate static func axes(ofEllipsis count: Int) -> [EinsumLabel] {
    (0..<count).reversed().map(EinsumLabel.ellipsis)
  }

  /// The size that each label stands for. Those of an ellipsis are broadcast.
  private static func sizes(of operands: [[EinsumLabel]], _ shapes: [Shape], _ equation: String)
    -> [EinsumLabel: Int]
  {
    var sizes: [EinsumLabel: Int] = [:]
    for (label, size) in zip(operands.joined(), shapes.map(\.sizes).joined()) {
      let known = sizes[label] ?? size
      var isBroadcast = false
      if case .ellipsis = label { isBroadcast = known == 1 || size == 1 }
      require(
        known == size || isBroadcast, "einsum", "a label stands for two sizes",
        given: "\(known) and \(size) for \(label) of \"\(equation)\", shapes \(shapes)",
        expected: "one size for each label")
      sizes[label] = known == 1 ? size : known
    }
    return sizes
  }
}

/// The subscripts of one operand, or of the output.
private struct Term {
  private var before: [EinsumLabel] = []
  private var after: [EinsumLabel] = []
  private(set) var hasEllipsis = false

  init(_ text: Substring, of equation: String) {
    var rest = text
    while let first = rest.first {
      if first.isASCII, first.isLetter {
        if hasEllipsis { after.append(.letter(first)) } else { before.append(.letter(first)) }
        rest.removeFirst()
      } else {
        require(
          rest.hasPrefix("...") && !hasEllipsis, "einsum", "the equation cannot be read",
          given: "\"\(text)\" in \"\(equation)\"",
          expected: "letters, and at most one ... in each of the subscripts")
        hasEllipsis = true
        rest.removeFirst(3)
      }
    }
  }

  /// How many axes the ellipsis stands for.
  func ellipsisCount(rank: Int) -> Int { hasEllipsis ? rank - before.count - after.count : 0 }

  func labels(ellipsis count: Int) -> [EinsumLabel] {
    before + (hasEllipsis ? EinsumEquation.axes(ofEllipsis: count) : []) + after
  }

  func labels(of shape: Shape, _ equation: String) -> [EinsumLabel] {
    let named = before.count + after.count
    require(
      named == shape.rank || hasEllipsis && named < shape.rank, "einsum", "subscripts do not fit an operand",
      given: "\(named) labels in \"\(equation)\" for shape \(shape)",
      expected: hasEllipsis ? "at most \(shape.rank) labels beside ..." : "\(shape.rank) labels",
      hint: "... stands for axes without a label")
    return labels(ellipsis: ellipsisCount(rank: shape.rank))
  }
}
