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

  #if os(Linux)
    /// A mapping's flags are the last line of what the system says of it; "hg" is the wish for large pages.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel/mm/transparent_hugepage")))
    func largeBuffersAskForLargePages() async {
      await #expect(processExitsWith: .success) {
        let large = Buffer(byteCount: 5 << 20), small = Buffer(byteCount: 3 << 20)
        #expect(UInt(bitPattern: large.pointer) % (1 << 21) == 0)
        let flags = try withExtendedLifetime((large, small)) {
          try Self.mappingFlags(at: [large.pointer + (1 << 20), small.pointer + (1 << 20)])
        }
        #expect(flags[0].contains("hg"))
        #expect(!flags[1].contains("hg"))
      }
    }

    private static func mappingFlags(at places: [UnsafeMutableRawPointer]) throws -> [[Substring]] {
      let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
      let lines = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
      var flags = [[Substring]](repeating: [], count: places.count)
      var mapping: Range<UInt> = 0..<0
      for line in lines {
        let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
        if bounds.count == 2 { mapping = bounds[0]..<bounds[1] }
        guard line.hasPrefix("VmFlags:") else { continue }
        for (index, place) in places.enumerated() where mapping.contains(UInt(bitPattern: place)) {
          flags[index] = line.split(separator: " ")
        }
      }
      return flags
    }
  #endif

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

  /// Memory that a worker freed is its own, counts as the pool's, and goes back with all other.
  @Test func workersHaveAShelfOfTheirOwn() async {
    await #expect(processExitsWith: .success) {
      let bytes = 7_654_321, pool = BufferPool.shared
      let isFreed = DispatchSemaphore(value: 0), isLookedAt = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        pool.openShelf()
        let place = Buffer(byteCount: bytes).pointer
        isFreed.signal()
        isLookedAt.wait()
        #expect(Buffer(byteCount: bytes).pointer == place)
        pool.trim()
        #expect(pool.statistics.bytesCached == 0)
        isFreed.signal()
      }
      isFreed.wait()
      #expect(pool.statistics.bytesCached >= bytes)
      let before = pool.statistics
      let mine = Buffer(byteCount: bytes)
      #expect(pool.statistics.systemAllocations == before.systemAllocations + 1)
      #expect(pool.statistics.bytesInUse >= before.bytesInUse + bytes)
      withExtendedLifetime(mine) {}
      isLookedAt.signal()
      isFreed.wait()
    }
  }

  @Test func aWorkerKeepsOnlyAPartOfTheLimit() async {
    await #expect(processExitsWith: .success) {
      let pool = BufferPool.shared
      let isOver = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        pool.cacheLimit = 64_000_000
        pool.openShelf()
        _ = Buffer(byteCount: 2_000_000)
        #expect(pool.statistics.bytesCached == 0)
        _ = Buffer(byteCount: 500_000)
        #expect(pool.statistics.bytesCached >= 500_000)
        pool.cacheLimit = 1_000_000
        #expect(pool.statistics.bytesCached == 0)
        isOver.signal()
      }
      isOver.wait()
    }
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
