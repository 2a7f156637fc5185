import AdjointKernels

/// The sizes of a tensor's axes, outermost first. A scalar has none.
public struct Shape: Sendable, Hashable {
  /// The size of each axis.
  public let sizes: [Int]

  /// A shape of the given sizes, none of which may be negative.
  public init(_ sizes: [Int]) {
    require(
      sizes.allSatisfy { $0 >= 0 }, "shape", "a size is negative", given: "\(sizes)",
      expected: "sizes of 0 or more")
    self.sizes = sizes
  }

  init(unchecked sizes: [Int]) {
    self.sizes = sizes
  }

  /// The shape of a single number.
  public static let scalar = Shape(unchecked: [])

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The number of elements: the product of the sizes, 1 for a scalar.
  public var elementCount: Int {
    guard let count = Self.elementCount(of: sizes) else { failCount() }
    return count
  }

  /// Of more elements not even the bytes could be counted, rounded up as memory is.
  package static let mostElements = Int.max / 16

  /// Whether elements and strides are no more than can be counted.
  var isCountable: Bool { Self.elementCount(of: sizes) != nil }

  /// The number of elements for sizes of 0 or more; nil where elements or strides are more than can be counted.
  ///
  /// A size of 0 hides no others: of these the strides are made.
  package static func elementCount(of sizes: [Int]) -> Int? {
    var (count, isEmpty) = (1, false)
    for size in sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: Swift.max(size, 1))
      if overflows || product > mostElements { return nil }
      count = product
      if size == 0 { isEmpty = true }
    }
    return isEmpty ? 0 : count
  }

  private func failCount() -> Never {
    Failure(
      "shape", "there are too many elements", given: "\(self)", expected: "at most \(Self.mostElements)"
    ).trap()
  }

  /// The distance between neighbours along each axis of a row-major array of this shape, in elements.
  package var contiguousStrides: [Int] { Copy.contiguousStrides(of: sizes) }

  /// `axis` counted from the front: -1 is the last. Traps where the shape has no such axis.
  package func resolve(axis: Int, _ operation: @autoclosure () -> String) -> Int {
    require(
      axis >= -rank && axis < rank, operation(), "no such axis", given: "axis \(axis) of shape \(self)",
      expected: rank == 0 ? "no axis: the tensor is a scalar" : "an axis in \(-rank)...\(rank - 1)")
    return axis < 0 ? axis + rank : axis
  }

  /// The place for a new axis, counted from the front; -1 is the end.
  func resolve(
    place: Int, of shapes: @autoclosure () -> String = "shape", _ operation: @autoclosure () -> String
  ) -> Int {
    require(
      place >= -rank - 1 && place <= rank, operation(), "no such place",
      given: "axis \(place) of \(shapes()) \(self)", expected: "a place in \(-rank - 1)...\(rank)")
    return place < 0 ? place + rank + 1 : place
  }

  /// The given axes counted from the front, in ascending order; all of them for nil.
  package func resolve(axes: [Int]?, _ operation: @autoclosure () -> String) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let resolved = axes.map { resolve(axis: $0, operation()) }.sorted()
    require(
      zip(resolved, resolved.dropFirst()).allSatisfy { $0 != $1 }, operation(), "an axis is named twice",
      given: "axes \(axes) of shape \(self)", expected: "distinct axes")
    return resolved
  }

  /// The number of elements along axes, counted from the front, at each place in the others.
  func count(over axes: [Int]) -> Int { axes.reduce(1) { $0 * sizes[$1] } }

  /// This shape with the size of one axis replaced.
  package func replacing(axis: Int, with size: Int) -> Shape {
    var sizes = sizes
    sizes[axis] = size
    return Shape(unchecked: sizes)
  }
}

extension Shape: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { sizes.count }

  /// The size of an axis counted from the front.
  public subscript(axis: Int) -> Int {
    require(
      sizes.indices.contains(axis), "shape", "no such axis", given: "axis \(axis) of shape \(self)",
      expected: "an axis below \(rank)")
    return sizes[axis]
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// A shape of the given sizes.
  public init(arrayLiteral sizes: Int...) {
    self.init(sizes)
  }

  public var description: String { sizes.description }
}
