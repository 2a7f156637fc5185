import Testing

import AdjointKernels

@Suite struct ElementwiseTests {
  @Test(arguments: [0, 1, 15, 16, 17, 33])
  func sumsHaveAllElements(count: Int) {
    let x = (0..<count).map { Float($0) }
    let y = x.map { $0 * $0 + 1 }
    let output = Buffer(byteCount: count * 4)
    Elementwise.binary(
      .add, Region(of: x), Region(of: y), into: output, count: count, type: .float32)
    #expect(output.array(of: Float.self, count: count) == zip(x, y).map { $0 + $1 })
  }
}
