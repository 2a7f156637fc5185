import AdjointKernels
import Testing

@Suite struct MarksTests {
  @Test func whatIsAboveZeroIsMarked() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [0, 1, 16, 37, 70_001].flatMap { count -> [KernelCase] in
          [ElementType.float32, .float64].flatMap { type in Self.rectified(count, type) }
        }
      }
    }
  }

  private static func rectified(_ count: Int, _ type: ElementType) -> [KernelCase] {
    let extremes = [.nan, 0, -0.0, .infinity, -.infinity, 1e-30, -1e-30]
    let x = Samples.reals(count).enumerated().map { $0 % 5 == 1 ? extremes[$0 / 5 % extremes.count] : $1 }
    let (output, scaled, bools) = (
      Buffer(byteCount: count * type.byteCount), Buffer(byteCount: count * type.byteCount),
      Buffer(byteCount: count)
    )
    let marks = Marks(count: count)
    marks.rectify(Region(x, type), into: output, type: type)
    marks.scale(Region(x, type), by: 0.5, into: scaled, type: type)
    marks.expand(into: bools)
    let kept = Region(x, type).doubles(count, type)
    return [
      KernelCase("rectify", output.doubles(count, type), kept.map { $0 <= 0 ? 0 : $0 }),
      KernelCase("scale", scaled.doubles(count, type), kept.map { $0 > 0 ? $0 / 2 : 0 }),
      KernelCase("expand", bools.doubles(count, .bool), kept.map { $0 > 0 ? 1 : 0 }),
    ]
  }

  @Test func theInputMayBeOverwritten() {
    let region = Region(of: Samples.reals(5_003))
    let expected = region.array(of: Double.self, count: 5_003).map { max(0, $0) }
    let whole = Buffer(byteCount: 5_003 * 8)
    let marks = Marks(count: 5_003)
    marks.rectify(region, into: whole, type: .float64)
    marks.rectify(Region(whole), into: whole, type: .float64)
    marks.scale(Region(whole), by: 1, into: whole, type: .float64)
    #expect(whole.doubles(5_003, .float64) == expected)
  }
}
