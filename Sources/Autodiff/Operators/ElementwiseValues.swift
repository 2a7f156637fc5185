import AdjointKernels

// Values of elementwise operators, without their rules: what checks the operands and calls the kernels.
extension Tensor {
  /// f(x) for each element.
  static func unary(
    _ operation: UnaryOperation, _ x: Tensor, _ name: @autoclosure () -> String,
    _ parameters: (Double, Double) = (0, 0)
  ) -> Tensor {
    x.dataType.requireNumbers(name())
    guard x.isContiguous else { return unary(operation, x.contiguous(), name(), parameters) }
    return Tensor(x.shape, x.dataType) {
      Elementwise.unary(
        operation, x.region, into: $0, count: x.count, type: x.dataType.elementType,
        parameters: parameters)
    }
  }

  /// f(x) for each element of a floating-point tensor.
  static func realUnary(
    _ operation: UnaryOperation, _ x: Tensor, _ name: @autoclosure () -> String,
    _ parameters: (Double, Double) = (0, 0)
  ) -> Tensor {
    x.requireFloatingPoint(name())
    return unary(operation, x, name(), parameters)
  }

  /// f(x, y) for each pair of elements, broadcast; of truth values, what is logical.
  static func binary(
    _ operation: BinaryOperation, _ x: Tensor, _ y: Tensor, _ name: @autoclosure () -> String,
    _ parameters: (Double, Double) = (0, 0)
  ) -> Tensor {
    requireSameType(x, y, name())
    if x.dataType == .bool, operation != .and, operation != .or { x.dataType.requireNumbers(name()) }
    if x.shape == y.shape, x.isContiguous, y.isContiguous {
      return Tensor(x.shape, x.dataType) {
        Elementwise.binary(
          operation, x.region, y.region, into: $0, count: x.count, type: x.dataType.elementType,
          parameters: parameters)
      }
    }
    let shape = x.shape.broadcast(with: y.shape, name())
    return Tensor(shape, x.dataType) {
      Elementwise.binary(
        operation, x.region, xStrides: x.shape.broadcastStrides(x.effectiveStrides, to: shape),
        y.region, yStrides: y.shape.broadcastStrides(y.effectiveStrides, to: shape), sizes: shape.sizes,
        into: $0, type: x.dataType.elementType, parameters: parameters)
    }
  }

  /// f(x, y) for each pair of elements, broadcast; in the memory of y where it has the result's shape and nobody else
  /// holds it.
  static func binary(
    _ operation: BinaryOperation, _ x: Tensor, overwriting y: consuming Tensor,
    _ name: @autoclosure () -> String, _ parameters: (Double, Double) = (0, 0)
  ) -> Tensor {
    requireSameType(x, y, name())
    guard x.shape == y.shape, x.isContiguous, y.mayBeOverwritten() else {
      return binary(operation, x, y, name(), parameters)
    }
    Elementwise.binary(
      operation, x.region, y.region, into: y.region.buffer, count: y.count, type: y.dataType.elementType,
      parameters: parameters)
    return y
  }

  /// f(x, number) for each element.
  static func binary(_ operation: BinaryOperation, _ x: Tensor, _ number: Double) -> Tensor {
    x.dataType.requireNumbers("\(operation)")
    x.requireHolds(number, "\(operation)")
    guard x.isContiguous else { return binary(operation, x.contiguous(), number) }
    return Tensor(x.shape, x.dataType) {
      Elementwise.binary(
        operation, x.region, number, into: $0, count: x.count, type: x.dataType.elementType)
    }
  }

  /// f(number, x) for each element.
  static func binary(_ operation: BinaryOperation, _ number: Double, _ x: Tensor) -> Tensor {
    x.dataType.requireNumbers("\(operation)")
    x.requireHolds(number, "\(operation)")
    guard x.isContiguous else { return binary(operation, number, x.contiguous()) }
    return Tensor(x.shape, x.dataType) {
      Elementwise.binary(
        operation, number, x.region, into: $0, count: x.count, type: x.dataType.elementType)
    }
  }

  static func requireSameType(_ x: Tensor, _ y: Tensor, _ name: @autoclosure () -> String) {
    require(
      x.dataType == y.dataType, name(), "the types differ", given: "\(x.dataType) and \(y.dataType)",
      expected: "one type",
      hint: x.dataType.isNarrower(than: y.dataType)
        ? "cast(to: .\(y.dataType)) converts the first" : "cast(to: .\(x.dataType)) converts the second")
  }

  func requireFloatingPoint(_ name: @autoclosure () -> String) {
    require(
      dataType.isFloatingPoint, name(), "the type is not a floating-point one", given: "\(dataType)",
      expected: "float32 or float64", hint: "cast(to: .float32) converts")
  }

  /// Traps where a number written beside this tensor is none of the type's.
  func requireHolds(_ number: Double, _ name: @autoclosure () -> String) {
    require(
      dataType.holds(number), name(), "the type does not hold the number",
      given: "\(number) beside \(dataType)", expected: dataType.numbers,
      hint: "cast(to: .\(DataType.int64.holds(number) ? "int64" : "float32")) converts the tensor")
  }
}
