import AdjointKernels
import Testing

/// The sizes of a result and its inputs' strides, in regions that start at element 500 of 1,000.
struct Broadcast: Sendable, CustomTestStringConvertible {
  let sizes: [Int]
  let x: [Int]
  let y: [Int]

  var testDescription: String { "\(sizes) \(x) \(y)" }

  static let all = [
    Broadcast(sizes: [], x: [], y: []), Broadcast(sizes: [0], x: [1], y: [0]),
    Broadcast(sizes: [1], x: [1], y: [1]),
    Broadcast(sizes: [19], x: [1], y: [1]), Broadcast(sizes: [19], x: [1], y: [0]),
    Broadcast(sizes: [19], x: [0], y: [0]),
    Broadcast(sizes: [5, 17], x: [17, 1], y: [0, 1]), Broadcast(sizes: [5, 17], x: [17, 1], y: [1, 0]),
    Broadcast(sizes: [5, 17], x: [0, 1], y: [1, 0]), Broadcast(sizes: [7, 3], x: [3, 1], y: [0, 1]),
    Broadcast(sizes: [7, 3], x: [1, 0], y: [0, 1]), Broadcast(sizes: [23, 15], x: [15, 1], y: [0, 1]),
    Broadcast(sizes: [5, 18], x: [1, 5], y: [18, 1]), Broadcast(sizes: [5, 18], x: [-18, -1], y: [0, -2]),
    Broadcast(sizes: [2, 3, 5, 7], x: [105, 35, 7, 1], y: [0, 7, 0, 1]),
    Broadcast(sizes: [2, 3, 5, 7], x: [0, 5, 1, 0], y: [7, 0, 0, 1]),
    Broadcast(sizes: [2, 3, 5, 7], x: [1, 2, 6, 30], y: [105, 35, 7, 1]),
    Broadcast(sizes: [2, 1, 5, 7], x: [35, 9, 7, 1], y: [35, 4, 7, 1]),
    Broadcast(sizes: [4, 0, 5], x: [5, 5, 1], y: [0, 0, 1]),
  ]
}

@Suite struct ElementwiseBroadcastTests {
  @Test(arguments: Broadcast.all)
  func twoInputsAreBroadcast(shape: Broadcast) {
    expectBinary(shape, of: Float.self, .float32)
    expectBinary(shape, of: Double.self, .float64)
    expectBinary(shape, of: Int32.self, .int32)
    expectBinary(shape, of: Int64.self, .int64)
  }

  private func expectBinary<Element: Numeric>(_ shape: Broadcast, of: Element.Type, _ type: ElementType) {
    let operands = Operands<Element>(shape)
    let output = Buffer(byteCount: operands.count * type.byteCount)
    Elementwise.binary(
      .subtract, operands.x, xStrides: shape.x, operands.y, yStrides: shape.y, sizes: shape.sizes,
      into: output,
      type: type)
    let expected = zip(operands.xValues, operands.yValues).map { $0 - $1 }
    #expect(output.array(of: Element.self, count: operands.count) == expected)
  }

  @Test(arguments: Broadcast.all)
  func comparisonsAreBroadcast(shape: Broadcast) {
    expectComparisons(shape, of: Float.self, .float32)
    expectComparisons(shape, of: Double.self, .float64)
    expectComparisons(shape, of: Int64.self, .int64)
    expectComparisons(shape, of: UInt8.self, .uint8)
  }

  private func expectComparisons<Element: Numeric & Comparable>(
    _ shape: Broadcast, of: Element.Type, _ type: ElementType
  ) {
    let operands = Operands<Element>(shape)
    let output = Buffer(byteCount: operands.count)
    let references: [(Comparison, (Element, Element) -> Bool)] = [
      (.equal, ==), (.notEqual, !=), (.less, <), (.lessOrEqual, <=), (.greater, >), (.greaterOrEqual, >=),
    ]
    for (comparison, reference) in references {
      Elementwise.compare(
        comparison, operands.x, xStrides: shape.x, operands.y, yStrides: shape.y, sizes: shape.sizes,
        into: output, type: type)
      let expected = zip(operands.xValues, operands.yValues).map { reference($0, $1) ? 1 as UInt8 : 0 }
      #expect(output.array(of: UInt8.self, count: operands.count) == expected, "\(comparison)")
    }
  }

  @Test(arguments: Broadcast.all)
  func choicesAreBroadcast(shape: Broadcast) {
    expectSelection(shape, of: Float.self, .float32)
    expectSelection(shape, of: Int64.self, .int64)
    expectSelection(shape, of: UInt8.self, .bool)
  }

  private func expectSelection<Element: Numeric>(_ shape: Broadcast, of: Element.Type, _ type: ElementType) {
    let operands = Operands<Element>(shape)
    let output = Buffer(byteCount: operands.count * type.byteCount)
    let mask = (0..<1_000).map { UInt8($0 / 3 % 2) }
    // The mask is broadcast as y is.
    let maskRegion = Region(of: mask)
    let base = Region(maskRegion.buffer, byteOffset: maskRegion.byteOffset + 500)
    Elementwise.select(
      base, maskStrides: shape.y, operands.x, xStrides: shape.x, operands.y, yStrides: shape.y,
      sizes: shape.sizes, into: output, type: type)
    let chosen = offsets(sizes: shape.sizes, strides: shape.y).map { mask[500 + $0] }
    let expected = zip(chosen, zip(operands.xValues, operands.yValues)).map { $0 == 1 ? $1.0 : $1.1 }
    #expect(output.array(of: Element.self, count: operands.count) == expected)
  }

  @Test func comparisonsWithNotANumberAreFalse() {
    let x: [Double] = [.nan, 1, .nan]
    let y: [Double] = [1, .nan, .nan]
    for comparison in Comparison.allCases {
      let output = Buffer(byteCount: 3)
      Elementwise.compare(
        comparison, Region(of: x), xStrides: [1], Region(of: y), yStrides: [1], sizes: [3], into: output,
        type: .float64)
      #expect(
        output.array(of: UInt8.self, count: 3) == Array(repeating: comparison == .notEqual ? 1 : 0, count: 3))
    }
  }

  @Test(arguments: [(107, 3), (9, 15), (5, 17), (3, 64), (4, 71)])
  func anInputMayBecomeTheOutput(rows: Int, columns: Int) {
    let values = (0..<rows * columns).map { Float($0) }
    let output = Buffer(byteCount: values.count * 4)
    let subtrahend = Region(of: (0..<columns).map { Float($0) * 0.25 + 1 })
    for input in [Region(of: values), Region(output)] {
      Elementwise.binary(
        .subtract, input, xStrides: [columns, 1], subtrahend, yStrides: [0, 1], sizes: [rows, columns],
        into: output, type: .float32)
    }
    let expected = values.indices.map { values[$0] - Float($0 % columns) * 0.5 - 2 }
    #expect(output.array(of: Float.self, count: expected.count) == expected)
  }

  @Test func largeBroadcastsAreCutWell() async {
    await #expect(processExitsWith: .success) {
      for (rows, columns) in [(3, 66_001), (22_001, 3), (257, 300)] {
        let x = Region(of: (0..<rows * columns).map(Float.init))
        let y = Region(of: (0..<columns).map { Float($0) * 0.5 })
        let expected = (0..<rows * columns).map { Float($0) + Float($0 % columns) * 0.5 }
        inEveryTable { place in
          let output = Buffer(byteCount: expected.count * 4)
          Elementwise.binary(
            .add, x, xStrides: [columns, 1], y, yStrides: [0, 1], sizes: [rows, columns], into: output,
            type: .float32)
          let values = output.array(of: Float.self, count: expected.count)
          #expect(values == expected, "\(rows) × \(columns) in \(place)")
          return [values]
        }
      }
    }
  }
}

/// Two inputs and what they hold in the order of the result.
private struct Operands<Element: Numeric> {
  let x: Region
  let y: Region
  let xValues: [Element]
  let yValues: [Element]

  var count: Int { xValues.count }

  init(_ shape: Broadcast) {
    let xs = (0..<1_000).map { Element(exactly: $0 * 7 % 127)! }
    let ys = (0..<1_000).map { Element(exactly: $0 * 5 % 113)! }
    func base(_ elements: [Element]) -> Region {
      let region = Region(of: elements)
      return Region(region.buffer, byteOffset: region.byteOffset + 500 * MemoryLayout<Element>.stride)
    }
    (x, y) = (base(xs), base(ys))
    xValues = offsets(sizes: shape.sizes, strides: shape.x).map { xs[500 + $0] }
    yValues = offsets(sizes: shape.sizes, strides: shape.y).map { ys[500 + $0] }
  }
}
