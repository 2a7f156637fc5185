import AdjointAutodiff

/// The element types that can be read, in the format's own words and in its order: later ones are stored first.
///
/// Elements are taken from files, and put there, as they lie in memory: the format is little-endian, and so are the
/// processors that Swift is released for.
enum SafetensorsType: String, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case float64 = "F64"
  case int64 = "I64"

  init(_ dataType: DataType) {
    self =
      switch dataType {
      case .float32: .float32
      case .float64: .float64
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .bool: .bool
      }
  }

  /// The place in the format's order.
  var order: Int { Self.allCases.firstIndex(of: self)! }

  /// Bytes an element takes.
  var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64: 8
    }
  }

  /// A tensor of stored elements; nil where they are no values of the type.
  func tensor(_ shape: Shape, from bytes: ArraySlice<UInt8>) -> Tensor? {
    switch self {
    case .bool: bytes.allSatisfy { $0 <= 1 } ? copy(bytes, shape, .bool) : nil
    case .uint8: copy(bytes, shape, .uint8)
    case .int32: copy(bytes, shape, .int32)
    case .int64: copy(bytes, shape, .int64)
    case .float32: copy(bytes, shape, .float32)
    case .float64: copy(bytes, shape, .float64)
    case .int8: Tensor(elements(Int8.self, bytes).map(Int32.init), shape: shape)
    case .int16: Tensor(elements(Int16.self, bytes).map(Int32.init), shape: shape)
    case .uint16: Tensor(elements(UInt16.self, bytes).map(Int32.init), shape: shape)
    case .uint32: Tensor(elements(UInt32.self, bytes).map(Int64.init), shape: shape)
    case .float16: Tensor(elements(UInt16.self, bytes).map(Float.init(halfBits:)), shape: shape)
    case .bfloat16:
      Tensor(elements(UInt16.self, bytes).map { Float(bitPattern: UInt32($0) << 16) }, shape: shape)
    }
  }

  /// Appends a tensor's elements as they are stored.
  func append(_ tensor: Tensor, to bytes: inout [UInt8]) {
    let source = tensor.contiguous()
    defer { withExtendedLifetime(source) {} }
    bytes += UnsafeRawBufferPointer(start: source.region.pointer, count: source.count * byteCount)
  }

  private func copy(_ bytes: ArraySlice<UInt8>, _ shape: Shape, _ dataType: DataType) -> Tensor {
    Tensor(shape, dataType) { buffer in
      bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: buffer.pointer, count: $0.count).copyMemory(from: $0)
      }
    }
  }

  private func elements<Element: FixedWidthInteger>(
    _ type: Element.Type, _ bytes: ArraySlice<UInt8>
  ) -> [Element] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / byteCount).map { bytes.loadUnaligned(fromByteOffset: $0 * byteCount, as: type) }
    }
  }
}

extension Float {
  /// The number that 16 bits stand for: a sign, 5 bits of exponent and 10 of significand (IEEE 754 binary16).
  init(halfBits bits: UInt16) {
    let (exponent, significand) = (UInt32(bits >> 10 & 0x1f), UInt32(bits & 0x3ff))
    let magnitude: Float =
      switch exponent {
      case 0: Float(significand) * 0x1p-24
      case 31: Float(bitPattern: 0x7f80_0000 | significand << 13)
      default: Float(bitPattern: (exponent + 112) << 23 | significand << 13)
      }
    self = Float(bitPattern: magnitude.bitPattern | UInt32(bits & 0x8000) << 16)
  }
}
