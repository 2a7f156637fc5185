import AdjointKernels
import Testing

@Suite struct MatmulTests {
  /// Extents that differ, one of each kind that matters: single rows and columns, tails of every tile,
  /// several blocks of the inner dimension, enough work for several pieces, right operands that are read
  /// without packing and others whose rows are too long for that, and nothing at all.
  static let sizes = [
    [1, 1, 1], [1, 37, 50], [50, 37, 1], [3, 5, 7], [13, 300, 33], [6, 16, 32], [25, 1, 19], [100, 17, 530],
    [2, 0, 3], [0, 4, 5], [4, 5, 0], [5, 2_100, 4], [130, 260, 70],
    [130, 270, 64], [14, 6, 2_112], [6, 515, 530], [1, 7, 1_100], [600, 37, 1], [7, 515, 1],
  ]

  @Test(arguments: sizes) func agreesWithTheDefinition(size: [Int]) {
    for type in [ElementType.float32, .float64, .int32, .int64] {
      for transposesLeft in [false, true] {
        for transposesRight in [false, true] {
          expectProduct(
            MatmulCase(
              rows: size[0], inner: size[1], columns: size[2], type: type, transposesLeft: transposesLeft,
              transposesRight: transposesRight))
        }
      }
    }
  }

  @Test func batchesStepsAndEpiloguesAgreeWithTheDefinition() {
    for type in [ElementType.float32, .float64, .int32] {
      for batch in [1, 3] {
        for sharesRight in [false, true] {
          for spacing in [1, 2] {
            expectProduct(
              MatmulCase(
                rows: 7, inner: 18, columns: 35, type: type, batch: batch, sharesRight: sharesRight,
                spacing: spacing, addsBias: true))
          }
        }
      }
    }
  }

  @Test(arguments: [[4, 270, 70], [25, 270, 1], [17, 5, 1]])
  func operandsReadInPlaceTakeStepsAndEpilogues(size: [Int]) {
    for type in [ElementType.float32, .float64] {
      for transposesLeft in [false, true] {
        for spacing in [1, 2] {
          for hasEpilogue in [false, true] {
            expectProduct(
              MatmulCase(
                rows: size[0], inner: size[1], columns: size[2], type: type, transposesLeft: transposesLeft,
                spacing: spacing, addsBias: hasEpilogue, addsAndRectifies: hasEpilogue))
          }
        }
      }
    }
  }

  /// How many rows or columns are multiplied at a time shows in no bit of any of them.
  @Test func fewRowsAndSingleColumnsRoundAsManyDo() {
    for type in [ElementType.float32, .float64] {
      for (inner, columns) in [(300, 530), (37, 66), (3, 40)] {
        let many = MatmulCase(rows: 40, inner: inner, columns: columns, type: type, addsBias: true).computed()
        for rows in 1...7 {
          let few = MatmulCase(rows: rows, inner: inner, columns: columns, type: type, addsBias: true)
          #expect(few.computed() == Array(many.prefix(rows * columns)))
        }
      }
      for (rows, inner) in [(40, 300), (19, 37), (7, 3)] {
        for transposesLeft in [false, true] {
          func product(columns: Int, addsBias: Bool) -> [Double] {
            MatmulCase(
              rows: rows, inner: inner, columns: columns, type: type, transposesLeft: transposesLeft,
              transposesRight: true, addsBias: addsBias
            ).computed()
          }
          for addsBias in [false, true] {
            let wide = product(columns: 20, addsBias: addsBias)
            #expect(product(columns: 1, addsBias: addsBias) == (0..<rows).map { wide[$0 * 20] })
          }
        }
      }
    }
  }

  @Test func sumsOfPartsTakeTheEpilogueOnce() {
    expectProduct(
      MatmulCase(
        rows: 17, inner: 2_570, columns: 30, type: .float32, addsBias: true, addsAndRectifies: true))
  }

  @Test func addendsAndRectificationFollowTheBias() {
    for type in [ElementType.float32, .float64] {
      for size in [[7, 18, 35], [13, 300, 33], [5, 0, 9]] {
        for batch in [1, 3] {
          expectProduct(
            MatmulCase(
              rows: size[0], inner: size[1], columns: size[2], type: type, batch: batch,
              addsBias: batch == 1, addsAndRectifies: true))
        }
      }
    }
  }

  @Test func rectificationKeepsWhatIsNotANumber() {
    let left = Region(of: [-1, .nan, 2, -0.0] as [Float])
    let output = Region(of: [Float](repeating: 0, count: 4))
    Matmul.multiply(
      MatrixView(left, rowStep: 1), MatrixView(Region(of: [1] as [Float]), rowStep: 1),
      into: MatrixView(output, rowStep: 1), rows: 4, inner: 1, columns: 1,
      epilogue: Epilogue(rectifies: true),
      type: .float32)
    let values = output.array(of: Float.self, count: 4)
    #expect(values[0].bitPattern == 0 && values[1].isNaN && values[2] == 2 && values[3].bitPattern == 0)
  }

  @Test func aNumberThatIsNotOneStaysInItsRow() {
    let left = Region(of: [1, .nan, 2, 3, 4, 5] as [Float])
    let right = Region(of: [1, 0, .infinity, 2] as [Float])
    let output = Region(of: [Float](repeating: 0, count: 6))
    Matmul.multiply(
      MatrixView(left, rowStep: 2), MatrixView(right, rowStep: 2), into: MatrixView(output, rowStep: 2),
      rows: 3,
      inner: 2, columns: 2, type: .float32)
    let values = output.array(of: Float.self, count: 6)
    #expect(values[0].isNaN && values[1].isNaN)
    #expect(Array(values[2...]) == [.infinity, 6, .infinity, 10])
  }

  /// A repeated row is near itself, however long it is; only some of its blocks are whole register tiles.
  @Test func aRepeatedRowOnTheRightIsLikeItsCopies() {
    let (rows, inner, columns) = (100, 21, 530)
    let left = Region(of: (0..<rows * inner).map { Float($0 % 89) - 44 })
    let row = (0..<columns).map { Float($0 % 97) - 48 }
    func product(_ right: MatrixView) -> [Float] {
      let output = Region(of: [Float](repeating: 0, count: rows * columns))
      Matmul.multiply(
        MatrixView(left, rowStep: inner), right, into: MatrixView(output, rowStep: columns), rows: rows,
        inner: inner, columns: columns, type: .float32)
      return output.array(of: Float.self, count: rows * columns)
    }
    let copies = Region(of: (0..<inner).flatMap { _ in row })
    let areAlike =
      product(MatrixView(Region(of: row), rowStep: 0)) == product(MatrixView(copies, rowStep: columns))
    #expect(areAlike)
  }

  @Test func tablesAndThreadsGiveTheSameBits() async {
    await #expect(processExitsWith: .success) {
      let cases = [
        [13, 300, 33], [70, 40, 650], [5, 2_600, 9], [130, 130, 130], [130, 130, 96], [3, 300, 650],
        [99, 300, 1],
      ].flatMap {
        size in
        [ElementType.float32, .float64].map {
          MatmulCase(
            rows: size[0], inner: size[1], columns: size[2], type: $0, addsBias: true, addsAndRectifies: true)
        }
      }
      for product in cases {
        inEveryTable { place in
          if place.threads == 1 { expectProduct(product) }
          return [product.computed()]
        }
      }
    }
  }
}

/// One product of random matrices and how it is asked for.
struct MatmulCase: Sendable, CustomTestStringConvertible {
  var rows: Int
  var inner: Int
  var columns: Int
  var type: ElementType
  var transposesLeft = false
  var transposesRight = false
  var batch = 1
  var sharesRight = false
  /// The distance between neighbours of the left operand's fastest dimension.
  var spacing = 1
  var addsBias = false
  var addsAndRectifies = false

  var testDescription: String { "\(rows)x\(inner)x\(columns) \(type)" }

  /// Small integers for integers, and for reals numbers that any type holds exactly.
  private func values(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let integer = Double(Int(state >> 40) % 2_001 - 1_000)
      return type == .int32 || type == .int64 ? integer : integer / 1_024
    }
  }

  private var leftValues: [Double] { values(batch * rows * inner * spacing, seed: 1) }
  private var rightValues: [Double] { values((sharesRight ? 1 : batch) * inner * columns, seed: 2) }
  private var biasValues: [Double] { values(columns, seed: 3) }
  /// What lies there before the product.
  private var outputValues: [Double] { values(batch * rows * columns, seed: 4) }
  private var addendValues: [Double] { values(batch * rows * columns, seed: 5) }

  private func view(_ region: Region, rows: Int, columns: Int, transposes: Bool, spacing: Int) -> MatrixView {
    let step = rows * columns * spacing
    return transposes
      ? MatrixView(region, rowStep: spacing, columnStep: rows * spacing, batchStep: step)
      : MatrixView(region, rowStep: columns * spacing, columnStep: spacing, batchStep: step)
  }

  func computed() -> [Double] {
    let left = view(
      Region(leftValues, type), rows: rows, columns: inner, transposes: transposesLeft, spacing: spacing)
    var right = view(
      Region(rightValues, type), rows: inner, columns: columns, transposes: transposesRight, spacing: 1)
    if sharesRight { right.batchStep = 0 }
    let output = Region(outputValues, type)
    Matmul.multiply(
      left, right, into: MatrixView(output, rowStep: columns, batchStep: rows * columns), batch: batch,
      rows: rows, inner: inner, columns: columns,
      epilogue: Epilogue(
        bias: addsBias ? Region(biasValues, type) : nil,
        addend: addsAndRectifies ? Region(addendValues, type) : nil, rectifies: addsAndRectifies), type: type)
    return output.doubles(batch * rows * columns, type)
  }

  func expected() -> [Double] {
    let left = leftValues, right = rightValues, bias = biasValues, addend = addendValues
    var output = [Double](repeating: 0, count: batch * rows * columns)
    for b in 0..<batch {
      for i in 0..<rows {
        for j in 0..<columns {
          var sum = addsBias ? bias[j] : 0
          for k in 0..<inner {
            let x = left[(b * rows * inner + (transposesLeft ? k * rows + i : i * inner + k)) * spacing]
            let place = transposesRight ? j * inner + k : k * columns + j
            sum += x * right[(sharesRight ? 0 : b * inner * columns) + place]
          }
          let place = (b * rows + i) * columns + j
          output[place] = addsAndRectifies ? max(0, sum + addend[place]) : sum
        }
      }
    }
    return output
  }
}

private func expectProduct(_ product: MatmulCase, sourceLocation: SourceLocation = #_sourceLocation) {
  let tolerance: Double =
    switch product.type {
    case .float32: 1e-6 * (4 + Double(product.inner).squareRoot())
    case .float64: 1e-14 * (4 + Double(product.inner).squareRoot())
    default: 0
    }
  let computed = product.computed(), expected = product.expected()
  #expect(
    computed.count == expected.count && zip(computed, expected).allSatisfy { abs($0 - $1) <= tolerance },
    "\(product.testDescription)", sourceLocation: sourceLocation)
}
