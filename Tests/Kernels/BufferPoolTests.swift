import Testing

@testable import AdjointKernels

@Suite struct BufferPoolTests {
  @Test func sizeClassesHoldWhatIsAskedAndWasteLittle() {
    var last = SizeClass(holding: 1)
    for bytes in 1..<100_000 {
      let sizeClass = SizeClass(holding: bytes)
      #expect(sizeClass.byteCount >= bytes)
      #expect(sizeClass.byteCount % BufferPool.alignment == 0)
      #expect(sizeClass.byteCount <= max(BufferPool.alignment, bytes + bytes / 4 + BufferPool.alignment))
      if sizeClass.index == last.index { #expect(sizeClass.byteCount == last.byteCount) }
      last = sizeClass
    }
  }

  @Test func buffersAreAligned() {
    for bytes in [0, 1, 63, 64, 65, 4_097, 1_000_000] {
      let buffer = Buffer(byteCount: bytes)
      #expect(Int(bitPattern: buffer.pointer) % BufferPool.alignment == 0)
    }
  }
}
