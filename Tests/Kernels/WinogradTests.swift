import Testing

@testable import AdjointKernels

extension ConvolutionCase {
  /// Convolutions that Winograd's method computes in float32.
  static let winograd = [
    ConvolutionCase(
      "tiles of 4 that the image does not fill", batch: 2, input: SIMD3(1, 7, 9), kernel: SIMD3(1, 3, 3),
      channels: (17, 35), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "no padding", batch: 5, input: SIMD3(1, 10, 6), kernel: SIMD3(1, 3, 3), channels: (33, 16)),
    ConvolutionCase(
      "uneven padding", batch: 3, input: SIMD3(1, 6, 9), kernel: SIMD3(1, 3, 3), channels: (16, 31),
      before: SIMD3(0, 0, 2), after: SIMD3(0, 2, 1)),
    ConvolutionCase(
      "much padding", batch: 2, input: SIMD3(1, 9, 8), kernel: SIMD3(1, 3, 3), channels: (19, 18),
      before: SIMD3(0, 2, 3), after: SIMD3(0, 3, 0)),
    ConvolutionCase(
      "tiles of 2", batch: 9, input: SIMD3(1, 2, 2), kernel: SIMD3(1, 3, 3), channels: (16, 47),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "tiles of 2 that the image does not fill", batch: 9, input: SIMD3(1, 2, 3), kernel: SIMD3(1, 3, 3),
      channels: (21, 64), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "slices", batch: 2, input: SIMD3(3, 4, 5), kernel: SIMD3(1, 3, 3), channels: (18, 20),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "several blocks of channels", batch: 8, input: SIMD3(1, 2, 2), kernel: SIMD3(1, 3, 3),
      channels: (260, 275), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "tiles of 2 behind those of 4", batch: 3, input: SIMD3(1, 14, 18), kernel: SIMD3(1, 3, 3),
      channels: (37, 81), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "half a row of tiles of 2, and half a column", batch: 2, input: SIMD3(1, 13, 9), kernel: SIMD3(1, 3, 3),
      channels: (260, 19), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "tiles of 2 only below", batch: 4, input: SIMD3(1, 8, 16), kernel: SIMD3(1, 3, 3), channels: (16, 50),
      before: SIMD3(0, 0, 1), after: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "blocks and parts of the corners' tiles alone", batch: 60, input: SIMD3(1, 6, 6),
      kernel: SIMD3(1, 3, 3),
      channels: (16, 17), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two, half a column of tiles of 2", batch: 4, input: SIMD3(1, 16, 17),
      kernel: SIMD3(1, 3, 3), channels: (18, 35), strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 1),
      after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two", batch: 2, input: SIMD3(1, 16, 32), kernel: SIMD3(1, 3, 3), channels: (17, 35),
      strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two, uneven padding and tiles left over", batch: 3, input: SIMD3(1, 31, 46),
      kernel: SIMD3(1, 3, 3), channels: (33, 16), strides: SIMD3(1, 2, 2), before: SIMD3(0, 0, 2),
      after: SIMD3(0, 3, 1)),
    ConvolutionCase(
      "strides of two, tiles of 2 behind those of 4", batch: 3, input: SIMD3(1, 28, 20),
      kernel: SIMD3(1, 3, 3),
      channels: (37, 49), strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two, tiles of 2 only below", batch: 4, input: SIMD3(1, 12, 16), kernel: SIMD3(1, 3, 3),
      channels: (18, 70), strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 0), after: SIMD3(0, 0, 1)),
    ConvolutionCase(
      "strides of two, several blocks of channels", input: SIMD3(1, 8, 15), kernel: SIMD3(1, 3, 3),
      channels: (260, 275), strides: SIMD3(1, 2, 2), before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two, no padding", batch: 3, input: SIMD3(1, 31, 23), kernel: SIMD3(1, 3, 3),
      channels: (31, 18),
      strides: SIMD3(1, 2, 2)),
    ConvolutionCase(
      "strides of two, padding at the end", input: SIMD3(1, 16, 24), kernel: SIMD3(1, 3, 3),
      channels: (48, 21),
      strides: SIMD3(1, 2, 2), after: SIMD3(0, 1, 1)),
    ConvolutionCase(
      "strides of two, much padding", batch: 2, input: SIMD3(1, 15, 21), kernel: SIMD3(1, 3, 3),
      channels: (20, 80), strides: SIMD3(1, 2, 2), before: SIMD3(0, 2, 3), after: SIMD3(0, 0, 2)),
    ConvolutionCase(
      "seven taps over merged places", batch: 2, input: SIMD3(1, 31, 40), kernel: SIMD3(1, 7, 7),
      channels: (3, 51), strides: SIMD3(1, 2, 2), before: SIMD3(0, 3, 3), after: SIMD3(0, 3, 3)),
    ConvolutionCase(
      "seven taps over merged places, uneven padding", input: SIMD3(1, 33, 29), kernel: SIMD3(1, 7, 7),
      channels: (4, 48), strides: SIMD3(1, 2, 2), before: SIMD3(0, 2, 1), after: SIMD3(0, 1, 4)),
    ConvolutionCase(
      "eight taps over merged places of slices", batch: 3, input: SIMD3(2, 24, 25), kernel: SIMD3(1, 8, 8),
      channels: (3, 83), strides: SIMD3(1, 2, 2), before: SIMD3(0, 5, 0), after: SIMD3(0, 0, 7)),
    ConvolutionCase(
      "several blocks of tiles", input: SIMD3(1, 30, 31), kernel: SIMD3(1, 3, 3), channels: (16, 17),
      before: SIMD3(0, 1, 1), after: SIMD3(0, 1, 1)),
  ]
}

@Suite struct WinogradTests {
  @Test(arguments: ConvolutionCase.winograd) func agreesWithTheDirectMethod(convolution: ConvolutionCase) {
    expectWinograd(convolution)
  }

  @Test func isNotUsedWhereItIsNotAllowed() {
    // Tiles of 2 make no rounding errors with these numbers.
    for convolution in ConvolutionCase.winograd where convolution.geometry.outputSize[2] > 3 {
      let (allowed, forbidden) = (
        convolution.computed(.float32), convolution.computed(.float32, allowsWinograd: false)
      )
      for (allowed, forbidden) in zip(allowed, forbidden) {
        // A transposed convolution to merged places has no epilogue.
        let isServed = convolution.geometry.kernelSize[1] == 3 || allowed.name != "transposed convolution"
        let differs = allowed.values != forbidden.values
        #expect(differs == isServed, "\(allowed.name) of \(convolution)")
      }
    }
  }

  @Test func tablesAndThreadsGiveTheSameBits() async {
    await #expect(processExitsWith: .success) {
      for convolution in ConvolutionCase.winograd {
        inEveryTable { place in
          if place.threads == 1 { expectWinograd(convolution) }
          return convolution.computed(.float32).map(\.values)
        }
      }
    }
  }

  /// A number that is not finite reaches all outputs of its tile, and no others.
  @Test(arguments: [Float.nan, .infinity]) func aNumberThatIsNotFiniteStaysInItsTiles(number: Float) {
    let geometry = ConvolutionGeometry(
      batch: 2, inputSize: SIMD3(1, 8, 16), inputChannels: 16, kernelSize: SIMD3(1, 3, 3),
      outputSize: SIMD3(1, 8, 16), outputChannels: 16, paddingBefore: SIMD3(0, 1, 1))
    func output(_ image: [Float]) -> [Float] {
      let output = Region(of: [Float](repeating: 99, count: image.count))
      Convolution.forward(
        input: Region(of: image), filter: Region(of: [Float](repeating: 0.5, count: 9 * 16 * 16)),
        into: output, geometry: geometry, type: .float32)
      return output.array(of: Float.self, count: image.count)
    }
    var image = (0..<2 * 8 * 16 * 16).map { Float($0 % 23) / 23 }
    let before = output(image)
    // In the second image, in row 2 and column 5: only the tile from row 0 and column 4 on reads it.
    image[((8 + 2) * 16 + 5) * 16 + 3] = number
    for (index, (old, new)) in zip(before, output(image)).enumerated() {
      let (row, column) = (index / 16 / 16, index / 16 % 16)
      let isInTile = (8..<12).contains(row) && (4..<8).contains(column)
      let isInWindow = (9...11).contains(row) && (4...6).contains(column)
      #expect(isInWindow ? !new.isFinite : isInTile || new == old, "row \(row), column \(column)")
    }
  }
}

private func expectWinograd(
  _ convolution: ConvolutionCase, sourceLocation: SourceLocation = #_sourceLocation
) {
  for (computed, expected) in zip(convolution.computed(.float32), convolution.computed(.float64)) {
    let errors = zip(computed.values, expected.values).map { abs($0 - $1) }
    #expect(
      (errors.max() ?? 0) <= 2e-5 * rootMeanSquare(expected.values)
        && rootMeanSquare(errors) <= 2e-6 * rootMeanSquare(expected.values),
      "\(computed.name) of \(convolution.testDescription), table \(KernelTable.name)",
      sourceLocation: sourceLocation)
  }
}

private func rootMeanSquare(_ values: [Double]) -> Double {
  (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
}
