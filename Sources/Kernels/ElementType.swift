import CAdjointKernels

/// The type of a buffer's elements, numbered as in the kernels' tables.
package enum ElementType: UInt8, Sendable, CaseIterable {
  case float32 = 0
  case float64 = 1
  case int32 = 2
  case int64 = 3
  case uint8 = 4
  case bool = 5

  package var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .uint8, .bool: 1
    }
  }

  package var index: Int { Int(rawValue) }
}
