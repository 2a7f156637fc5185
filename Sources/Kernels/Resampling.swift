import CAdjointKernels

/// Places along an axis that are weighted sums of other places: how images are read between their pixels.
package struct Resampling: Sendable {
  package typealias Term = (place: Int, weight: Double)

  package let inputs: Int
  /// What each output adds up.
  private let terms: [[Term]]
  /// int32 of [outputs + 1]: where each output's terms begin.
  private let starts: Buffer
  /// int32, one a term.
  private let places: Buffer
  /// float64, one a term.
  private let weights: Buffer

  /// - Parameter terms: For each output, the inputs that it adds up. A term with a weight of 0 is left out, so that
  ///   it takes nothing from an infinity either.
  package init(inputs: Int, terms: [[Term]]) {
    self.inputs = inputs
    self.terms = terms.map { $0.filter { $0.weight != 0 } }
    let all = self.terms.joined()
    starts = Buffer(byteCount: (terms.count + 1) * MemoryLayout<Int32>.stride)
    places = Buffer(byteCount: all.count * MemoryLayout<Int32>.stride)
    weights = Buffer(byteCount: all.count * MemoryLayout<Double>.stride)
    var start = 0
    for (output, list) in self.terms.enumerated() {
      starts.pointer.storeBytes(of: Int32(start), toByteOffset: output * 4, as: Int32.self)
      start += list.count
    }
    starts.pointer.storeBytes(of: Int32(start), toByteOffset: terms.count * 4, as: Int32.self)
    for (index, term) in all.enumerated() {
      places.pointer.storeBytes(of: Int32(term.place), toByteOffset: index * 4, as: Int32.self)
      weights.pointer.storeBytes(of: term.weight, toByteOffset: index * 8, as: Double.self)
    }
  }

  /// Of an axis with one place, which stays as it is.
  package static let none = Resampling(inputs: 1, terms: [[(0, 1)]])

  package var outputs: Int { terms.count }

  /// From outputs back to inputs, with the same weights.
  package var transposed: Resampling {
    var lists = [[Term]](repeating: [], count: inputs)
    for (output, list) in terms.enumerated() {
      for term in list { lists[term.place].append((output, term.weight)) }
    }
    return Resampling(inputs: outputs, terms: lists)
  }

  /// Writes images, [outer, rows.outputs, columns.outputs, channels], that are resampled along both axes: first along
  /// the rows' axis, then along the columns'.
  package static func combine(
    rows: Resampling, columns: Resampling, x: Region, into output: Buffer, outer: Int, channels: Int,
    type: ElementType
  ) {
    if rows.isShort && columns.isShort && channels * type.byteCount >= fusedByteCount {
      return combineTogether(rows, columns, x, output, outer, channels, type)
    }
    let between = Buffer(byteCount: outer * rows.outputs * columns.inputs * channels * type.byteCount)
    combineTogether(rows, none, x, between, outer, columns.inputs * channels, type)
    combineTogether(none, columns, Region(between), output, outer * rows.outputs, channels, type)
  }

  /// Channels of this size fill a vector. Fewer take less time as parts of whole rows, along the first axis.
  private static let fusedByteCount = 64

  /// Whether outputs have so few terms that it takes less time to add them up again for each place of another axis
  /// than to write their sums down.
  private var isShort: Bool { terms.allSatisfy { $0.count <= 2 } }

  /// The same in one pass, with the same bits.
  private static func combineTogether(
    _ rows: Resampling, _ columns: Resampling, _ x: Region, _ output: Buffer, _ outer: Int, _ channels: Int,
    _ type: ElementType
  ) {
    // The terms' memory is used until the end.
    defer { withExtendedLifetime((rows, columns)) {} }
    let kernels = type.kernels(of: KernelTable.current.resampling)
    let (source, target) = (x.pointer, output.pointer)
    withUnsafePointer(to: rows.forKernels) { rowSums in
      withUnsafePointer(to: columns.forKernels) { columnSums in
        ThreadPool.shared.divide(outer * rows.outputs * columns.outputs, elementsEach: channels) { pixels in
          kernels.combine(rowSums, columnSums, source, channels, pixels.lowerBound, pixels.count, target)
        }
      }
    }
  }

  private var forKernels: AdjointAxisSums {
    AdjointAxisSums(
      inputs: inputs, outputs: outputs, starts: pointer(starts), places: pointer(places),
      weights: UnsafePointer(weights.pointer.assumingMemoryBound(to: Double.self)))
  }

  private func pointer(_ buffer: Buffer) -> UnsafePointer<Int32> {
    UnsafePointer(buffer.pointer.assumingMemoryBound(to: Int32.self))
  }
}
