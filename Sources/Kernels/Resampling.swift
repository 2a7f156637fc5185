import CAdjointKernels

/// Rows that are weighted sums of other rows: how images are read between their pixels, along one axis.
package struct Resampling: Sendable {
  package typealias Term = (row: Int, weight: Double)

  package let inputRows: Int
  /// What each output row adds up.
  private let terms: [[Term]]
  /// int32 of [outputs + 1]: where each output's terms begin.
  private let starts: Buffer
  /// int32, one a term.
  private let places: Buffer
  /// float64, one a term.
  private let weights: Buffer

  /// - Parameter terms: For each output, the input rows that it adds up. A term with a weight of 0 is left out, so
  ///   that it takes nothing from an infinity either.
  package init(inputRows: Int, terms: [[Term]]) {
    self.inputRows = inputRows
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
      places.pointer.storeBytes(of: Int32(term.row), toByteOffset: index * 4, as: Int32.self)
      weights.pointer.storeBytes(of: term.weight, toByteOffset: index * 8, as: Double.self)
    }
  }

  package var outputRows: Int { terms.count }

  /// From outputs back to inputs, with the same weights.
  package var transposed: Resampling {
    var lists = [[Term]](repeating: [], count: inputRows)
    for (output, list) in terms.enumerated() {
      for term in list { lists[term.row].append((output, term.weight)) }
    }
    return Resampling(inputRows: outputRows, terms: lists)
  }

  /// Writes the sums of rows of `columns` elements for each of `outer` arrays, [outer, inputRows, columns].
  package func combine(x: Region, into output: Buffer, outer: Int, columns: Int, type: ElementType) {
    let kernels = type.kernels(of: KernelTable.current.resampling)
    let (source, target) = (x.pointer, output.pointer)
    let sums = AdjointRowSums(
      input_rows: inputRows, output_rows: outputRows, starts: pointer(starts), places: pointer(places),
      weights: UnsafePointer(weights.pointer.assumingMemoryBound(to: Double.self)))
    withUnsafePointer(to: sums) { sums in
      ThreadPool.shared.divide(outer * outputRows, elementsEach: columns) { rows in
        kernels.combine_rows(sums, source, columns, rows.lowerBound, rows.count, target)
      }
    }
    // The terms' memory is used until here.
    withExtendedLifetime(self) {}
  }

  private func pointer(_ buffer: Buffer) -> UnsafePointer<Int32> {
    UnsafePointer(buffer.pointer.assumingMemoryBound(to: Int32.self))
  }
}
