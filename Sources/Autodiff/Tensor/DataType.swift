import AdjointKernels

/// The type of a tensor's elements.
///
/// Types never promote silently: two tensors of different types trap, and ``Tensor/cast(to:)`` converts.
public enum DataType: UInt8, Sendable, Hashable, CaseIterable {
  /// IEEE 754 single precision; what networks compute in, and the default.
  case float32
  /// IEEE 754 double precision; what gradients are checked in.
  case float64
  /// Signed 32-bit integers, which wrap on overflow.
  case int32
  /// Signed 64-bit integers, which wrap on overflow: labels and indices.
  case int64
  /// Unsigned 8-bit integers, which wrap on overflow: pixels.
  case uint8
  /// True or false: masks.
  case bool

  /// Whether values have fractions, and so whether gradients exist.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Bytes an element takes.
  public var byteCount: Int { elementType.byteCount }

  /// Whether a number is one of the type's; floating-point types round, and so take all.
  func holds(_ number: Double) -> Bool {
    switch self {
    case .float32, .float64: true
    case .int32: Int32(exactly: number) != nil
    case .int64: Int64(exactly: number) != nil
    case .uint8: UInt8(exactly: number) != nil
    case .bool: number == 0 || number == 1
    }
  }

  /// The numbers that the type holds, as messages call them.
  var numbers: String {
    switch self {
    case .float32, .float64: "any number"
    case .int32: "a whole number in \(Int32.min)...\(Int32.max)"
    case .int64: "a whole number in \(Int64.min)...\(Int64.max)"
    case .uint8: "a whole number in \(UInt8.min)...\(UInt8.max)"
    case .bool: "0 or 1"
    }
  }

  /// Whether numbers lose less on the way to another type than on the way back.
  func isNarrower(than other: DataType) -> Bool {
    let ascending: [DataType] = [.bool, .uint8, .int32, .int64, .float32, .float64]
    return ascending.firstIndex(of: self)! < ascending.firstIndex(of: other)!
  }

  /// Traps where there are no gradients.
  func requireGradients(_ name: @autoclosure () -> String) {
    require(
      isFloatingPoint, name(), "the type has no gradients", given: "\(self)", expected: "float32 or float64",
      hint: "cast(to: .float32) converts")
  }

  /// Traps where there is no arithmetic.
  func requireNumbers(_ name: @autoclosure () -> String) {
    require(
      self != .bool, name(), "truth values are not numbers", given: "bool", expected: "a type of numbers",
      hint: "cast(to: .int64) makes 0 and 1 of them; any, all and the logical operators take them as they are"
    )
  }

  /// Traps where a number, without its fraction, is none of the type's; `bool` takes all, as false or true.
  func requireHolds(wholeOf number: Double, _ name: @autoclosure () -> String) {
    require(
      self == .bool || holds(number.rounded(.towardZero)), name(), "the type does not hold the number",
      given: "\(number) for \(self)", expected: numbers,
      hint: "make it float64 or int64; cast(to: .\(self)) then takes what it can")
  }

  /// Traps where there are no matrix products.
  func requireMatrixProducts(_ name: @autoclosure () -> String) {
    require(
      self != .uint8 && self != .bool, name(), "the type has no matrix product", given: "\(self)",
      expected: "float32, float64, int32 or int64", hint: "cast(to: .int32) holds the products and their sums"
    )
  }

  package var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .bool: .bool
    }
  }
}

extension DataType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }
}
