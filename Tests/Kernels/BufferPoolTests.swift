import Foundation
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
    for bytes in [0, 1, 63, 64, 65, 511, 512, 513, 4_097, 1_000_000] {
      let buffer = Buffer(byteCount: bytes)
      #expect(Int(bitPattern: buffer.pointer) % BufferPool.alignment == 0)
      #expect(buffer.byteCount == bytes)
    }
  }

  @Test func buffersOfEverySizeHaveMemoryOfTheirOwn() {
    let sizes = [1, 64, 511, 512, 513, 2_000]
    let buffers = sizes.enumerated().map { number, bytes in
      let buffer = Buffer(byteCount: bytes)
      buffer.pointer.initializeMemory(as: UInt8.self, repeating: UInt8(number), count: bytes)
      return buffer
    }
    for (number, buffer) in buffers.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.byteCount)
      #expect(bytes.allSatisfy { $0 == number })
    }
  }

  /// Of two blocks that wait, a thread takes the one it freed itself, though the other was freed later.
  @Test func aThreadGetsBackItsOwnBlock() {
    let bytes = 7_654_321
    nonisolated(unsafe) var mine: Buffer? = Buffer(byteCount: bytes)
    nonisolated(unsafe) var others: Buffer? = Buffer(byteCount: bytes)
    let place = mine!.pointer
    mine = nil
    let isFreed = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      others = nil
      isFreed.signal()
    }
    isFreed.wait()
    let again = Buffer(byteCount: bytes)
    #expect(again.pointer == place && others == nil)
  }

  @Test(arguments: [64, 4_096])
  func aBufferKnowsWhetherItIsShared(bytes: Int) {
    // In an array, where no optimizer may count the second holder from the start.
    var holders = [Buffer(byteCount: bytes)]
    let before = holders[0].isUniquelyHeld()
    holders.append(holders[0])
    let after = holders[0].isUniquelyHeld()
    #expect(before && !after)
    #expect(holders[0].pointer == holders[1].pointer)
  }

  @Test func aBufferInAVariableIsItsOwn() {
    var buffer = Buffer(byteCount: 64)
    let isUnique = buffer.isUniquelyHeld()
    #expect(isUnique)
  }
}
