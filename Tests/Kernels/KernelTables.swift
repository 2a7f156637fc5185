import AdjointKernels
import Foundation
import Testing

/// A kernel table and a number of threads that are in use.
struct KernelPlace: CustomStringConvertible {
  let table: String
  let threads: Int

  var description: String { "\(table), \(threads) threads" }
}

/// Computes in every kernel table, with 1, 2 and 3 threads, and hands on each result with the one whose bits it
/// must have: the first of its table, or the first of all tables that fuse multiply-adds. Changes the process:
/// for exit tests only.
func inEveryTable<Result>(
  _ compute: (_ place: KernelPlace) -> Result,
  compare: (_ result: Result, _ expected: Result, _ place: KernelPlace) -> Void
) {
  var ofFusing: Result?
  for table in KernelTable.available {
    KernelTable.select(table)
    var ofTable = KernelTable.fusesMultiplyAdd ? ofFusing : nil
    for threads in 1...3 {
      ThreadPool.shared.threadCount = threads
      let place = KernelPlace(table: table, threads: threads)
      let result = compute(place)
      if let ofTable { compare(result, ofTable, place) }
      ofTable = ofTable ?? result
    }
    if KernelTable.fusesMultiplyAdd { ofFusing = ofTable }
  }
}

/// Computes arrays in every kernel table, and expects the same bits wherever `inEveryTable(_:compare:)` hands two
/// on. One NaN is as good as another.
func inEveryTable<Element: BitwiseComparable>(_ compute: (_ place: KernelPlace) -> [[Element]]) {
  inEveryTable(compute) { arrays, expected, place in
    #expect(arrays.map(\.count) == expected.map(\.count), "other sizes in \(place)")
    for (index, (array, expected)) in zip(arrays, expected).enumerated() {
      let isSame = array.hasBytes(of: expected) || zip(array, expected).allSatisfy { $0.hasBits(of: $1) }
      #expect(isSame, "other bits in \(place): array \(index)")
    }
  }
}

protocol BitwiseComparable: BitwiseCopyable {
  func hasBits(of other: Self) -> Bool
}
extension Float: BitwiseComparable {
  func hasBits(of other: Float) -> Bool { bitPattern == other.bitPattern || (isNaN && other.isNaN) }
}
extension Double: BitwiseComparable {
  func hasBits(of other: Double) -> Bool { bitPattern == other.bitPattern || (isNaN && other.isNaN) }
}
extension BitwiseComparable where Self: FixedWidthInteger {
  func hasBits(of other: Self) -> Bool { self == other }
}
extension UInt8: BitwiseComparable {}
extension Int64: BitwiseComparable {}
extension UInt32: BitwiseComparable {}

extension Array where Element: BitwiseCopyable {
  /// Whether the arrays lie in memory alike, which takes far less time than their elements one by one.
  func hasBytes(of other: [Element]) -> Bool {
    withUnsafeBytes { bytes in
      other.withUnsafeBytes { other in
        bytes.count == other.count
          && (bytes.isEmpty || memcmp(bytes.baseAddress!, other.baseAddress!, bytes.count) == 0)
      }
    }
  }
}
