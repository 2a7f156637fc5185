import AdjointKernels
import Testing

@Suite struct CopyTests {
  /// Sizes and strides, outermost first, into a region of 1,000 elements that starts at element 500.
  private static let views: [([Int], [Int])] = [
    ([], []), ([7], [1]), ([7], [-3]), ([29], [-1]), ([3, 8], [20, -1]), ([5], [0]), ([0], [1]),
    ([3, 0, 2], [4, 4, 1]),
    ([3, 5], [5, 1]), ([3, 5], [1, 3]), ([3, 5], [-5, -1]), ([17, 19], [1, 17]), ([20, 9], [1, 21]),
    ([2, 3, 5], [15, 5, 1]), ([2, 3, 5], [15, 1, 3]), ([2, 3, 5], [1, 10, 2]), ([4, 1, 3, 5], [0, 9, 5, 1]),
    ([2, 3, 4, 5], [60, -20, 5, 1]), ([2, 3, 4, 5], [1, 2, 6, 24]), ([5, 2, 33], [0, 40, -1]),
    ([2, 3, 2, 10], [2, 40, 1, 4]), ([3, 10, 2, 2], [20, 1, 60, 10]), ([9, 3, 11], [-1, 110, 10]),
    ([2, 3, 9], [0, 1, 3]), ([10, 4, 12], [1, 0, 11]), ([3, 2, 9, 2], [1, 3, 6, 54]),
  ]

  @Test(arguments: CopyTests.views)
  func gatherReadsEveryPlace(sizes: [Int], strides: [Int]) {
    expectGather(sizes, strides, of: UInt8.self)
    expectGather(sizes, strides, of: Float.self)
    expectGather(sizes, strides, of: Double.self)
  }

  private func expectGather<Element: Numeric & Equatable>(
    _ sizes: [Int], _ strides: [Int], of type: Element.Type
  ) {
    let source = Region(of: (0..<1_000).map { Element(exactly: $0 % 251)! })
    let places = offsets(sizes: sizes, strides: strides).map { 500 + $0 }
    let size = MemoryLayout<Element>.stride
    let output = Buffer(byteCount: places.count * size)
    Copy.gather(
      from: Region(source.buffer, byteOffset: source.byteOffset + 500 * size), strides: strides, sizes: sizes,
      into: output, elementByteCount: size)
    let expected = places.map { Element(exactly: $0 % 251)! }
    #expect(output.array(of: type, count: places.count) == expected)
  }

  @Test(arguments: CopyTests.views.filter { !$1.contains(0) })
  func scatterWritesThosePlacesOnly(sizes: [Int], strides: [Int]) {
    let places = offsets(sizes: sizes, strides: strides).map { 500 + $0 }
    let target = Buffer(byteCount: 4_000)
    Copy.fill(Region(target), count: 1_000, type: .float32, value: -1)
    Copy.scatter(
      from: Region(of: places.map(Float.init)), strides: Copy.contiguousStrides(of: sizes),
      into: Region(target, byteOffset: 2_000), strides: strides, sizes: sizes, elementByteCount: 4)
    let written = Set(places)
    let expected = (0..<1_000).map { written.contains($0) ? Float($0) : -1 }
    #expect(target.array(of: Float.self, count: 1_000) == expected)
  }

  /// Sizes, strides to read by and strides to write by, from element 500 on.
  @Test(arguments: [
    ([3, 5], [1, 3], [-40, 2]), ([4, 3, 17], [0, -30, 1], [60, 20, 1]), ([9, 11], [-1, 12], [1, 15]),
    ([2, 5, 10], [20, 2, -40], [100, -10, 1]),
  ])
  func scatterReadsByStridesToo(sizes: [Int], from: [Int], to: [Int]) {
    let source = Region(of: (0..<1_000).map(Float.init))
    let target = Buffer(byteCount: 4_000)
    Copy.fill(Region(target), count: 1_000, type: .float32, value: -1)
    Copy.scatter(
      from: Region(source.buffer, byteOffset: source.byteOffset + 2_000), strides: from,
      into: Region(target, byteOffset: 2_000), strides: to, sizes: sizes, elementByteCount: 4)
    var expected = [Float](repeating: -1, count: 1_000)
    for (from, to) in zip(offsets(sizes: sizes, strides: from), offsets(sizes: sizes, strides: to)) {
      expected[500 + to] = Float(500 + from)
    }
    #expect(target.array(of: Float.self, count: 1_000) == expected)
  }

  /// Long rows whose output lies a little further on in its pages than the input.
  @Test(arguments: [0, 1, 20, 63, 64, 4_095])
  func longRowsAreCopiedAtAnyDistance(shift: Int) {
    let (rows, columns, step, first) = (3, 5_003, 8_192, 1 << 16)
    let buffer = Buffer(byteCount: 2 * first)
    Copy.fill(Region(buffer), count: 2 * first, type: .uint8, value: 0)
    var expected = [UInt8](repeating: 0, count: 2 * first)
    for (index, place) in offsets(sizes: [rows, columns], strides: [step, 1]).enumerated() {
      let value = UInt8(index % 251 + 1)
      buffer.pointer.storeBytes(of: value, toByteOffset: place, as: UInt8.self)
      (expected[place], expected[first + shift + place]) = (value, value)
    }
    Copy.scatter(
      from: Region(buffer), strides: [step, 1], into: Region(buffer, byteOffset: first + shift),
      strides: [step, 1], sizes: [rows, columns], elementByteCount: 1)
    #expect(buffer.array(of: UInt8.self, count: 2 * first) == expected)
  }

  @Test(arguments: [(300, 410), (33, 2_049), (1_027, 65)])
  func largeTransposesAreCutWell(rows: Int, columns: Int) {
    let source = Region(of: (0..<rows * columns).map(Float.init))
    let output = Buffer(byteCount: rows * columns * 4)
    Copy.gather(
      from: source, strides: [1, columns], sizes: [columns, rows], into: output, elementByteCount: 4)
    let expected = (0..<columns).flatMap { column in (0..<rows).map { Float($0 * columns + column) } }
    #expect(output.array(of: Float.self, count: rows * columns) == expected)
    let back = Buffer(byteCount: rows * columns * 4)
    Copy.scatter(
      from: Region(output), strides: [rows, 1], into: Region(back), strides: [1, columns],
      sizes: [columns, rows], elementByteCount: 4)
    #expect(back.array(of: Float.self, count: rows * columns) == (0..<rows * columns).map(Float.init))
  }

  @Test func fillsConvertTheirValue() {
    let output = Buffer(byteCount: 8 * 5)
    Copy.fill(Region(output), count: 5, type: .float64, value: 0.1)
    #expect(output.array(of: Double.self, count: 5) == Array(repeating: 0.1, count: 5))
    Copy.fill(Region(output), count: 5, type: .uint8, value: 300)
    #expect(output.array(of: UInt8.self, count: 5) == Array(repeating: 255, count: 5))
    Copy.fill(Region(output), count: 5, type: .int64, value: -2.9)
    #expect(output.array(of: Int64.self, count: 5) == Array(repeating: -2, count: 5))
  }

  @Test func realsBecomeTheNearestIntegersTowardZero() {
    let x: [Double] = [
      0, -0.9, 1.9, -2.5, 255.5, 256, -1, 3e9, -3e9, 1e19, -1e19, .infinity, -.infinity, .nan,
    ]
    #expect(
      cast(x, .float64, to: Int32.self, .int32)
        == [0, 0, 1, -2, 255, 256, -1, .max, .min, .max, .min, .max, .min, 0])
    #expect(
      cast(x, .float64, to: Int64.self, .int64)
        == [0, 0, 1, -2, 255, 256, -1, 3_000_000_000, -3_000_000_000, .max, .min, .max, .min, 0])
    #expect(
      cast(x, .float64, to: UInt8.self, .uint8) == [0, 0, 1, 0, 255, 255, 0, 255, 0, 255, 0, 255, 0, 0])
    #expect(cast(x, .float64, to: UInt8.self, .bool) == [0] + Array(repeating: 1, count: 13))
    #expect(cast(x.map(Float.init), .float32, to: Int32.self, .int32)[7...10] == [.max, .min, .max, .min])
  }

  @Test func integersKeepTheirLowBits() {
    let x: [Int64] = [0, -1, 1 << 40 + 5, 300, .max]
    #expect(cast(x, .int64, to: Int32.self, .int32) == x.map { Int32(truncatingIfNeeded: $0) })
    #expect(cast(x, .int64, to: UInt8.self, .uint8) == x.map { UInt8(truncatingIfNeeded: $0) })
    #expect(cast(x, .int64, to: UInt8.self, .bool) == [0, 1, 1, 1, 1])
    #expect(cast(x, .int64, to: Float.self, .float32) == x.map(Float.init))
    #expect(cast([0, 1] as [UInt8], .bool, to: Double.self, .float64) == [0, 1])
  }

  @Test(arguments: [0, 1, 37, 70_000])
  func rangesDoNotAddUpErrors(count: Int) {
    let output = Buffer(byteCount: count * 8)
    Copy.range(into: output, count: count, type: .float64, start: 2, step: 0.1)
    #expect(output.array(of: Double.self, count: count) == (0..<count).map { 2 + Double($0) * 0.1 })
    Copy.range(into: output, count: count, type: .float32, start: 2, step: 0.1)
    #expect(output.array(of: Float.self, count: count) == (0..<count).map { Float(2 + Double($0) * 0.1) })
    Copy.range(into: output, count: count, type: .int32, start: 5, step: -3)
    #expect(output.array(of: Int32.self, count: count) == (0..<count).map { Int32(5 - 3 * $0) })
  }
}

/// Every element's offset, the last axis fastest.
func offsets(sizes: [Int], strides: [Int]) -> [Int] {
  zip(sizes, strides).reduce([0]) { offsets, axis in
    offsets.flatMap { offset in (0..<axis.0).map { offset + $0 * axis.1 } }
  }
}

private func cast<From, To>(_ x: [From], _ from: ElementType, to: To.Type, _ type: ElementType) -> [To] {
  let output = Buffer(byteCount: x.count * 8)
  Cast.convert(Region(of: x), from: from, into: output, to: type, count: x.count)
  return output.array(of: to, count: x.count)
}
