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
