import AdjointKernels
import Testing

@Suite struct IndexingTests {
  @Test func agreesWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        var cases: [KernelCase] = []
        for type in [ElementType.float32, .float64, .int32, .int64, .uint8] {
          cases += Self.rowCases(outer: 1, count: 13, rows: 7, columns: 5, type)
          cases += Self.rowCases(outer: 2, count: 0, rows: 2, columns: 3, type)
          cases += Self.rowCases(outer: 3, count: 4, rows: 7, columns: 2, type)
          cases += Self.rowCases(outer: 5, count: 6, rows: 4, columns: 1, type)
          cases += Self.elementCases(outer: 2, middle: 5, count: 9, inner: 3, type)
          cases += Self.elementCases(outer: 3, middle: 4, count: 2, inner: 1, type)
          cases += Self.orderCases(rows: 3, columns: 50, type)
          cases += Self.orderCases(rows: 2, columns: 1, type)
          cases += Self.orderCases(rows: 2, columns: 65, type)
        }
        cases += Self.rowCases(outer: 1, count: 2_100, rows: 90, columns: 33, .float32)
        cases += Self.rowCases(outer: 3, count: 700, rows: 30, columns: 41, .float32)
        cases += Self.rowCases(outer: 90, count: 800, rows: 7, columns: 1, .float32)
        cases += Self.elementCases(outer: 1, middle: 7, count: 9, inner: 8_000, .float32)
        cases += Self.orderCases(rows: 30, columns: 170, .float32)
        return cases
      }
    }
  }

  @Test func theFirstIndexOutOfRangeIsFound() {
    func first(_ values: [Double], ignored: Int64? = nil) -> Int? {
      Indexing.firstOutOfRange(
        indices: Region(values, .int64), count: values.count, bound: 5, ignored: ignored)
    }
    #expect(first([0, 4, 2]) == nil)
    #expect(first([]) == nil)
    #expect(first([0, 5, -1]) == 1)
    #expect(first([0, 1, -1]) == 2)
    #expect(first([0, -100, 4], ignored: -100) == nil)
    #expect(first([7, -100], ignored: 7) == 1)
  }

  @Test func oneHotRows() {
    for type in ElementType.allCases {
      let output = Buffer(byteCount: 4 * 3 * type.byteCount)
      Indexing.oneHot(indices: Region([2, 0, -1, 3], .int64), into: output, count: 4, classes: 3, type: type)
      #expect(output.doubles(12, type) == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test func nanIsTheLargest() {
    let x = Region([2, .nan, -.infinity, .infinity, .nan, 2], .float32)
    let (output, indices) = (Buffer(byteCount: 24), Buffer(byteCount: 48))
    Indexing.sort(x: x, into: output, indices: indices, rows: 1, columns: 6, type: .float32)
    #expect(indices.doubles(6, .int64) == [2, 0, 5, 3, 1, 4])
    Indexing.sort(x: x, into: output, indices: indices, rows: 1, columns: 6, descending: true, type: .float32)
    #expect(indices.doubles(6, .int64) == [1, 4, 3, 0, 5, 2])
    Indexing.top(3, x: x, into: output, indices: indices, rows: 1, columns: 6, type: .float32)
    #expect(indices.doubles(3, .int64) == [1, 4, 3])
  }

  /// Rows long enough to be sorted by bytes, with all that numbers of the type can be.
  @Test(arguments: [false, true]) func longRowsAreInOrder(isDescending: Bool) {
    let reals: [Double] = [
      .nan, 0, -0.0, .infinity, -.infinity, 1e-40, -1e-40, 1, -1, 1.000_000_1, 3e38, -3e38, -.nan, 256,
      65_536,
    ]
    let integers = [0, 1, -1, 255, 256, -256, 65_536, 2_147_483_647, -2_147_483_648, 16_777_216.0]
    let types: [(ElementType, [Double])] = [
      (.float32, reals), (.float64, reals), (.int32, integers), (.int64, integers), (.int64, [7]),
    ]
    for (type, numbers) in types {
      let x = Samples.integers(300, below: numbers.count).map { numbers[Int($0)] }
      let (output, indices) = (Buffer(byteCount: 300 * type.byteCount), Buffer(byteCount: 300 * 8))
      Indexing.sort(
        x: Region(x, type), into: output, indices: indices, rows: 1, columns: 300, descending: isDescending,
        type: type)
      // Swift's order of the values with NaN the largest; places decide among equals.
      func isLess(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }
      let expected = x.indices.sorted {
        isLess(x[$0], x[$1]) ? !isDescending : isLess(x[$1], x[$0]) ? isDescending : $0 < $1
      }
      #expect(indices.doubles(300, .int64) == expected.map(Double.init), "\(type)")
      let values = output.doubles(300, type)
      #expect(
        zip(values, Region(expected.map { x[$0] }, type).doubles(300, type)).allSatisfy {
          $0.bitPattern == $1.bitPattern
        }, "\(type)")
    }
  }

  static func rowCases(outer: Int, count: Int, rows: Int, columns: Int, _ type: ElementType) -> [KernelCase] {
    let table = Samples.integers(outer * rows * columns, below: 100)
    let added = Samples.integers(outer * count * columns, below: 10, seed: 2)
    let indices = Samples.integers(count, below: rows, seed: 3)
    let positions = Region(indices, .int64)
    let taken = Buffer(byteCount: added.count * type.byteCount)
    let sums = Buffer(byteCount: table.count * type.byteCount)
    Indexing.takeRows(
      x: Region(table, type), indices: positions, into: taken, outer: outer, rows: rows, count: count,
      columns: columns, type: type)
    Indexing.scatterAddRows(
      x: Region(added, type), indices: positions, into: sums, outer: outer, rows: rows, count: count,
      columns: columns, type: type)
    let places = added.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return (row / count * rows + Int(indices[row % count])) * columns + column
    }
    var expected = table.map { _ in 0.0 }
    for (place, value) in zip(places, added) { expected[place] += value }
    if type == .uint8 { expected = expected.map { $0.truncatingRemainder(dividingBy: 256) } }
    return [
      KernelCase("take rows \(type)", taken.doubles(added.count, type), places.map { table[$0] }),
      KernelCase("scatter-add rows \(type)", sums.doubles(table.count, type), expected),
    ]
  }

  static func elementCases(
    outer: Int, middle: Int, count: Int, inner: Int, _ type: ElementType
  ) -> [KernelCase] {
    let x = Samples.integers(outer * middle * inner, below: 100)
    let added = Samples.integers(outer * count * inner, below: 10, seed: 2)
    let indices = Samples.integers(added.count, below: middle, seed: 3)
    let gathered = Buffer(byteCount: added.count * type.byteCount)
    let sums = Buffer(byteCount: x.count * type.byteCount)
    Indexing.gather(
      x: Region(x, type), indices: Region(indices, .int64), into: gathered, outer: outer, middle: middle,
      count: count, inner: inner, type: type)
    Indexing.scatterAdd(
      x: Region(added, type), indices: Region(indices, .int64), into: sums, outer: outer, middle: middle,
      count: count, inner: inner, type: type)
    let places = indices.indices.map { index in
      (index / (count * inner) * middle + Int(indices[index])) * inner + index % inner
    }
    var expected = x.map { _ in 0.0 }
    for (place, value) in zip(places, added) { expected[place] += value }
    return [
      KernelCase("gather \(type)", gathered.doubles(added.count, type), places.map { x[$0] }),
      KernelCase("scatter-add \(type)", sums.doubles(x.count, type), expected),
    ]
  }

  static func orderCases(rows: Int, columns: Int, _ type: ElementType) -> [KernelCase] {
    // Few distinct values, so that the order of equals shows.
    let x = Samples.integers(rows * columns, below: 9)
    let input = Region(x, type)
    var cases: [KernelCase] = []
    for descending in [false, true] {
      let order = (0..<rows).map { row in
        (0..<columns).sorted {
          let (a, b) = (x[row * columns + $0], x[row * columns + $1])
          return a == b ? $0 < $1 : (a < b) != descending
        }
      }
      for count in descending ? [columns, min(columns, 4), min(columns, 40)] : [columns] {
        let output = Buffer(byteCount: rows * count * type.byteCount)
        let indices = Buffer(byteCount: rows * count * 8)
        if count == columns {
          Indexing.sort(
            x: input, into: output, indices: indices, rows: rows, columns: columns, descending: descending,
            type: type)
        } else {
          Indexing.top(
            count, x: input, into: output, indices: indices, rows: rows, columns: columns, type: type)
        }
        let expected = order.flatMap { $0.prefix(count) }
        let values = expected.enumerated().map { x[$0 / count * columns + $1] }
        cases.append(
          KernelCase(
            "order \(count) \(type)", indices.doubles(rows * count, .int64), expected.map(Double.init)))
        cases.append(KernelCase("sorted \(count) \(type)", output.doubles(rows * count, type), values))
      }
    }
    return cases
  }
}
