import Foundation
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
          var fused: [[Double]] = []
          for table in KernelTable.available {
            KernelTable.select(table)
            for threads in 1...3 {
              ThreadPool.shared.threadCount = threads
              let computed = convolution.computed(type, allowsWinograd: false)
              if KernelTable.fusesMultiplyAdd { fused.append(computed.flatMap(\.values)) }
            }
            expectConvolution(convolution, type)
          }
          #expect(fused.allSatisfy { $0 == fused[0] })
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

  /// A large output, and what is added to it, go past the caches; an image of it alone does not.
  @Test(arguments: [ElementType.float32, .float64]) func anOutputMayBeTooLargeForTheCaches(type: ElementType)
  {
    let channels = type == .float32 ? 208 : 104
    func geometry(batch: Int) -> ConvolutionGeometry {
      ConvolutionGeometry(
        batch: batch, inputSize: SIMD3(1, 46, 50), inputChannels: 5, kernelSize: SIMD3(1, 1, 1),
        outputSize: SIMD3(1, 46, 50), outputChannels: channels)
    }
    let places = 46 * 50, rowByteCount = channels * type.byteCount
    let input = Region((0..<7 * places * 5).map { Double($0 % 23) - 9 }, type)
    let filter = Region((0..<5 * channels).map { Double($0 % 17) / 16 - 0.5 }, type)
    let addend = Region((0..<7 * places * channels).map { Double($0 % 29) - 14 }, type)
    let epilogue = Epilogue(
      scale: Region((0..<channels).map { 1 + Double($0) / 64 }, type),
      bias: Region((0..<channels).map { Double($0 % 3) }, type), addend: addend, rectifies: true)
    let output = Region(Buffer(byteCount: 7 * places * rowByteCount))
    #expect(epilogue.of(output, rows: 7 * places, rowByteCount: rowByteCount).streams)
    Convolution.forward(
      input: input, filter: filter, epilogue: epilogue, into: output, geometry: geometry(batch: 7), type: type
    )
    for image in 0..<7 {
      let offset = image * places * rowByteCount
      let alone = Region(Buffer(byteCount: places * rowByteCount))
      let epilogue = epilogue.ofMatrix(atByteOffset: offset)
      #expect(!epilogue.of(alone, rows: places, rowByteCount: rowByteCount).streams)
      Convolution.forward(
        input: Region(input.buffer, byteOffset: input.byteOffset + image * places * 5 * type.byteCount),
        filter: filter, epilogue: epilogue, into: alone, geometry: geometry(batch: 1), type: type)
      #expect(memcmp(alone.pointer, output.pointer + offset, places * rowByteCount) == 0)
      withExtendedLifetime((alone.buffer, output.buffer)) {}
    }
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
