import CAdjointKernels

/// The kernels of families that have them by element type.
extension ElementType {
  func kernels<Kernels>(of table: TableOfAllTypes<Kernels>) -> Kernels {
    switch self {
    case .float32: table.0!.pointee
    case .float64: table.1!.pointee
    case .int32: table.2!.pointee
    case .int64: table.3!.pointee
    case .uint8: table.4!.pointee
    case .bool: table.5!.pointee
    }
  }

  func kernels<Kernels>(of table: TableOfRealTypes<Kernels>) -> Kernels {
    kernel(of: table).pointee
  }

  func kernel<Kernel>(of table: (Kernel?, Kernel?)) -> Kernel {
    switch self {
    case .float32: table.0!
    case .float64: table.1!
    default: preconditionFailure("no kernel for \(self): real numbers only")
    }
  }
}

typealias TableOfAllTypes<Kernels> = (
  UnsafePointer<Kernels>?, UnsafePointer<Kernels>?, UnsafePointer<Kernels>?,
  UnsafePointer<Kernels>?, UnsafePointer<Kernels>?, UnsafePointer<Kernels>?
)

typealias TableOfRealTypes<Kernels> = (UnsafePointer<Kernels>?, UnsafePointer<Kernels>?)
