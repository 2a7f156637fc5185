import AdjointKernels
import Testing

@Suite struct ReductionTests {
  static let shapes = [
    (1, 1, 1), (2, 17, 1), (3, 5, 7), (1, 70, 3), (2, 33, 90), (3, 1_100, 1), (0, 3, 2), (2, 3, 0),
    (2, 1_500, 5),
  ]

  @Test func realsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          Self.shapes.flatMap { shape in
            let x = Samples.reals(shape.0 * shape.1 * shape.2)
            return Self.cases(x, shape, type, tolerance: type == .float32 ? 2e-5 : 1e-13)
          }
        }
      }
    }
  }

  @Test func integersAreExact() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.int32, .int64].flatMap { type in
          Self.shapes.flatMap { shape in
            let x = Samples.integers(shape.0 * shape.1 * shape.2, below: 5).map { $0 - 2 }
            return Self.cases(x, shape, type, tolerance: 0)
          }
        }
      }
    }
  }

  @Test func largeArraysAreCutIntoChunks() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [(1, 70_001, 1), (1, 2_101, 33), (2, 2, 17_003)].flatMap { shape in
          let x = Samples.reals(shape.0 * shape.1 * shape.2)
          return [Reduction.Operation.sum, .sumOfSquares, .maximum].map { operation in
            Self.reduced(operation, x, shape, .float32, tolerance: 1e-5)
          } + [Self.located(.largest, x, shape, .float32)]
        }
      }
    }
  }

  @Test func nothingGivesTheIdentity() {
    for (operation, identity) in [(Reduction.Operation.sum, 0.0), (.product, 1), (.sumOfSquares, 0)] {
      for inner in [1, 3] {
        let output = Buffer(byteCount: 64)
        Reduction.reduce(
          operation, x: Region(output), into: output, outer: 2, middle: 0, inner: inner, type: .float32)
        #expect(output.doubles(2 * inner, .float32) == Array(repeating: identity, count: 2 * inner))
      }
    }
  }

  @Test(arguments: [1, 3, 18]) func nanWinsAndTheFirstOfEqualsIsTaken(inner: Int) {
    let column = [2.0, 7, 1, 7, .nan, 1, .nan]
    for (count, largest, smallest) in [(4, 1.0, 2.0), (7, 4, 4)] {
      let x = Region(column.prefix(count).flatMap { Array(repeating: $0, count: inner) }, .float32)
      for (extremum, expected) in [(Reduction.Extremum.largest, largest), (.smallest, smallest)] {
        let indices = Buffer(byteCount: inner * 8)
        Reduction.index(
          of: extremum, x: x, into: indices, outer: 1, middle: count, inner: inner, type: .float32)
        #expect(indices.doubles(inner, .int64) == Array(repeating: expected, count: inner))
      }
      for operation in [Reduction.Operation.maximum, .minimum] where count == 7 {
        let output = Buffer(byteCount: inner * 4)
        Reduction.reduce(operation, x: x, into: output, outer: 1, middle: count, inner: inner, type: .float32)
        #expect(output.doubles(inner, .float32).allSatisfy { $0.isNaN })
      }
    }
  }

  @Test(arguments: [1, 5]) func anyAndAllOfBool(inner: Int) {
    for (values, any, all) in [([0.0, 0], 0.0, 0.0), ([0, 1], 1, 0), ([1, 1], 1, 1), ([], 0, 1)] {
      let x = Region(values.flatMap { Array(repeating: $0, count: inner) }, .bool)
      for (operation, expected) in [(Reduction.Operation.any, any), (.all, all)] {
        let output = Buffer(byteCount: inner)
        Reduction.reduce(
          operation, x: x, into: output, outer: 1, middle: values.count, inner: inner, type: .bool)
        #expect(output.doubles(inner, .bool) == Array(repeating: expected, count: inner))
      }
    }
  }

  @Test func integerSumsWrapAround() {
    let x = Region([2_147_483_647, 1], .int32)
    let output = Buffer(byteCount: 4)
    Reduction.reduce(.sum, x: x, into: output, outer: 1, middle: 2, inner: 1, type: .int32)
    #expect(output.doubles(1, .int32) == [-2_147_483_648])
  }

  @Test func longSumsKeepTheirDigits() {
    let count = 200_000
    let x = Array(repeating: Double(Float(0.1)), count: count)
    let output = Buffer(byteCount: 4)
    Reduction.reduce(
      .sum, x: Region(x, .float32), into: output, outer: 1, middle: count, inner: 1, type: .float32)
    let exact = x[0] * Double(count)
    #expect(abs(output.doubles(1, .float32)[0] - exact) < 1e-6 * exact)
  }

  @Test func runningSums() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64, .int32, .int64].flatMap { type in
          [(3, 5, 1), (6, 37, 1), (9, 32, 1), (1, 16, 1), (5, 0, 1), (2, 7, 19), (2, 3, 1_300)].flatMap {
            shape in
            let x = Samples.integers(shape.0 * shape.1 * shape.2, below: 9)
            return [false, true].map { Self.runningSum(x, shape, reversed: $0, type) }
          }
        }
      }
    }
  }

  static func cases(
    _ x: [Double], _ shape: (Int, Int, Int), _ type: ElementType, tolerance: Double
  ) -> [KernelCase] {
    [Reduction.Operation.sum, .product, .maximum, .minimum, .sumOfSquares, .sumOfAbsolutes].map {
      reduced($0, x, shape, type, tolerance: tolerance)
    } + [located(.largest, x, shape, type), located(.smallest, x, shape, type)]
  }

  static func reduced(
    _ operation: Reduction.Operation, _ x: [Double], _ shape: (Int, Int, Int), _ type: ElementType,
    tolerance: Double
  ) -> KernelCase {
    let count = shape.0 * shape.2
    let output = Buffer(byteCount: count * type.byteCount)
    Reduction.reduce(
      operation, x: Region(x, type), into: output, outer: shape.0, middle: shape.1, inner: shape.2, type: type
    )
    let expected = lines(x, shape).map { line in
      switch operation {
      case .sum: line.reduce(0, +)
      case .product: line.reduce(1, *)
      case .maximum: line.max()!
      case .minimum: line.min()!
      case .sumOfSquares: line.reduce(0) { $0 + $1 * $1 }
      default: line.reduce(0) { $0 + abs($1) }
      }
    }
    let name = "\(operation) of \(shape) \(type)"
    return KernelCase(name, output.doubles(count, type), expected, tolerance: tolerance)
  }

  static func located(
    _ extremum: Reduction.Extremum, _ x: [Double], _ shape: (Int, Int, Int), _ type: ElementType
  ) -> KernelCase {
    let count = shape.0 * shape.2
    let indices = Buffer(byteCount: count * 8)
    Reduction.index(
      of: extremum, x: Region(x, type), into: indices, outer: shape.0, middle: shape.1, inner: shape.2,
      type: type)
    let expected = lines(x, shape).map { line in
      Double(line.firstIndex(of: extremum == .largest ? line.max()! : line.min()!)!)
    }
    return KernelCase("\(extremum) of \(shape) \(type)", indices.doubles(count, .int64), expected)
  }

  @Test func productsOfOthers() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [(2, 0, 3), (3, 1, 2), (2, 2, 1), (4, 3, 5), (5, 37, 1), (1, 33, 70), (2, 7, 300), (65, 1_030, 1)]
          .flatMap { shape in
            NormalizationTests.types(shape.0 * shape.1 * shape.2).map { Self.productsOfOthers(shape, $0) }
          }
      }
    }
  }

  /// Two elements are 0, where a division would not do.
  static func productsOfOthers(_ shape: (Int, Int, Int), _ type: ElementType) -> KernelCase {
    let count = shape.0 * shape.1 * shape.2
    let x = Samples.reals(count).enumerated().map {
      $0 == 3 || $0 == 90 ? 0 : 1 + ($1 * 1_024).rounded() / 65_536
    }
    let output = Buffer(byteCount: count * type.byteCount)
    Reduction.productsOfOthers(
      x: Region(x, type), into: output, outer: shape.0, middle: shape.1, inner: shape.2, type: type)
    var expected = x
    for (line, elements) in lines(x, shape).enumerated() {
      let start = line / shape.2 * shape.1 * shape.2 + line % shape.2
      var before = 1.0
      for (place, element) in elements.enumerated() {
        expected[start + place * shape.2] = before
        before *= element
      }
      var after = 1.0
      for (place, element) in elements.enumerated().reversed() {
        expected[start + place * shape.2] *= after
        after *= element
      }
    }
    // No product is rounded more often than there are elements.
    return KernelCase(
      "products of the others in \(shape) \(type)", output.doubles(count, type), expected,
      tolerance: type == .float32 ? 1e-4 : 3e-13)
  }

  static func runningSum(
    _ x: [Double], _ shape: (Int, Int, Int), reversed: Bool, _ type: ElementType
  ) -> KernelCase {
    let output = Buffer(byteCount: x.count * type.byteCount)
    Reduction.cumulativeSum(
      x: Region(x, type), into: output, outer: shape.0, middle: shape.1, inner: shape.2,
      reversed: reversed, type: type)
    var expected = x
    for index in reversed ? Array(x.indices.reversed()) : Array(x.indices) {
      let before = index + (reversed ? shape.2 : -shape.2)
      let row = index / shape.2 % shape.1
      if row != (reversed ? shape.1 - 1 : 0) { expected[index] += expected[before] }
    }
    return KernelCase("running sum of \(shape) \(type)", output.doubles(x.count, type), expected)
  }

  /// The elements along each middle axis.
  static func lines(_ x: [Double], _ shape: (Int, Int, Int)) -> [[Double]] {
    (0..<shape.0 * shape.2).map { line in
      let start = line / shape.2 * shape.1 * shape.2 + line % shape.2
      return (0..<shape.1).map { x[start + $0 * shape.2] }
    }
  }
}
