import AdjointKernels
import Foundation
import Testing

@Suite struct SoftmaxTests {
  @Test func rowsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        var cases: [KernelCase] = []
        for (rows, columns) in [(3, 1), (5, 10), (2, 33), (1, 1_100), (0, 4), (340, 50)] {
          for type in rows == 340 ? [ElementType.float32] : [.float32, .float64] {
            let x = Samples.reals(rows * columns).map { 8 * $0 }
            cases += Self.cases(x, rows: rows, columns: columns, type)
          }
        }
        return cases
      }
    }
  }

  /// Strips of one vector and of several, and what is left of one; more rows than one block of sums.
  @Test func columnsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [(2, 5, 7), (1, 3, 129), (3, 150, 17), (40, 8, 300), (0, 3, 4)].flatMap { rows, columns, inner in
          [ElementType.float32, .float64].flatMap { type in
            Self.cases(
              Samples.reals(rows * columns * inner).map { 8 * $0 }, rows: rows, columns: columns,
              inner: inner,
              type)
          }
        }
      }
    }
  }

  /// Sums of many terms of one sign lose digits unless they are formed in blocks.
  @Test func longColumnsKeepTheirDigits() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        let rows = 200_000
        let sent = Region(Array(repeating: 0.1, count: 2 * rows), .float32)
        let (output, gradient) = (Buffer(byteCount: 8 * rows), Buffer(byteCount: 8 * rows))
        Softmax.logSoftmax(
          x: Region(Array(repeating: 0, count: 2 * rows), .float32), into: output, outer: 1, middle: rows,
          inner: 2, type: .float32)
        Softmax.logSoftmaxGradient(
          cotangent: sent, output: Region(output), into: gradient, outer: 1, middle: rows, inner: 2,
          type: .float32)
        return [
          KernelCase(
            "log softmax gradient of long columns", gradient.doubles(2 * rows, .float32),
            Array(repeating: 0, count: 2 * rows), tolerance: 1e-5)
        ]
      }
    }
  }

  @Test func columnsHoldInfinities() {
    let output = Buffer(byteCount: 24)
    // Columns of 0 and -∞, of two infinities, and of NaN.
    Softmax.softmax(
      x: Region([0, -.infinity, .nan, -.infinity, -.infinity, 1], .float32), into: output, outer: 1,
      middle: 2,
      inner: 3, type: .float32)
    let found = output.doubles(6, .float32)
    #expect(found[0] == 1 && found[3] == 0)
    #expect([1, 2, 4, 5].allSatisfy { found[$0].isNaN })
  }

  @Test func largeLogitsKeepTheirDigits() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [10_000.0, -10_000].flatMap { base -> [KernelCase] in
          let x = Samples.reals(3 * 21).map { base + ($0 * 4_096).rounded() / 1_024 }
          return Self.cases(x, rows: 3, columns: 21, .float32)
        }
      }
    }
  }

  @Test func crossEntropyFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        var cases: [KernelCase] = []
        for (rows, columns) in [(4, 1), (6, 10), (3, 37), (420, 40)] {
          for type in [ElementType.float32, .float64] {
            for smoothing in [0, 0.2] {
              cases += Self.crossEntropy(
                rows: rows, columns: columns, smoothing: smoothing, isWeighted: true, type)
            }
            cases += Self.crossEntropy(rows: rows, columns: columns, smoothing: 0, isWeighted: false, type)
          }
        }
        return cases
      }
    }
  }

  @Test func lossesOfLargeLogitsKeepTheirDigits() {
    let x = Region([10_000, 9_999, -10_000], .float32)
    let labels = Region([1], .int64)
    let (loss, gradient) = (Buffer(byteCount: 4), Buffer(byteCount: 12))
    let entropy = Softmax.CrossEntropy()
    let normalizers = entropy.losses(x: x, labels: labels, into: loss, rows: 1, columns: 3, type: .float32)
    #expect(abs(loss.doubles(1, .float32)[0] - log(1 + exp(1))) < 1e-6)
    entropy.gradient(
      cotangent: Region([1], .float32), x: x, labels: labels, normalizers: Region(normalizers),
      into: gradient,
      rows: 1, columns: 3, type: .float32)
    let share = 1 / (1 + exp(-1.0))
    for (value, expected) in zip(gradient.doubles(3, .float32), [share, -share, 0]) {
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test func infinities() {
    let output = Buffer(byteCount: 12)
    Softmax.softmax(
      x: Region([0, -.infinity, 0], .float32), into: output, outer: 1, middle: 3, type: .float32)
    #expect(output.doubles(3, .float32) == [0.5, 0, 0.5])
  }

  static func cases(_ x: [Double], rows: Int, columns: Int, inner: Int = 1, _ type: ElementType)
    -> [KernelCase]
  {
    let g = Samples.reals(x.count, seed: 2)
    let reference = SoftmaxReference(x, rows: rows * inner, columns: columns)
    /// From [rows, inner, columns], as the reference has them, to [rows, columns, inner].
    func placed(_ values: [Double]) -> [Double] {
      values.indices.map { place in
        let (line, i) = place.quotientAndRemainder(dividingBy: inner)
        let (row, column) = line.quotientAndRemainder(dividingBy: columns)
        return values[(row * inner + i) * columns + column]
      }
    }
    let (input, sent) = (Region(placed(x), type), Region(placed(g), type))
    let (output, gradient) = (
      Buffer(byteCount: x.count * type.byteCount), Buffer(byteCount: x.count * type.byteCount)
    )
    var cases: [KernelCase] = []
    func add(_ name: String, _ buffer: Buffer, _ expected: [Double]) {
      let name = "\(name) of [\(rows), \(columns), \(inner)] \(type)"
      let values = buffer.doubles(expected.count, type)
      cases.append(KernelCase(name, values, placed(expected), tolerance: type == .float32 ? 1e-5 : 1e-13))
    }
    func rowSum(_ terms: [Double], _ index: Int) -> Double {
      terms[index / columns * columns..<(index / columns + 1) * columns].reduce(0, +)
    }

    Softmax.softmax(x: input, into: output, outer: rows, middle: columns, inner: inner, type: type)
    add("softmax", output, reference.shares)
    Softmax.softmaxGradient(
      cotangent: sent, output: Region(output), into: gradient, outer: rows, middle: columns, inner: inner,
      type: type)
    let products = zip(g, reference.shares).map { $0 * $1 }
    add("softmax gradient", gradient, x.indices.map { reference.shares[$0] * (g[$0] - rowSum(products, $0)) })
    Softmax.logSoftmax(x: input, into: output, outer: rows, middle: columns, inner: inner, type: type)
    add("logSoftmax", output, reference.logarithms)
    Softmax.logSoftmaxGradient(
      cotangent: sent, output: Region(output), into: gradient, outer: rows, middle: columns, inner: inner,
      type: type)
    add("logSoftmax gradient", gradient, x.indices.map { g[$0] - reference.shares[$0] * rowSum(g, $0) })
    return cases
  }

  static func crossEntropy(
    rows: Int, columns: Int, smoothing: Double, isWeighted: Bool, _ type: ElementType
  ) -> [KernelCase] {
    let x = Samples.reals(rows * columns).map { 8 * $0 }
    let g = Samples.reals(rows, seed: 2)
    let weights =
      isWeighted ? Samples.reals(columns, seed: 3).map { $0 + 1.5 } : Array(repeating: 1, count: columns)
    var labels = Samples.integers(rows, below: columns, seed: 4)
    labels[1] = -7
    let reference = SoftmaxReference(x, rows: rows, columns: columns)
    var losses = g.map { _ in 0.0 }
    var gradient = x.map { _ in 0.0 }
    for row in 0..<rows where labels[row] >= 0 {
      let targets = (0..<columns).map { column in
        let own = Double(column) == labels[row] ? 1 - smoothing : 0
        return weights[column] * (own + smoothing / Double(columns))
      }
      let total = targets.reduce(0, +)
      for column in 0..<columns {
        let at = row * columns + column
        losses[row] -= targets[column] * reference.logarithms[at]
        gradient[at] = g[row] * (total * reference.shares[at] - targets[column])
      }
    }

    let entropy = Softmax.CrossEntropy(
      labelSmoothing: smoothing, ignoredLabel: -7, classWeights: isWeighted ? Region(weights, type) : nil)
    let (input, classes) = (Region(x, type), Region(labels, .int64))
    let (loss, result) = (
      Buffer(byteCount: rows * type.byteCount), Buffer(byteCount: x.count * type.byteCount)
    )
    let normalizers = entropy.losses(
      x: input, labels: classes, into: loss, rows: rows, columns: columns, type: type)
    entropy.gradient(
      cotangent: Region(g, type), x: input, labels: classes, normalizers: Region(normalizers), into: result,
      rows: rows, columns: columns, type: type)
    let tolerance = type == .float32 ? 1e-5 : 1e-13
    let name = "of [\(rows), \(columns)] smoothed by \(smoothing) \(type)"
    return [
      KernelCase("losses \(name)", loss.doubles(rows, type), losses, tolerance: tolerance),
      KernelCase("gradient \(name)", result.doubles(x.count, type), gradient, tolerance: tolerance),
    ]
  }
}

/// The softmax of rows in double precision.
struct SoftmaxReference {
  private(set) var shares: [Double]
  private(set) var logarithms: [Double]

  init(_ x: [Double], rows: Int, columns: Int) {
    (shares, logarithms) = (x, x)
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let maximum = x[range].max()!
      let logSum = log(x[range].reduce(0) { $0 + exp($1 - maximum) })
      for index in range {
        logarithms[index] = x[index] - maximum - logSum
        shares[index] = exp(logarithms[index])
      }
    }
  }
}
