#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The one place where files are read and written.
package enum Files {
  /// The whole of a file.
  package static func read(_ path: String, operation: String) throws(DataError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw systemError("the file cannot be opened", path, operation, expected: "a file that can be read")
    }
    defer { close(descriptor) }
    var status = stat()
    var bytes: [UInt8] = []
    if fstat(descriptor, &status) == 0 { bytes.reserveCapacity(Int(status.st_size)) }

    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 20)
    defer { chunk.deallocate() }
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, chunk.baseAddress, chunk.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, chunk.baseAddress, chunk.count)
      #else
        let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
      #endif
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw systemError("the file cannot be read", path, operation, expected: "a file that can be read")
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[..<count]))
    }
  }

  /// Writes a file whole: whoever opens `path` finds what was there before, or all of `bytes`.
  package static func write(_ bytes: [UInt8], to path: String, operation: String) throws(DataError) {
    try replace(path, operation: operation) { temporary throws(DataError) in
      guard let file = fopen(temporary, "wbx") else {
        throw systemError("the file cannot be made", path, operation, expected: "a folder to write to")
      }
      let written = fwrite(bytes, 1, bytes.count, file)
      let isSafe = fflush(file) == 0 && fsync(fileno(file)) == 0
      guard fclose(file) == 0, written == bytes.count, isSafe else {
        throw systemError(
          "the file cannot be written", path, operation, expected: "room for \(bytes.count) bytes")
      }
    }
  }

  /// Lets `write` make a temporary file beside `path`, and moves it to `path` only if that succeeds.
  package static func replace(
    _ path: String, operation: String, by write: (_ temporary: String) throws(DataError) -> Void
  ) throws(DataError) {
    let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    do throws(DataError) {
      try write(temporary)
      guard rename(temporary, path) == 0 else {
        throw systemError("the file cannot be put in place", path, operation, expected: "a path to write to")
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// A file's path in a folder; an empty one is the current folder.
  package static func path(_ name: String, in folder: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
  }

  package static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Makes a folder and those above it, where they do not exist.
  package static func makeFolder(_ path: String, operation: String) throws(DataError) {
    if path.isEmpty || exists(path) { return }
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash]), operation: operation) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw systemError("the folder cannot be made", path, operation, expected: "a folder to write to")
    }
  }

  /// The user's folder for what can be had again: that of `XDG_CACHE_HOME`, or the system's convention.
  package static var cacheFolder: String {
    if let folder = getenv("XDG_CACHE_HOME"), folder.pointee != 0 { return String(cString: folder) }
    let home = getenv("HOME").map { String(cString: $0) } ?? "."
    #if os(macOS)
      return "\(home)/Library/Caches"
    #else
      return "\(home)/.cache"
    #endif
  }

  private static func systemError(
    _ problem: String, _ path: String, _ operation: String, expected: String
  ) -> DataError {
    DataError(
      file: path, operation: operation, problem: problem, given: "\"\(String(cString: strerror(errno)))\"",
      expected: expected)
  }
}
