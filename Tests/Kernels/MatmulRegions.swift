import AdjointKernels

extension Region {
  /// A region of its own that holds `elements`.
  init<Element: BitwiseCopyable>(of elements: [Element]) {
    self.init(Buffer(byteCount: elements.count * MemoryLayout<Element>.stride))
    elements.withUnsafeBytes {
      if let base = $0.baseAddress { pointer.copyMemory(from: base, byteCount: $0.count) }
    }
  }

  func elements<Element: BitwiseCopyable>(_ count: Int, as type: Element.Type) -> [Element] {
    withExtendedLifetime(buffer) {
      Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Element.self), count: count))
    }
  }

  /// A region of its own that holds `values`, converted to a type of numbers.
  init(of values: [Double], _ type: ElementType) {
    switch type {
    case .float32: self.init(of: values.map(Float.init))
    case .float64: self.init(of: values)
    case .int32: self.init(of: values.map(Int32.init))
    case .int64: self.init(of: values.map(Int64.init))
    case .uint8, .bool: self.init(of: values.map(UInt8.init))
    }
  }

  func values(_ count: Int, _ type: ElementType) -> [Double] {
    switch type {
    case .float32: elements(count, as: Float.self).map(Double.init)
    case .float64: elements(count, as: Double.self)
    case .int32: elements(count, as: Int32.self).map(Double.init)
    case .int64: elements(count, as: Int64.self).map(Double.init)
    case .uint8, .bool: elements(count, as: UInt8.self).map(Double.init)
    }
  }
}
