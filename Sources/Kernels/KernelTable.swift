import CAdjointKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which instruction set's kernels are in use: chosen once at start, and changed only by tests.
package enum KernelTable {
  nonisolated(unsafe) private(set) static var current = {
    guard let table = adjoint_default_kernels() else {
      let wanted = String(cString: getenv("ADJOINT_SIMD"))
      trap(
        "kernels", "the environment variable ADJOINT_SIMD names no table of this processor", given: wanted,
        expected: "one of \(available)")
    }
    return table.pointee
  }()

  package static var name: String { String(cString: current.name) }

  /// Whether this table gives the same bits as every other one of which this is true.
  package static var fusesMultiplyAdd: Bool { current.fuses_multiply_add }

  /// The names of the tables that this processor can run, the portable one first.
  package static var available: [String] {
    sequence(state: 0) { index in
      defer { index += 1 }
      return adjoint_kernels_at(index).map { String(cString: $0.pointee.name) }
    }.reversed()
  }

  /// Uses the named table from now on. Not for use while other threads compute.
  package static func select(_ name: String) {
    guard let table = adjoint_kernels_named(name) else {
      trap("kernels", "no such table", given: name, expected: "one of \(available)")
    }
    current = table.pointee
  }
}
