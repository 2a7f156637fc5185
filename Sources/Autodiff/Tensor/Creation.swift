import AdjointKernels

extension Tensor {
  /// A tensor of the given scalars in row-major order.
  ///
  /// - Parameters:
  ///   - scalars: As many numbers as the shape has elements.
  ///   - shape: The sizes of the axes, outermost first.
  ///   - dataType: The type of the elements; nil takes the scalars' own, except that `Double` gives `float32`. Of
  ///     integers, fractions are cut off.
  /// - Traps: where the number of scalars is not the shape's, or a type of integers does not hold one of them.
  public init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: Shape, dataType: DataType? = nil) {
    require(
      scalars.count == shape.elementCount, "tensor", "the number of scalars is not the shape's",
      given: "\(scalars.count) scalars for shape \(shape)", expected: "\(shape.elementCount) scalars")
    Scalar.requireForm()
    let exact = Tensor(shape, Scalar.scalarType) { buffer in
      scalars.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: buffer.pointer, count: $0.count).copyMemory(from: $0)
      }
    }
    let dataType = dataType ?? Scalar.defaultDataType
    if exact.count > 0, !dataType.isFloatingPoint, dataType.isNarrower(than: Scalar.scalarType) {
      for end in [exact.min(), exact.max()] { dataType.requireHolds(wholeOf: end.scalar(), "tensor") }
    }
    self = exact.cast(to: dataType)
  }

  /// A scalar, or a tensor of nested arrays: `Tensor(2.5)`, `Tensor([1, 2])`, `Tensor([[1, 2], [3, 4]])`.
  ///
  /// - Parameters:
  ///   - nested: A number, or arrays of numbers, nested as deep as the tensor has axes.
  ///   - dataType: The type of the elements; nil takes the numbers' own, except that `Double` gives `float32`. Of
  ///     integers, fractions are cut off.
  /// - Traps: where the arrays are ragged, or a type of integers does not hold one of the numbers.
  public init<Nested: NestedScalars>(_ nested: Nested, dataType: DataType? = nil) {
    var scalars: [Nested.Scalar] = []
    let shape = nested.nestedShape
    scalars.reserveCapacity(shape.elementCount)
    nested.appendScalars(to: &scalars)
    require(
      nested.hasShape(shape.sizes[...]), "tensor", "the nested arrays are ragged",
      given: "\(scalars.count) scalars where the first entries have shape \(shape)",
      expected: "arrays of the same length at each depth")
    self.init(scalars, shape: shape, dataType: dataType)
  }

  /// A tensor filled with one number.
  ///
  /// - Parameters:
  ///   - value: The number, converted to the data type; of integers, its fraction is cut off.
  ///   - shape: The sizes of the axes; `[]` makes a scalar.
  ///   - dataType: The type of the elements.
  /// - Traps: where a type of integers does not hold the number.
  public static func filled(with value: Double, shape: Shape, dataType: DataType = .float32) -> Tensor {
    dataType.requireHolds(wholeOf: value, "filled")
    return Tensor(shape, dataType) {
      Copy.fill(Region($0), count: shape.elementCount, type: dataType.elementType, value: value)
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dataType: DataType = .float32) -> Tensor {
    filled(with: 0, shape: shape, dataType: dataType)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dataType: DataType = .float32) -> Tensor {
    filled(with: 1, shape: shape, dataType: dataType)
  }

  /// Zeros with the shape and type of another tensor.
  public static func zeros(like other: Tensor) -> Tensor {
    zeros(other.shape, dataType: other.dataType)
  }

  /// Ones with the shape and type of another tensor.
  public static func ones(like other: Tensor) -> Tensor {
    ones(other.shape, dataType: other.dataType)
  }

  /// The whole numbers of a range, in order: `Tensor.range(2..<5)` is [2, 3, 4].
  ///
  /// - Traps: where there are too many numbers, or the type is `bool` or does not hold them.
  public static func range(_ range: Range<Int>, dataType: DataType = .int64) -> Tensor {
    dataType.requireNumbers("range")
    let (count, overflows) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    require(
      !overflows && count <= Shape.mostElements, "range", "there are too many elements", given: "\(range)",
      expected: "at most \(Shape.mostElements)")
    if dataType != .int64, let last = range.last {
      for end in [range.lowerBound, last] { dataType.requireHolds(wholeOf: Double(end), "range") }
    }
    guard let start = Double(exactly: range.lowerBound) else {
      // Beyond 2⁵³ there are integers that are no `Double`: such a start is added as it is.
      let steps = progression(from: 0, step: 1, count: count, dataType: .int64)
      return (steps + Tensor(range.lowerBound)).cast(to: dataType)
    }
    return progression(from: start, step: 1, count: count, dataType: dataType)
  }

  /// Evenly spaced numbers from a start, up to but not with an end: `start + i · step`.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: Where to stop.
  ///   - step: The distance between neighbours; not 0, finite, and toward `end`.
  ///   - dataType: The type of the elements.
  /// - Traps: where the step is 0 or not finite or leads away from the end, there are too many numbers, or the type is
  ///   `bool`, or one of integers beside a fraction or that does not hold the numbers.
  public static func range(
    from start: Double, to end: Double, by step: Double, dataType: DataType = .float32
  ) -> Tensor {
    dataType.requireNumbers("range")
    require(
      step != 0 && step.isFinite && (end - start) / step >= 0, "range", "the step does not lead to the end",
      given: "from \(start) to \(end) by \(step)", expected: "a finite step toward the end")
    require(
      dataType.isFloatingPoint || DataType.int64.holds(start) && DataType.int64.holds(step), "range",
      "the type does not hold the numbers", given: "from \(start) by \(step) in \(dataType)",
      expected: DataType.int64.numbers)
    require(
      (end - start) / step <= Double(Shape.mostElements), "range", "there are too many elements",
      given: "from \(start) to \(end) by \(step)", expected: "at most \(Shape.mostElements)")
    let count = Int(((end - start) / step).rounded(.up))
    if count > 0 {
      for number in [start, start + Double(count - 1) * step] {
        dataType.requireHolds(wholeOf: number, "range")
      }
    }
    return progression(from: start, step: step, count: count, dataType: dataType)
  }

  /// A number of evenly spaced values from a first to a last, both included exactly.
  ///
  /// - Parameters:
  ///   - first: The first number, and the only one of a single one.
  ///   - last: The last number.
  ///   - count: How many, 0 or more.
  ///   - dataType: The type of the elements; of integers, fractions are cut off.
  /// - Traps: where the count is negative, or the type is `bool` or one of integers that does not hold the numbers.
  public static func linearSpace(
    from first: Double, through last: Double, count: Int, dataType: DataType = .float32
  ) -> Tensor {
    dataType.requireNumbers("linearSpace")
    require(count >= 0, "linearSpace", "a count is negative", given: "\(count)", expected: "0 or more")
    let intervals = Double(Swift.max(1, count - 1))
    let whole = last - first
    // Two numbers may be further apart than any number is large.
    let step = whole.isInfinite ? last / intervals - first / intervals : whole / intervals
    // Each half is counted from its own end: steps from the first would miss the last by their rounding.
    let numbers = (0..<count).map {
      $0 < count - $0 ? first + Double($0) * step : last - Double(count - 1 - $0) * step
    }
    return Tensor(numbers, shape: [count], dataType: dataType)
  }

  /// The square matrix with ones on its diagonal and zeros elsewhere.
  ///
  /// - Parameters:
  ///   - size: The number of rows and of columns.
  ///   - dataType: The type of the elements.
  /// - Traps: where the size is negative, or there would be too many elements.
  public static func identity(_ size: Int, dataType: DataType = .float32) -> Tensor {
    require(size >= 0, "identity", "the size is negative", given: "\(size)", expected: "0 or more")
    let shape: Shape = [size, size]
    var scalars = [UInt8](repeating: 0, count: shape.elementCount)
    for index in 0..<size { scalars[index * (size + 1)] = 1 }
    return Tensor(scalars, shape: shape, dataType: dataType)
  }

  private static func progression(from start: Double, step: Double, count: Int, dataType: DataType) -> Tensor
  {
    Tensor([count], dataType) {
      Copy.range(into: $0, count: count, type: dataType.elementType, start: start, step: step)
    }
  }
}

/// A number, or arrays of numbers nested to any depth.
public protocol NestedScalars {
  /// The numbers at the bottom.
  associatedtype Scalar: TensorScalar
  /// How many arrays deep the numbers are, which empty arrays do not show.
  static var nestedDepth: Int { get }
  /// The shape that the first entry of each array suggests.
  var nestedShape: Shape { get }
  /// Whether every array at every depth has the length that the sizes say.
  func hasShape(_ sizes: ArraySlice<Int>) -> Bool
  /// Adds the numbers, in order, to an array.
  func appendScalars(to scalars: inout [Scalar])
}

extension NestedScalars where Self: TensorScalar, Scalar == Self {
  public static var nestedDepth: Int { 0 }
  public var nestedShape: Shape { .scalar }
  public func hasShape(_ sizes: ArraySlice<Int>) -> Bool { sizes.isEmpty }
  public func appendScalars(to scalars: inout [Self]) { scalars.append(self) }
}

extension Float: NestedScalars { public typealias Scalar = Float }
extension Double: NestedScalars { public typealias Scalar = Double }
extension Int: NestedScalars { public typealias Scalar = Int }
extension Int32: NestedScalars { public typealias Scalar = Int32 }
extension Int64: NestedScalars { public typealias Scalar = Int64 }
extension UInt8: NestedScalars { public typealias Scalar = UInt8 }
extension Bool: NestedScalars { public typealias Scalar = Bool }

extension Array: NestedScalars where Element: NestedScalars {
  public typealias Scalar = Element.Scalar

  public static var nestedDepth: Int { Element.nestedDepth + 1 }

  public var nestedShape: Shape {
    Shape(
      unchecked: [count] + (first?.nestedShape.sizes ?? Array<Int>(repeating: 0, count: Element.nestedDepth)))
  }

  public func hasShape(_ sizes: ArraySlice<Int>) -> Bool {
    sizes.first == count && allSatisfy { $0.hasShape(sizes.dropFirst()) }
  }

  public func appendScalars(to scalars: inout [Element.Scalar]) {
    for element in self { element.appendScalars(to: &scalars) }
  }
}
