import AdjointKernels
import Testing

@Suite struct ResamplingTests {
  /// Outputs with no, one and several terms.
  static let terms: [[Resampling.Term]] = [
    [(2, 0.75), (0, -1.5)], [], [(4, 1)], [(1, 0.3), (1, 0.2), (3, 2), (0, 0)],
  ]

  /// Outputs with at most two terms, as enlarged images have them.
  static let fewTerms: [[Resampling.Term]] = [[(1, 1)], [(0, 0.25), (1, 0.75)], [(2, 1)], [], [(2, -1)]]

  @Test func agreesWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          [1, 3, 16, 37].flatMap { channels in
            [
              Self.kernelCase([[(0, 1)]], Self.terms, inputs: (1, 5), outer: 3, channels: channels, type),
              Self.kernelCase(Self.terms, Self.fewTerms, inputs: (5, 3), outer: 2, channels: channels, type),
              Self.kernelCase(Self.fewTerms, Self.terms, inputs: (3, 5), outer: 2, channels: channels, type),
              Self.kernelCase(
                Self.fewTerms, Array(Self.fewTerms.dropFirst()), inputs: (3, 4), outer: 300,
                channels: channels,
                type),
            ]
          }
        }
      }
    }
  }

  @Test func theTransposeGoesBack() {
    let (input, output) = (Resampling(inputs: 5, terms: Self.terms), Buffer(byteCount: 4 * 8))
    // Twice transposed, terms that name one place twice are still two.
    Resampling.combine(
      rows: .none, columns: input.transposed.transposed, x: Region([1, 10, 100, 1_000, 10_000], .float64),
      into: output, outer: 1, channels: 1, type: .float64)
    #expect(output.doubles(4, .float64) == [73.5, 0, 10_000, 2_005])
    let back = Buffer(byteCount: 5 * 8)
    Resampling.combine(
      rows: input.transposed, columns: .none, x: Region([1, 10, 100, 1_000], .float64), into: back, outer: 1,
      channels: 1, type: .float64)
    #expect(back.doubles(5, .float64) == [-1.5, 500, 0.75, 2_000, 100])
  }

  @Test func infinitiesWithoutWeightDoNotCount() {
    let x = Region([.infinity, 2], .float64)
    let output = Buffer(byteCount: 8)
    let second = Resampling(inputs: 2, terms: [[(0, 0), (1, 1)]])
    Resampling.combine(
      rows: .none, columns: second, x: x, into: output, outer: 1, channels: 1, type: .float64)
    #expect(output.doubles(1, .float64) == [2])
  }

  @Test func nothingIsResampled() {
    let empty = Resampling(inputs: 0, terms: [])
    Resampling.combine(
      rows: empty, columns: empty, x: Region(Buffer(byteCount: 0)), into: Buffer(byteCount: 0), outer: 2,
      channels: 30, type: .float32)
    #expect(empty.transposed.outputs == 0)
  }

  static func kernelCase(
    _ rows: [[Resampling.Term]], _ columns: [[Resampling.Term]], inputs: (rows: Int, columns: Int),
    outer: Int,
    channels: Int, _ type: ElementType
  ) -> KernelCase {
    let x = Samples.reals(outer * inputs.rows * inputs.columns * channels)
    let count = outer * rows.count * columns.count * channels
    let output = Buffer(byteCount: count * type.byteCount)
    Resampling.combine(
      rows: Resampling(inputs: inputs.rows, terms: rows),
      columns: Resampling(inputs: inputs.columns, terms: columns), x: Region(x, type), into: output,
      outer: outer, channels: channels, type: type)
    let expected = (0..<count).map { index -> Double in
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: channels)
      let (line, column) = pixel.quotientAndRemainder(dividingBy: columns.count)
      let (image, row) = line.quotientAndRemainder(dividingBy: rows.count)
      return columns[column].reduce(0.0) { sum, across in
        rows[row].reduce(sum) { (total: Double, along: Resampling.Term) -> Double in
          let place = (image * inputs.rows + along.place) * inputs.columns + across.place
          return total + across.weight * along.weight * x[place * channels + channel]
        }
      }
    }
    return KernelCase(
      "\(rows.count)×\(columns.count) pixels of \(channels)", output.doubles(count, type), expected,
      tolerance: type == .float32 ? 2e-6 : 2e-14)
  }
}
