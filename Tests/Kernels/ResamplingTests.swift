import AdjointKernels
import Testing

@Suite struct ResamplingTests {
  /// Outputs with no, one and several terms.
  static let terms: [[Resampling.Term]] = [
    [(2, 0.75), (0, -1.5)], [], [(4, 1)], [(1, 0.3), (1, 0.2), (3, 2), (0, 0)],
  ]

  @Test func agreesWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          [1, 3, 16, 37].flatMap { columns in
            let forward = Resampling(inputRows: 5, terms: Self.terms)
            return [
              Self.kernelCase(forward, Self.terms, outer: 3, columns: columns, type),
              Self.kernelCase(
                forward.transposed, Self.transposedTerms, outer: 2, columns: columns, type),
            ]
          }
        }
      }
    }
  }

  @Test func infinitiesWithoutWeightDoNotCount() {
    let x = Region([.infinity, 2], .float64)
    let output = Buffer(byteCount: 8)
    Resampling(inputRows: 2, terms: [[(0, 0), (1, 1)]])
      .combine(x: x, into: output, outer: 1, columns: 1, type: .float64)
    #expect(output.doubles(1, .float64) == [2])
  }

  @Test func nothingIsResampled() {
    let empty = Resampling(inputRows: 0, terms: [])
    empty.combine(
      x: Region(Buffer(byteCount: 0)), into: Buffer(byteCount: 0), outer: 2, columns: 3, type: .float32)
    #expect(empty.transposed.outputRows == 0)
  }

  static let transposedTerms: [[Resampling.Term]] = (0..<5).map { input in
    terms.enumerated().flatMap { output, list in
      list.filter { $0.row == input }.map { (output, $0.weight) }
    }
  }

  static func kernelCase(
    _ resampling: Resampling, _ terms: [[Resampling.Term]], outer: Int, columns: Int, _ type: ElementType
  ) -> KernelCase {
    let rows = resampling.inputRows
    let x = Samples.reals(outer * rows * columns)
    let count = outer * terms.count * columns
    let output = Buffer(byteCount: count * type.byteCount)
    resampling.combine(x: Region(x, type), into: output, outer: outer, columns: columns, type: type)
    let expected = (0..<count).map { index in
      let (image, row, column) = (
        index / columns / terms.count, index / columns % terms.count, index % columns
      )
      return terms[row].reduce(0) { $0 + $1.weight * x[(image * rows + $1.row) * columns + column] }
    }
    return KernelCase(
      "rows of \(columns)", output.doubles(count, type), expected, tolerance: type == .float32 ? 1e-6 : 1e-14)
  }
}
