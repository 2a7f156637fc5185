import AdjointData
import TestSupport
import Testing

@Suite struct ContainerTests {
  private let raw = Array(ZlibStreams.all[1].stream.dropFirst(2).dropLast(4))
  private let trailer = ZlibStreams.gzipFile.suffix(8)

  private func gzip(flags: UInt8 = 0, fields: [UInt8] = []) -> [UInt8] {
    [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3] + fields + raw + trailer
  }

  private func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
    try Gzip.decompress(bytes, file: "a.gz")
  }

  @Test func gzipWithAllFields() throws {
    #expect(Gzip.isGzip(ZlibStreams.gzipFile))
    #expect(try decompress(ZlibStreams.gzipFile) == ZlibStreams.sample)
  }

  @Test func gzipFieldsOneByOne() throws {
    #expect(try decompress(gzip()) == ZlibStreams.sample)
    #expect(try decompress(gzip(flags: 0x01)) == ZlibStreams.sample)
    #expect(try decompress(gzip(flags: 0x04, fields: [3, 0, 1, 0, 2])) == ZlibStreams.sample)
    #expect(try decompress(gzip(flags: 0x08, fields: [97, 0])) == ZlibStreams.sample)
    #expect(try decompress(gzip(flags: 0x10, fields: [0])) == ZlibStreams.sample)
  }

  @Test func gzipMembersFollowEachOther() throws {
    let file = ZlibStreams.gzipFile + gzip() + ZlibStreams.gzipFile
    #expect(try decompress(file) == ZlibStreams.sample + ZlibStreams.sample + ZlibStreams.sample)
  }

  @Test func gzipTruncations() {
    let file = ZlibStreams.gzipFile
    for count in 0..<file.count {
      expectProblem("the compressed data ends too soon") { try decompress(Array(file.prefix(count))) }
    }
  }

  @Test func gzipCorruptions() {
    let file = gzip()
    func changed(at index: Int, to byte: UInt8) -> [UInt8] {
      var changed = file
      changed[index] = byte
      return changed
    }
    expectProblem("not a gzip file") { try decompress(changed(at: 1, to: 0)) }
    expectProblem("unknown method or flags") { try decompress(changed(at: 2, to: 7)) }
    expectProblem("unknown method or flags") { try decompress(changed(at: 3, to: 0x20)) }
    expectProblem("the data checksum differs") {
      try decompress(changed(at: file.count - 5, to: ~file[file.count - 5]))
    }
    expectProblem("wrong length") { try decompress(changed(at: file.count - 1, to: 1)) }
    expectProblem("bytes after the end") { try decompress(file + [0, 0, 0]) }
    expectProblem("the compressed data ends too soon") { try decompress(file + [0]) }
    var withHeaderSum = ZlibStreams.gzipFile
    withHeaderSum[4] ^= 1
    expectProblem("the header checksum differs") { try decompress(withHeaderSum) }
  }

  @Test func errorsNameTheFileAndWhatWasFound() throws {
    let error = try #require(throws: DataError.self) { try decompress([0x50, 0x4b, 3, 4]) }
    #expect(
      error.description
        == "gzip: not a gzip file; given a.gz, bytes 0x50 0x4b at 0; expected 0x1f 0x8b.")
  }

  @Test func checksumsOfKnownTexts() {
    var crc = CRC32()
    var adler = Adler32()
    Array("12345678".utf8).withUnsafeBytes { crc.update($0) }
    Array("9".utf8).withUnsafeBytes { crc.update($0) }
    Array("Wikipedia".utf8).withUnsafeBytes { adler.update($0) }
    #expect(crc.value == 0xcbf4_3926)
    #expect(adler.value == 0x11e6_0398)
    [UInt8](repeating: 255, count: 20_000).withUnsafeBytes { adler.update($0) }
    #expect(adler.value == 0x368e_d9fb)
  }
}
