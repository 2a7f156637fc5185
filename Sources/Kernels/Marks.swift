import CAdjointKernels

/// A bit for each of `count` elements that lie one after another.
package struct Marks: Sendable {
  private static let pieceLength = 1 << 16

  package let count: Int
  private let buffer: Buffer

  /// Marks that are still to be written.
  package init(count: Int) {
    self.count = count
    buffer = Buffer(byteCount: count.dividedUp(by: 16) * 2)
  }

  /// Where the marks of the elements from `start` on lie, a multiple of 16.
  func pointer(from start: Int = 0) -> UnsafeMutablePointer<UInt8> {
    (buffer.pointer + start / 8).assumingMemoryBound(to: UInt8.self)
  }

  /// Writes max(0, x), where NaN stays, and marks what is above 0. The output may be the input's memory.
  package func rectify(_ x: Region, into output: Buffer, type: ElementType) {
    let kernel = type.kernel(of: KernelTable.current.marks.rectify)
    forEachPiece(of: count, length: Self.pieceLength) { start, length in
      let offset = start * type.byteCount
      kernel(output.pointer + offset, pointer(from: start), x.pointer + offset, length)
    }
  }

  /// Writes x · factor where an element is marked, and 0 elsewhere. The output may be the input's memory.
  package func scale(_ x: Region, by factor: Double, into output: Buffer, type: ElementType) {
    let kernel = type.kernel(of: KernelTable.current.marks.scale_marked)
    forEachPiece(of: count, length: Self.pieceLength) { start, length in
      let offset = start * type.byteCount
      kernel(output.pointer + offset, pointer(from: start), x.pointer + offset, factor, length)
    }
  }

  /// Writes a bool for each element.
  package func expand(into output: Buffer) {
    let kernel = KernelTable.current.marks.expand!
    forEachPiece(of: count, length: Self.pieceLength) { start, length in
      kernel((output.pointer + start).assumingMemoryBound(to: UInt8.self), pointer(from: start), length)
    }
  }
}
