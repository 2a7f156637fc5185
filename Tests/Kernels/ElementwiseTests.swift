import Testing

@testable import AdjointKernels

/// A buffer with the given elements.
func buffer<Element>(_ elements: [Element]) -> Buffer {
  let buffer = Buffer(byteCount: elements.count * MemoryLayout<Element>.stride)
  elements.withUnsafeBytes {
    if let base = $0.baseAddress { buffer.pointer.copyMemory(from: base, byteCount: $0.count) }
  }
  return buffer
}

extension Buffer {
  /// The first `count` elements.
  func elements<Element>(_ type: Element.Type, count: Int) -> [Element] {
    Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: type), count: count))
  }
}

@Suite struct ElementwiseTests {
  @Test(arguments: [0, 1, 15, 16, 17, 33])
  func sumsHaveAllElements(count: Int) {
    let x = (0..<count).map { Float($0) }
    let y = x.map { $0 * $0 + 1 }
    let output = Buffer(byteCount: count * 4)
    Elementwise.binary(
      .add, Region(buffer(x)), Region(buffer(y)), into: output, count: count, type: .float32)
    #expect(output.elements(Float.self, count: count) == zip(x, y).map { $0 + $1 })
  }
}
