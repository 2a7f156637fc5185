import AdjointKernels

/// A Swift number that a tensor can hold, in memory of the same form.
public protocol TensorScalar: Sendable {
  /// The type of tensor elements that hold exactly these numbers.
  static var scalarType: DataType { get }
  /// The type of tensor that arrays of these numbers make when none is named.
  static var defaultDataType: DataType { get }
}

extension TensorScalar {
  public static var defaultDataType: DataType { scalarType }

  /// Traps where a conforming type's numbers do not take as much memory as the elements they are said to be.
  static func requireForm() {
    require(
      MemoryLayout<Self>.size == scalarType.byteCount && MemoryLayout<Self>.stride == scalarType.byteCount,
      "tensor", "a scalar does not have the form of its elements",
      given: "\(Self.self) of \(MemoryLayout<Self>.stride) bytes for \(scalarType)",
      expected: "\(scalarType.byteCount) bytes")
  }
}

extension Float: TensorScalar {
  public static var scalarType: DataType { .float32 }
}

extension Double: TensorScalar {
  public static var scalarType: DataType { .float64 }
  /// float32: a literal such as `[1.5, 2]` is an array of `Double` in Swift, and networks compute in float32.
  public static var defaultDataType: DataType { .float32 }
}

extension Int: TensorScalar {
  public static var scalarType: DataType { .int64 }
}

extension Int64: TensorScalar {
  public static var scalarType: DataType { .int64 }
}

extension Int32: TensorScalar {
  public static var scalarType: DataType { .int32 }
}

extension UInt8: TensorScalar {
  public static var scalarType: DataType { .uint8 }
}

extension Bool: TensorScalar {
  public static var scalarType: DataType { .bool }
}

extension Tensor {
  /// The elements in row-major order, converted to the given Swift type.
  ///
  /// ```swift
  /// Tensor([[1, 2], [3, 4]]).scalars(as: Int.self)  // [1, 2, 3, 4]
  /// ```
  ///
  /// - Parameter type: What to convert to; fractions are cut off toward zero where it has none.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    Scalar.requireForm()
    let source = detached().cast(to: Scalar.scalarType).contiguous()
    defer { withExtendedLifetime(source) {} }
    let start = source.region.pointer.assumingMemoryBound(to: Scalar.self)
    return Array(UnsafeBufferPointer(start: start, count: source.count))
  }

  /// The one element of a tensor that has a single one, converted to the given Swift type.
  ///
  /// - Traps: where the tensor has no element or several.
  public func scalar<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> Scalar {
    require(
      count == 1, "scalar", "not a single element", given: "shape \(shape)", expected: "one element",
      hint: "reduce it first, with sum() or mean(), or read all with scalars(as:)")
    return scalars(as: type)[0]
  }
}
