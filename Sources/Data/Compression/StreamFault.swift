/// What is wrong with a compressed stream; whoever knows the file's name makes a `DataError` of it.
struct StreamFault: Error {
  let problem: String
  let given: String
  let expected: String

  /// Throws unless the sum over what has been read is the one that the stream stores.
  static func check(_ part: String, sum: Int, stored: Int) throws(StreamFault) {
    guard sum == stored else {
      throw StreamFault(
        problem: "the \(part) checksum differs", given: hexadecimal(sum),
        expected: "\(hexadecimal(stored)), as the file says")
    }
  }
}

func hexadecimal(_ number: Int) -> String { "0x" + String(number, radix: 16) }

extension Inflater {
  /// Decompresses what `read` takes from `bytes`, and names the file in what goes wrong.
  static func decompress(
    _ bytes: [UInt8], file: String, operation: String, limit: Int,
    read: (inout Inflater) throws(StreamFault) -> Void
  ) throws(DataError) -> [UInt8] {
    do throws(StreamFault) {
      return try bytes.withUnsafeBufferPointer { bytes throws(StreamFault) in
        var inflater = Inflater(bytes, limit: limit)
        try read(&inflater)
        return inflater.output.withBytes(from: 0) { Array($0) }
      }
    } catch {
      throw DataError(
        file: file, operation: operation, problem: error.problem, given: error.given,
        expected: error.expected)
    }
  }
}
