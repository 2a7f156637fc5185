import Foundation
import Testing

@testable import AdjointKernels

/// Outputs too large for the caches are stored past them, and hold what they would hold otherwise.
@Suite struct LargeOutputTests {
  /// A batch of images whose output is too large, while that of one image is not.
  struct Case: Sendable, CustomTestStringConvertible {
    var type = ElementType.float32
    let size: SIMD3<Int>
    let taps: Int
    let channels: (input: Int, output: Int)
    let hasAddend: Bool
    let batch = 7

    var testDescription: String { "\(taps)x\(taps) taps, \(type)" }
    var places: Int { size[1] * size[2] }
    var rowByteCount: Int { channels.output * type.byteCount }

    func geometry(batch: Int) -> ConvolutionGeometry {
      ConvolutionGeometry(
        batch: batch, inputSize: size, inputChannels: channels.input, kernelSize: SIMD3(1, taps, taps),
        outputSize: size, outputChannels: channels.output, paddingBefore: SIMD3(0, taps / 2, taps / 2))
    }
  }

  /// Windows in place, whose addend counts as the output does; and Winograd's method.
  static let cases = [
    Case(size: SIMD3(1, 46, 50), taps: 1, channels: (5, 208), hasAddend: true),
    Case(type: .float64, size: SIMD3(1, 46, 50), taps: 1, channels: (5, 104), hasAddend: true),
    Case(size: SIMD3(1, 90, 92), taps: 3, channels: (16, 112), hasAddend: false),
  ]

  @Test(arguments: cases) func ofABatchIsThatOfItsImages(large: Case) {
    let (type, batch, places, rowByteCount) = (large.type, large.batch, large.places, large.rowByteCount)
    let (inputs, outputs) = large.channels
    let input = Region((0..<batch * places * inputs).map { Double($0 % 23) - 9 }, type)
    let filter = Region(
      (0..<large.taps * large.taps * inputs * outputs).map { Double($0 % 17) / 16 - 0.5 }, type)
    let epilogue = Epilogue(
      scale: Region((0..<outputs).map { 1 + Double($0) / 64 }, type),
      bias: Region((0..<outputs).map { Double($0 % 3) }, type),
      addend: large.hasAddend
        ? Region((0..<batch * places * outputs).map { Double($0 % 29) - 14 }, type) : nil,
      rectifies: true)
    let output = Region(Buffer(byteCount: batch * places * rowByteCount))
    #expect(epilogue.of(output, rows: batch * places, rowByteCount: rowByteCount).streams)
    Convolution.forward(
      input: input, filter: filter, epilogue: epilogue, into: output, geometry: large.geometry(batch: batch),
      type: type)
    let alone = Region(Buffer(byteCount: places * rowByteCount))
    for image in 0..<batch {
      let offset = image * places * rowByteCount
      let ofImage = epilogue.ofMatrix(atByteOffset: offset)
      #expect(!ofImage.of(alone, rows: places, rowByteCount: rowByteCount).streams)
      Convolution.forward(
        input: Region(input.buffer, byteOffset: input.byteOffset + image * places * inputs * type.byteCount),
        filter: filter, epilogue: ofImage, into: alone, geometry: large.geometry(batch: 1), type: type)
      #expect(memcmp(alone.pointer, output.pointer + offset, places * rowByteCount) == 0)
    }
    withExtendedLifetime((alone.buffer, output.buffer)) {}
  }
}
