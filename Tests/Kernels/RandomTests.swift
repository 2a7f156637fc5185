import AdjointKernels
import Testing

@Suite struct RandomTests {
  /// The vectors that the authors of Philox publish with Random123: counter, key and words.
  @Test(
    arguments: [
      ([0, 0], 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      ([.max, .max], .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
      (
        [0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e], 0x299f_31d0_a409_3822,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt64], UInt64, [UInt32])])
  func wordsAreThePublishedOnes(counter: [UInt64], key: UInt64, expected: [UInt32]) {
    let words = Random.words(key: key, counter: counter[0], stream: counter[1])
    #expect(words.indices.prefix(4).map { words[$0] } == expected)
  }

  @Test func countersCarryIntoTheirUpperHalf() {
    let (below, above) = (words(counter: 0xffff_fffe), words(counter: 0x1_0000_0000))
    #expect(below.dropFirst(8) == above.dropLast(8))
  }

  @Test(arguments: [0, 1, 5, 63, 64, 65, 200])
  func lengthDoesNotChangeWhatIsDrawn(count: Int) {
    for type in [ElementType.float32, .float64] {
      #expect(uniforms(count, type) == Array(uniforms(300, type).prefix(count)))
    }
  }

  @Test func drawsGoOnWhereTheLastEnded() {
    #expect(Random.counterCount(7) == 4)
    #expect(Array(uniforms(40, .float64).suffix(32)) == uniforms(32, .float64, counter: 9))
    #expect(Array(uniforms(40, .float32).suffix(32)) == uniforms(32, .float32, counter: 7))
  }

  @Test(arguments: [ElementType.float32, .float64])
  func uniformNumbersFillTheirRange(type: ElementType) {
    let values = uniforms(20_000, type, low: -2, high: 3)
    #expect(values.allSatisfy { -2 <= $0 && $0 < 3 })
    expectMoments(values, mean: 0.5, variance: 25.0 / 12)
    // So narrow that rounding meets the end.
    #expect(
      uniforms(1_000, type, low: 1, high: type == .float32 ? 1 + 0x1p-22 : 1 + 0x1p-51).max()! < 1 + 0x1p-22)
  }

  @Test(arguments: [ElementType.float32, .float64])
  func normalNumbersHaveTheirMoments(type: ElementType) {
    let output = Buffer(byteCount: 20_000 * type.byteCount)
    Random.normal(
      into: output, count: 20_000, type: type, mean: 3, standardDeviation: 0.5, key: 5, counter: 1)
    let values = doubles(output, 20_000, type)
    expectMoments(values, mean: 3, variance: 0.25)
    let fourth = values.map { ($0 - 3) * ($0 - 3) * ($0 - 3) * ($0 - 3) }.reduce(0, +) / 20_000
    #expect(abs(fourth / 0.0625 - 3) < 0.2)
    // The two numbers of a pair are independent.
    let products = stride(from: 0, to: 20_000, by: 2).map { (values[$0] - 3) * (values[$0 + 1] - 3) }
    #expect(abs(products.reduce(0, +) / 10_000) < 0.01)
  }

  @Test(arguments: [0, 0.3, 1])
  func chancesHaveTheirProbability(probability: Double) {
    let output = Buffer(byteCount: 10_000)
    Random.bernoulli(into: output, count: 10_000, probability: probability, key: 1, counter: 0)
    let share = Double(output.array(of: UInt8.self, count: 10_000).reduce(0) { $0 + Int($1) }) / 10_000
    #expect(probability == 0.3 ? abs(share - 0.3) < 0.02 : share == probability)
  }

  @Test(arguments: [0, 1, 1_023, 2_050])
  func dropoutKeepsWhatItsMarksSay(count: Int) {
    let x = (0..<count).map { Float($0) + 0.5 }
    let (output, expanded, drawn) = (
      Buffer(byteCount: 4 * count), Buffer(byteCount: count), Buffer(byteCount: count)
    )
    let marks = Marks(count: count)
    Random.dropout(
      Region(of: x), into: output, marks: marks, type: .float32, keepProbability: 0.75, key: 8, counter: 2)
    Random.bernoulli(into: drawn, count: count, probability: 0.75, key: 8, counter: 2)
    marks.expand(into: expanded)
    let bytes = expanded.array(of: UInt8.self, count: count)
    #expect(bytes == drawn.array(of: UInt8.self, count: count))
    let scale: Float = 1 / 0.75
    #expect(output.array(of: Float.self, count: count) == zip(x, bytes).map { $1 == 1 ? $0 * scale : 0 })
  }

  @Test func tablesAndThreadsAgree() async {
    await #expect(processExitsWith: .success) {
      let count = 40_001
      inEveryTable { _ in
        let output = Buffer(byteCount: count * 4)
        Random.normal(
          into: output, count: count, type: .float32, mean: 0, standardDeviation: 1, key: 1, counter: 0)
        let normal = output.array(of: Float.self, count: count)
        Random.uniform(into: output, count: count, type: .float32, low: 0, high: 1, key: 1, counter: 0)
        return [normal, output.array(of: Float.self, count: count)]
      }
      inEveryTable { _ in
        let output = Buffer(byteCount: count * 8)
        Random.normal(
          into: output, count: count, type: .float64, mean: 0, standardDeviation: 1, key: 1, counter: 0)
        return [output.array(of: Double.self, count: count)]
      }
      inEveryTable { _ in [words(counter: 0xffff_fffe)] }
    }
  }
}

private func words(counter: UInt64) -> [UInt32] {
  let words = Random.words(key: 77, counter: counter, stream: 5)
  return words.indices.map { words[$0] }
}

private func uniforms(
  _ count: Int, _ type: ElementType, low: Double = 0, high: Double = 1, counter: UInt64 = 5
) -> [Double] {
  let output = Buffer(byteCount: count * type.byteCount)
  Random.uniform(into: output, count: count, type: type, low: low, high: high, key: 77, counter: counter)
  return doubles(output, count, type)
}

private func doubles(_ buffer: Buffer, _ count: Int, _ type: ElementType) -> [Double] {
  type == .float32
    ? buffer.array(of: Float.self, count: count).map(Double.init)
    : buffer.array(of: Double.self, count: count)
}

/// Within four standard errors.
private func expectMoments(_ values: [Double], mean: Double, variance: Double) {
  let count = Double(values.count)
  let sampleMean = values.reduce(0, +) / count
  #expect(abs(sampleMean - mean) < 4 * (variance / count).squareRoot())
  let sampleVariance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
  #expect(abs(sampleVariance / variance - 1) < 4 * (2 / count).squareRoot())
}
