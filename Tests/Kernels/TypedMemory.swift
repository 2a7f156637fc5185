import AdjointKernels
import Testing

extension Region {
  /// A copy of the elements, some of them into its buffer as a view of a tensor is.
  init<Element>(of elements: [Element]) {
    let offset = 3 * MemoryLayout<Element>.stride
    self.init(Buffer(byteCount: offset + elements.count * MemoryLayout<Element>.stride), byteOffset: offset)
    elements.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(start: pointer, count: bytes.count).copyMemory(from: bytes)
    }
  }

  /// A copy of the values in elements of a type.
  init(_ values: [Double], _ type: ElementType) {
    switch type {
    case .float32: self.init(of: values.map(Float.init))
    case .float64: self.init(of: values)
    case .int32: self.init(of: values.map(Int32.init))
    case .int64: self.init(of: values.map(Int64.init))
    case .uint8, .bool: self.init(of: values.map(UInt8.init))
    }
  }

  /// The first elements.
  func array<Element>(of type: Element.Type, count: Int) -> [Element] {
    withExtendedLifetime(buffer) {
      Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: type), count: count))
    }
  }

  /// The first elements; every value of these types but a large int64 is a double.
  func doubles(_ count: Int, _ type: ElementType) -> [Double] {
    switch type {
    case .float32: array(of: Float.self, count: count).map(Double.init)
    case .float64: array(of: Double.self, count: count)
    case .int32: array(of: Int32.self, count: count).map(Double.init)
    case .int64: array(of: Int64.self, count: count).map(Double.init)
    case .uint8, .bool: array(of: UInt8.self, count: count).map(Double.init)
    }
  }
}

extension Buffer {
  func array<Element>(of type: Element.Type, count: Int) -> [Element] {
    Region(self).array(of: type, count: count)
  }

  func doubles(_ count: Int, _ type: ElementType) -> [Double] { Region(self).doubles(count, type) }
}

/// The reals, and what tests need to treat them alike.
protocol TestedReal: BinaryFloatingPoint & Sendable {
  static var elementType: ElementType { get }
}
extension Float: TestedReal {
  static var elementType: ElementType { .float32 }
}
extension Double: TestedReal {
  static var elementType: ElementType { .float64 }
}
