import Testing

@testable import AdjointKernels

@Suite struct ConvolutionTests {
  @Test(arguments: ConvolutionCase.all) func agreesWithTheDefinition(convolution: ConvolutionCase) {
    for type in [ElementType.float32, .float64] { expectConvolution(convolution, type) }
  }

  @Test func tablesAndThreadsGiveTheSameBits() async {
    await #expect(processExitsWith: .success) {
      for convolution in ConvolutionCase.all {
        for type in [ElementType.float32, .float64] {
          inEveryTable { place in
            if place.threads == 1 { expectConvolution(convolution, type) }
            return convolution.computed(type, allowsWinograd: false).map(\.values)
          }
        }
      }
    }
  }

  /// What a kernel is chosen by holds for images of which there are more products than an integer counts.
  @Test func sizesMayBeLarge() {
    let geometry = ConvolutionGeometry(
      batch: 16, inputSize: SIMD3(1, 1_024, 1_024), inputChannels: 32, kernelSize: SIMD3(1, 5, 5),
      outputSize: SIMD3(1, 1_024, 1_024), outputChannels: 64, paddingBefore: SIMD3(0, 2, 2))
    #expect(geometry.readsWindowsInPlace && geometry.readsGradientWindowsInPlace)
    #expect(!geometry.overlapsInputGradient(lanes: 16) && geometry.sumsFilterGradientInPlace(lanes: 16))
  }

  @Test func placesThatNoWindowReadsHaveNoGradient() {
    // A kernel of 1 with stride 3 reads every third place.
    let geometry = ConvolutionGeometry(
      batch: 1, inputSize: SIMD3(1, 1, 8), inputChannels: 1, kernelSize: SIMD3(1, 1, 1),
      outputSize: SIMD3(1, 1, 3), outputChannels: 1, strides: SIMD3(1, 1, 3))
    let inputGradient = Region(of: [Float](repeating: .nan, count: 8))
    Convolution.inputGradient(
      outputGradient: Region(of: [1, 2, 4] as [Float]), filter: Region(of: [3] as [Float]),
      into: inputGradient,
      geometry: geometry, type: .float32)
    #expect(inputGradient.array(of: Float.self, count: 8) == [3, 0, 0, 6, 0, 0, 12, 0])
  }

  /// A row of three taps is read in place, and one of four by planes.
  @Test(arguments: [3, 4]) func aNaNReachesOnlyWhatReadsIt(taps: Int) {
    let outputs = 21 - taps
    let geometry = ConvolutionGeometry(
      batch: 1, inputSize: SIMD3(1, 1, 20), inputChannels: 3, kernelSize: SIMD3(1, 1, taps),
      outputSize: SIMD3(1, 1, outputs), outputChannels: 5)
    func results(input: [Float], outputGradient: [Float]) -> [[Float]] {
      let (input, outputGradient) = (Region(of: input), Region(of: outputGradient))
      let filter = Region(of: [Float](repeating: 0.5, count: 15 * taps))
      let (output, inputGradient, filterGradient) = (
        Region(of: [Float](repeating: 0, count: 5 * outputs)), Region(of: [Float](repeating: 0, count: 60)),
        Region(of: [Float](repeating: 0, count: 15 * taps))
      )
      Convolution.forward(input: input, filter: filter, into: output, geometry: geometry, type: .float32)
      Convolution.inputGradient(
        outputGradient: outputGradient, filter: filter, into: inputGradient, geometry: geometry,
        type: .float32)
      Convolution.filterGradient(
        input: input, outputGradient: outputGradient, into: filterGradient, geometry: geometry,
        type: .float32)
      return [
        output.array(of: Float.self, count: 5 * outputs), inputGradient.array(of: Float.self, count: 60),
        filterGradient.array(of: Float.self, count: 15 * taps),
      ]
    }
    func places(_ values: [Float]) -> [Int] { values.indices.filter { values[$0].isNaN } }
    var input = [Float](repeating: 1, count: 60), gradient = [Float](repeating: 2, count: 5 * outputs)
    input[7 * 3 + 1] = .nan
    var result = results(input: input, outputGradient: gradient)
    #expect(places(result[0]) == Array(5 * (8 - taps)..<40))
    #expect(places(result[1]) == [])
    #expect(places(result[2]) == (0..<15 * taps).filter { $0 / 5 % 3 == 1 })
    input[7 * 3 + 1] = 1
    gradient[6 * 5 + 2] = .nan
    result = results(input: input, outputGradient: gradient)
    #expect(places(result[0]) == [])
    #expect(places(result[1]) == Array(18..<18 + 3 * taps))
    #expect(places(result[2]) == (0..<15 * taps).filter { $0 % 5 == 2 })
  }

  @Test func aNaNStaysInItsGroup() {
    let geometry = ConvolutionGeometry(
      batch: 1, inputSize: SIMD3(1, 1, 9), inputChannels: 16, kernelSize: SIMD3(1, 1, 3),
      outputSize: SIMD3(1, 1, 7), outputChannels: 16, groups: 4)
    var input = [Float](repeating: 1, count: 9 * 16)
    input[4 * 16 + 6] = .nan
    let output = Region(of: [Float](repeating: 0, count: 7 * 16))
    let filterGradient = Region(of: [Float](repeating: 0, count: 3 * 4 * 16))
    Convolution.forward(
      input: Region(of: input), filter: Region(of: [Float](repeating: 0.5, count: 3 * 4 * 16)), into: output,
      geometry: geometry, type: .float32)
    Convolution.filterGradient(
      input: Region(of: input), outputGradient: Region(of: [Float](repeating: 2, count: 7 * 16)),
      into: filterGradient, geometry: geometry, type: .float32)
    let ofGroup = 4..<8
    for (index, value) in output.array(of: Float.self, count: 7 * 16).enumerated() {
      #expect(value.isNaN == ((2...4).contains(index / 16) && ofGroup.contains(index % 16)))
    }
    for (index, value) in filterGradient.array(of: Float.self, count: 3 * 4 * 16).enumerated() {
      #expect(value.isNaN == (index / 16 % 4 == 2 && ofGroup.contains(index % 16)))
    }
  }

  @Test func anEmptyBatchHasAFilterGradientOfZeros() {
    for groups in [1, 2] {
      let geometry = ConvolutionGeometry(
        batch: 0, inputSize: SIMD3(1, 4, 5), inputChannels: 2, kernelSize: SIMD3(1, 2, 3),
        outputSize: SIMD3(1, 3, 3), outputChannels: 2, groups: groups)
      let gradient = Region(of: [Double](repeating: 7, count: 24 / groups))
      Convolution.filterGradient(
        input: Region(of: [Double]()), outputGradient: Region(of: [Double]()), into: gradient,
        geometry: geometry, type: .float64)
      #expect(
        gradient.array(of: Double.self, count: 24 / groups) == [Double](repeating: 0, count: 24 / groups))
    }
  }
}

private func expectConvolution(
  _ convolution: ConvolutionCase, _ type: ElementType, sourceLocation: SourceLocation = #_sourceLocation
) {
  let terms = Double(convolution.geometry.inputPlacesAndOutputPlaces)
  let tolerance = (type == .float32 ? 1e-6 : 1e-14) * (4 + terms.squareRoot())
  for (computed, expected) in zip(convolution.computed(type, allowsWinograd: false), convolution.expected()) {
    #expect(
      zip(computed.values, expected).allSatisfy { abs($0 - $1) <= tolerance },
      "\(computed.name) of \(convolution.testDescription) in \(type), table \(KernelTable.name)",
      sourceLocation: sourceLocation)
  }
}
