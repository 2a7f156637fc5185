import AdjointKernels
import Testing

@Suite struct NormalizationOfGroupsTests {
  typealias GroupedShape = Normalization.GroupedShape

  @Test func groupsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [
          (1, 1, 1, 1), (3, 5, 6, 3), (2, 45, 20, 4), (17, 7, 66, 11), (2, 1_200, 30, 15), (1, 70, 570, 3),
          (18, 65, 64, 32), (0, 5, 4, 2),
        ].flatMap { examples, positions, channels, groups in
          let shape = GroupedShape(
            examples: examples, positions: positions, channels: channels, groups: groups)
          return NormalizationTests.types(examples * positions * channels).flatMap { Self.cases(shape, $0) }
        }
      }
    }
  }

  /// Numbers near a million keep the digits of their distances from each other in float32.
  @Test func largeMeansKeepTheirDigits() {
    let shape = GroupedShape(examples: 2, positions: 300, channels: 6, groups: 2)
    let x = Samples.reals(3_600).map { 1_000_000 + ($0 * 64).rounded() / 16 }
    let cotangent = Samples.reals(3_600, seed: 2)
    let found = Self.outcome(x, cotangent, shape, epsilon: 0, .float32)
    let expected = GroupReference(x, cotangent, shape, epsilon: 0)
    for (value, expected) in zip(found.output, expected.output) { #expect(abs(value - expected) < 2e-6) }
    for (value, expected) in zip(found.input, expected.input) { #expect(abs(value - expected) < 2e-6) }
    for (value, expected) in zip(found.scale, expected.scale) { #expect(abs(value - expected) < 1e-4) }
  }

  /// A group without a cotangent receives 0 and teaches nothing, whatever it holds; the others do not notice.
  @Test func groupsWithoutACotangentReceiveNothing() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          let shape = GroupedShape(examples: 2, positions: 5, channels: 21, groups: 7)
          func isOut(_ index: Int) -> Bool { index >= 105 && index % 21 / 3 == 4 }
          let x = Samples.reals(210)
          let cotangent = Samples.reals(210, seed: 2).enumerated().map { isOut($0) ? 0 : $1 }
          let expected = Self.outcome(x, cotangent, shape, epsilon: 1e-3, type)
          let broken = x.enumerated().map { isOut($0) && $0 % 2 == 0 ? .nan : $1 }
          let found = Self.outcome(broken, cotangent, shape, epsilon: 1e-3, type)
          return [
            KernelCase("input \(type)", found.input, expected.input, tolerance: 0),
            KernelCase("scale \(type)", found.scale, expected.scale, tolerance: 0),
            KernelCase("offset \(type)", found.offset, expected.offset, tolerance: 0),
          ]
        }
      }
    }
  }

  /// A channel without a cotangent does not learn from a group that has no numbers, and the group's input does.
  @Test func channelsWithoutACotangentLearnNothing() {
    let shape = GroupedShape(examples: 1, positions: 3, channels: 4, groups: 2)
    var x = Samples.reals(12)
    x[0] = .nan
    let cotangent = Samples.reals(12, seed: 2).enumerated().map { $0 % 4 == 0 ? 0 : $1 }
    let found = Self.outcome(x, cotangent, shape, epsilon: 1e-3, .float32)
    #expect(found.scale.map(\.isNaN) == [false, true, false, false])
    #expect(found.scale[0] == 0)
    #expect(found.input.map(\.isNaN) == (0..<12).map { $0 % 4 < 2 })
  }

  static func cases(_ shape: GroupedShape, _ type: ElementType) -> [KernelCase] {
    let count = shape.examples * shape.positions * shape.channels
    let (x, cotangent) = (Samples.reals(count), Samples.reals(count, seed: 2))
    let (scale, offset) = (Samples.reals(shape.channels, seed: 3), Samples.reals(shape.channels, seed: 4))
    return [(scale, offset), (nil, nil)].flatMap { (scale: [Double]?, offset: [Double]?) -> [KernelCase] in
      let found = Self.outcome(x, cotangent, shape, epsilon: 1e-3, scale: scale, offset: offset, type)
      let expected = GroupReference(x, cotangent, shape, epsilon: 1e-3, scale: scale, offset: offset)
      let name =
        "of \(shape.groups) groups of [\(shape.examples), \(shape.positions), \(shape.channels)] \(type)"
      func compared(_ what: String, _ found: [Double], _ expected: [Double]) -> KernelCase {
        KernelCase("\(what) \(name)", found, expected, tolerance: type == .float32 ? 5e-5 : 1e-11)
      }
      return [
        compared("normalized", found.output, expected.output),
        compared("input gradient", found.input, expected.input),
        compared("scale gradient", found.scale, expected.scale),
        compared("offset gradient", found.offset, expected.offset),
      ]
    }
  }

  struct Outcome {
    var output: [Double]
    var input: [Double]
    var scale: [Double]
    var offset: [Double]
  }

  static func outcome(
    _ x: [Double], _ cotangent: [Double], _ shape: GroupedShape, epsilon: Double, scale: [Double]? = nil,
    offset: [Double]? = nil, _ type: ElementType
  ) -> Outcome {
    let (input, scales) = (Region(x, type), scale.map { Region($0, type) })
    let output = Buffer(byteCount: x.count * type.byteCount)
    let gradient = Buffer(byteCount: x.count * type.byteCount)
    let statistics = Normalization.normalizeGroups(
      x: input, into: output, shape: shape, epsilon: epsilon, scale: scales,
      offset: offset.map { Region($0, type) }, type: type)
    let gradients = Normalization.groupGradients(
      cotangent: Region(cotangent, type), x: input, into: gradient, shape: shape,
      statistics: Region(statistics), scale: scales, type: type)
    return Outcome(
      output: output.doubles(x.count, type), input: gradient.doubles(x.count, type),
      scale: gradients.scale.doubles(shape.channels, type),
      offset: gradients.offset.doubles(shape.channels, type))
  }
}

/// The normalization of groups in double precision: each group of each example is a channel of its own.
private struct GroupReference {
  private(set) var output: [Double]
  private(set) var input: [Double]
  private(set) var scale: [Double]
  private(set) var offset: [Double]

  init(
    _ x: [Double], _ cotangent: [Double], _ shape: Normalization.GroupedShape, epsilon: Double,
    scale: [Double]? = nil, offset: [Double]? = nil
  ) {
    let (channels, size) = (shape.channels, shape.channels / shape.groups)
    (output, input) = (x, x)
    self.scale = Array(repeating: 0, count: channels)
    self.offset = self.scale
    for part in 0..<shape.examples * shape.groups {
      let start = part / shape.groups * shape.positions * channels + part % shape.groups * size
      let places = (0..<shape.positions * size).map { start + $0 / size * channels + $0 % size }
      let reference = ChannelReference(
        places.map { x[$0] }, rows: places.count, channels: 1, epsilon: epsilon)
      let sent = places.map { cotangent[$0] * (scale?[$0 % channels] ?? 1) }
      let received = reference.gradients(of: sent, scale: [1]).input
      for (index, place) in places.enumerated() {
        let (channel, normalized) = (place % channels, reference.normalized[index])
        output[place] = normalized * (scale?[channel] ?? 1) + (offset?[channel] ?? 0)
        input[place] = received[index]
        self.scale[channel] += cotangent[place] * normalized
        self.offset[channel] += cotangent[place]
      }
    }
  }
}
