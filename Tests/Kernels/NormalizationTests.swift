import AdjointKernels
import Testing

@Suite struct NormalizationTests {
  /// Arrays that are large enough for several threads are tested in one type, to take less time.
  static func types(_ count: Int) -> [ElementType] { count > 60_000 ? [.float32] : [.float32, .float64] }

  /// Rows that are there but have no channels are nothing to do.
  @Test func noChannelsAreNoWork() {
    let nothing = Region(Buffer(byteCount: 0))
    let output = Buffer(byteCount: 0)
    Normalization.scaleChannels(
      x: nothing, into: output, rows: 6, channels: 0, scale: nothing, offset: nothing, type: .float32)
  }

  @Test func channelsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [(1, 3), (7, 1), (45, 20), (130, 66), (40, 300), (2_200, 30)].flatMap { rows, channels in
          Self.types(rows * channels).flatMap { type in
            Self.channelCases(Samples.reals(rows * channels), rows: rows, channels: channels, type)
          }
        }
      }
    }
  }

  @Test func rowsAgreeWithPlainLoops() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [(3, 1), (1, 7), (20, 45), (1_000, 66), (0, 5)].flatMap { rows, columns in
          Self.types(rows * columns).flatMap { type in Self.rowCases(rows: rows, columns: columns, type) }
        }
      }
    }
  }

  /// The variance of numbers near a million keeps six digits in float32, and so does that of a channel
  /// whose first element is far from all others.
  @Test(arguments: [0.0, 1_000_000]) func largeMeansKeepTheirDigits(first: Double) {
    let (rows, channels) = (3_000, 3)
    var x = Samples.reals(rows * channels).map { 1_000_000 + ($0 * 64).rounded() / 16 }
    for channel in 0..<channels { x[channel] = first }
    let moments = Normalization.channelMoments(
      x: Region(x, .float32), rows: rows, channels: channels, epsilon: 0, type: .float32)
    let expected = ChannelReference(x, rows: rows, channels: channels, epsilon: 0)
    for channel in 0..<channels {
      let variance = moments.variance.doubles(channels, .float32)[channel]
      #expect(abs(variance / expected.variance[channel] - 1) < 1e-6)
      let (mean, exact) = (moments.mean.doubles(channels, .float32)[channel], expected.mean[channel])
      #expect(abs(mean - exact) <= 1.0 / 32)
      let lost = (exact - mean) / expected.variance[channel].squareRoot()
      #expect(abs(moments.lost.doubles(channels, .float32)[channel] - lost) < 1e-7)
    }
  }

  @Test func rowsNearAMillionKeepTheirDigits() {
    let columns = 300
    let x = Samples.reals(columns).map { 1_000_000 + ($0 * 64).rounded() / 16 }
    let output = Buffer(byteCount: columns * 4)
    let moments = Normalization.normalizeRows(
      x: Region(x, .float32), into: output, rows: 1, columns: columns, epsilon: 0, scale: nil, offset: nil,
      type: .float32)
    let reference = ChannelReference(x, rows: columns, channels: 1, epsilon: 0)
    let inverse = moments.doubles(3, .float32)[2]
    #expect(abs(inverse * reference.variance[0].squareRoot() - 1) < 1e-6)
    for (value, expected) in zip(output.doubles(columns, .float32), reference.normalized) {
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test func nanStaysInItsChannel() {
    var x = Samples.reals(4 * 19)
    x[19 + 4] = .nan
    let moments = Normalization.channelMoments(
      x: Region(x, .float32), rows: 4, channels: 19, epsilon: 0, type: .float32)
    #expect(moments.mean.doubles(19, .float32).map(\.isNaN) == (0..<19).map { $0 == 4 })
    #expect(moments.variance.doubles(19, .float32).map(\.isNaN) == (0..<19).map { $0 == 4 })
  }

  /// Two rows learn as if the one between them, of which no gradient is wanted, were not there.
  @Test func rowsWithoutACotangentReceiveNothing() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          let columns = 21
          let (x, cotangent) = (Samples.reals(2 * columns), Samples.reals(2 * columns, seed: 2))
          let expected = Self.rowGradients(x, cotangent, columns: columns, type)
          func parted(_ values: [Double], by value: Double) -> [Double] {
            values[..<columns] + Array(repeating: value, count: columns) + values[columns...]
          }
          let found = Self.rowGradients(
            parted(x, by: .nan), parted(cotangent, by: 0), columns: columns, type)
          return [
            KernelCase("input \(type)", found.input, parted(expected.input, by: 0), tolerance: 0),
            KernelCase("parameters \(type)", found.parameters, expected.parameters, tolerance: 0),
          ]
        }
      }
    }
  }

  private static func rowGradients(
    _ x: [Double], _ cotangent: [Double], columns: Int, _ type: ElementType
  ) -> (input: [Double], parameters: [Double]) {
    let output = Buffer(byteCount: x.count * type.byteCount)
    let (input, rows) = (Region(x, type), x.count / columns)
    let moments = Normalization.normalizeRows(
      x: input, into: output, rows: rows, columns: columns, epsilon: 1e-3, scale: nil, offset: nil,
      type: type)
    let gradients = Normalization.rowGradients(
      cotangent: Region(cotangent, type), x: input, into: output, rows: rows, columns: columns,
      moments: Region(moments), scale: nil, wantsParameterGradients: true, type: type)!
    return (
      output.doubles(x.count, type),
      gradients.scale.doubles(columns, type) + gradients.offset.doubles(columns, type)
    )
  }

  static func channelCases(_ x: [Double], rows: Int, channels: Int, _ type: ElementType) -> [KernelCase] {
    let reference = ChannelReference(x, rows: rows, channels: channels, epsilon: 1e-3)
    let cotangent = Samples.reals(x.count, seed: 2)
    let (scale, offset) = (Samples.reals(channels, seed: 3), Samples.reals(channels, seed: 4))
    let (input, sent) = (Region(x, type), Region(cotangent, type))
    let (scales, offsets) = (Region(scale, type), Region(offset, type))
    let output = Buffer(byteCount: x.count * type.byteCount)
    var cases: [KernelCase] = []
    func add(_ name: String, _ region: Region, _ expected: [Double]) {
      let values = region.doubles(expected.count, type)
      let tolerance = type == .float32 ? 2e-5 : 1e-12
      let name = "\(name) of [\(rows), \(channels)] \(type)"
      cases.append(KernelCase(name, values, expected, tolerance: tolerance))
    }

    let moments = Normalization.channelMoments(
      x: input, rows: rows, channels: channels, epsilon: 1e-3, type: type)
    add("mean", Region(moments.mean), reference.mean)
    add("variance", Region(moments.variance), reference.variance)
    let (mean, inverse) = (Region(moments.mean), Region(moments.inverseDeviation))
    for (scales, offsets) in [(scales, offsets), (nil, nil)] {
      Normalization.normalizeChannels(
        x: input, into: output, rows: rows, channels: channels, mean: mean, inverseDeviation: inverse,
        scale: scales, offset: offsets, type: type)
      let expected = reference.normalized.enumerated().map { index, value in
        scales == nil ? value : value * scale[index % channels] + offset[index % channels]
      }
      add("normalized", Region(output), expected)
    }
    let addend = Samples.reals(x.count, seed: 5)
    let added = Region(addend, type)
    let sums = x.indices.map {
      reference.normalized[$0] * scale[$0 % channels] + offset[$0 % channels] + addend[$0]
    }
    Normalization.normalizeChannels(
      x: input, into: output, rows: rows, channels: channels, mean: mean, inverseDeviation: inverse,
      scale: scales, offset: offsets, adding: added, rectifies: true, type: type)
    add("normalized, added, rectified", Region(output), sums.map { max(0, $0) })
    Normalization.scaleChannels(
      x: input, into: output, rows: rows, channels: channels, scale: scales, offset: offsets, adding: added,
      rectifies: true, type: type)
    add(
      "scaled, added, rectified", Region(output),
      x.indices.map { max(0, x[$0] * scale[$0 % channels] + offset[$0 % channels] + addend[$0]) })
    Normalization.scaleChannels(
      x: input, into: output, rows: rows, channels: channels, scale: scales, offset: offsets, type: type)
    add("scaled", Region(output), x.indices.map { x[$0] * scale[$0 % channels] + offset[$0 % channels] })

    let gradients = Normalization.channelParameterGradients(
      cotangent: sent, x: input, rows: rows, channels: channels, mean: mean, inverseDeviation: inverse,
      type: type)
    let expected = reference.gradients(of: cotangent, scale: scale)
    add("scale gradient", gradients.scale, expected.scale)
    add("offset gradient", gradients.offset, expected.offset)
    Normalization.channelInputGradient(
      cotangent: sent, x: input, into: output, rows: rows, channels: channels, mean: mean,
      inverseDeviation: inverse, scale: scales, parameterGradients: gradients, type: type)
    add("input gradient", Region(output), expected.input)
    return cases
      + rectifiedCases(
        reference, x: input, rows: rows, channels: channels, mean: mean, inverse: inverse, scale: scale,
        offset: offset, type)
  }

  /// Gradients through a rectified output, that was kept or is computed again, with and without an addend.
  static func rectifiedCases(
    _ reference: ChannelReference, x: Region, rows: Int, channels: Int, mean: Region, inverse: Region,
    scale: [Double], offset: [Double], _ type: ElementType
  ) -> [KernelCase] {
    let count = rows * channels
    let (cotangent, kept) = (Samples.reals(count, seed: 2), Samples.reals(count, seed: 6))
    let (scales, offsets) = (Region(scale, type), Region(offset, type))
    let computed = (0..<count).map {
      reference.normalized[$0] * scale[$0 % channels] + offset[$0 % channels]
    }
    var cases: [KernelCase] = []
    for (name, output, region) in [("kept", kept, Region(kept, type)), ("computed again", computed, nil)] {
      let passed = zip(cotangent, output).map { $1 > 0 ? $0 : 0 }
      let expected = reference.gradients(of: passed, scale: scale)
      let rectification = Normalization.Rectification(output: region, scale: scales, offset: offsets)
      let gradients = Normalization.channelParameterGradients(
        cotangent: Region(cotangent, type), x: x, rows: rows, channels: channels, mean: mean,
        inverseDeviation: inverse, through: rectification, type: type)
      let input = Buffer(byteCount: count * type.byteCount)
      let addend = region.map { _ in Buffer(byteCount: count * type.byteCount) }
      Normalization.channelInputGradient(
        cotangent: Region(cotangent, type), x: x, into: input, addendInto: addend, rows: rows,
        channels: channels, mean: mean, inverseDeviation: inverse, scale: scales,
        parameterGradients: gradients, through: rectification, type: type)
      func add(_ what: String, _ region: Region, _ expected: [Double]) {
        cases.append(
          KernelCase(
            "\(what) gradient, output \(name), of [\(rows), \(channels)] \(type)",
            region.doubles(expected.count, type), expected, tolerance: type == .float32 ? 2e-5 : 1e-12))
      }
      add("scale", gradients.scale, expected.scale)
      add("offset", gradients.offset, expected.offset)
      add("input", Region(input), expected.input)
      if let addend { add("addend", Region(addend), passed) }
    }
    return cases
  }

  /// Rows are the channels of the transposed array.
  static func rowCases(rows: Int, columns: Int, _ type: ElementType) -> [KernelCase] {
    let x = Samples.reals(rows * columns)
    let cotangent = Samples.reals(rows * columns, seed: 2)
    let (scale, offset) = (Samples.reals(columns, seed: 3), Samples.reals(columns, seed: 4))
    func transposed(_ values: [Double], _ rows: Int, _ columns: Int) -> [Double] {
      (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }
    let scaled = cotangent.indices.map { cotangent[$0] * scale[$0 % columns] }
    let reference = ChannelReference(
      transposed(x, rows, columns), rows: columns, channels: rows, epsilon: 1e-3)
    let normalized = transposed(reference.normalized, columns, rows)
    let ones = Array(repeating: 1.0, count: rows)
    let inputGradient = transposed(
      reference.gradients(of: transposed(scaled, rows, columns), scale: ones).input, columns, rows)
    let (input, sent, scales) = (Region(x, type), Region(cotangent, type), Region(scale, type))
    let output = Buffer(byteCount: x.count * type.byteCount)
    var cases: [KernelCase] = []
    func add(_ name: String, _ region: Region, _ expected: [Double]) {
      let values = region.doubles(expected.count, type)
      let name = "\(name) of rows of [\(rows), \(columns)] \(type)"
      cases.append(KernelCase(name, values, expected, tolerance: type == .float32 ? 1e-4 : 1e-11))
    }

    let moments = Normalization.normalizeRows(
      x: input, into: output, rows: rows, columns: columns, epsilon: 1e-3, scale: scales,
      offset: Region(offset, type), type: type)
    add(
      "normalized", Region(output),
      x.indices.map { normalized[$0] * scale[$0 % columns] + offset[$0 % columns] })
    let gradients = Normalization.rowGradients(
      cotangent: sent, x: input, into: output, rows: rows, columns: columns, moments: Region(moments),
      scale: scales, wantsParameterGradients: true, type: type)!
    add("input gradient", Region(output), inputGradient)
    var (scaleGradient, offsetGradient) = (scale.map { _ in 0.0 }, scale.map { _ in 0.0 })
    for index in x.indices {
      scaleGradient[index % columns] += cotangent[index] * normalized[index]
      offsetGradient[index % columns] += cotangent[index]
    }
    add("scale gradient", gradients.scale, scaleGradient)
    add("offset gradient", gradients.offset, offsetGradient)
    let none = Normalization.rowGradients(
      cotangent: sent, x: input, into: output, rows: rows, columns: columns, moments: Region(moments),
      scale: scales, wantsParameterGradients: false, type: type)
    #expect(none == nil)
    add("input gradient alone", Region(output), inputGradient)
    return cases
  }
}

/// Normalization of the channels of [rows, channels] in double precision.
struct ChannelReference {
  let rows: Int
  let channels: Int
  private(set) var mean: [Double]
  private(set) var variance: [Double]
  private(set) var normalized: [Double]
  private var inverse: [Double]

  init(_ x: [Double], rows: Int, channels: Int, epsilon: Double) {
    (self.rows, self.channels) = (rows, channels)
    mean = Array(repeating: 0, count: channels)
    variance = mean
    for index in x.indices { mean[index % channels] += x[index] / Double(rows) }
    for index in x.indices {
      let distance = x[index] - mean[index % channels]
      variance[index % channels] += distance * distance / Double(rows)
    }
    inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
    normalized = x
    for index in x.indices {
      normalized[index] = (x[index] - mean[index % channels]) * inverse[index % channels]
    }
  }

  func gradients(
    of cotangent: [Double], scale: [Double]
  ) -> (input: [Double], scale: [Double], offset: [Double]) {
    var (weighted, plain) = (mean.map { _ in 0.0 }, mean.map { _ in 0.0 })
    for index in cotangent.indices {
      weighted[index % channels] += cotangent[index] * normalized[index]
      plain[index % channels] += cotangent[index]
    }
    let input = cotangent.indices.map { index in
      let channel = index % channels
      let rest = cotangent[index] - (plain[channel] + normalized[index] * weighted[channel]) / Double(rows)
      return scale[channel] * inverse[channel] * rest
    }
    return (input, weighted, plain)
  }
}
