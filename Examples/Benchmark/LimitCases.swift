import Adjoint
import AdjointKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Report {
  /// What this machine can do at most: multiply-adds that touch only registers, and a copy of much memory.
  func limits() {
    let rounds = 2_000_000
    time("limit/fma", operations: Limits.multiplyAdds(rounds: 1) * Double(rounds)) {
      { _ = Limits.multiplyAdds(rounds: rounds) }
    }
    let bytes = 256 << 20
    time("limit/memory", bytes: 2 * Double(bytes)) {
      let (from, to) = (Buffer(byteCount: bytes), Buffer(byteCount: bytes))
      memset(from.pointer, 1, bytes)
      return { Copy.contiguous(from: Region(from), into: Region(to), count: bytes, elementByteCount: 1) }
    }
  }
}
