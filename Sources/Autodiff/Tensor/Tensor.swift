import AdjointKernels

/// An array of numbers with a shape, and, where gradients are wanted, a place in a graph.
///
/// A tensor is a value: assigning it copies nothing until one of the copies changes. Operators are methods and
/// the standard operators; each returns a new tensor and, where an operand has a gradient, records how to pass
/// gradients back.
///
/// ```swift
/// let x = Tensor([[1, 2], [3, 4]], dataType: .float32).withGradient()
/// let loss = (x * x).sum()
/// loss.backward()
/// x.gradient  // [[2, 4], [6, 8]]
/// ```
public struct Tensor: Sendable {
  package private(set) var region: Region
  /// The size of each axis, outermost first.
  public private(set) var shape: Shape
  private var layout: Layout
  /// The type of the elements.
  public private(set) var dataType: DataType
  private var origin: Origin

  package init(region: Region, shape: Shape, strides: [Int]? = nil, dataType: DataType, node: Node? = nil) {
    self.region = region
    self.shape = shape
    layout = Layout(strides: strides)
    self.dataType = dataType
    origin = Origin(node: node)
  }

  // These two have types of their own because an optional in a structure is copied and destroyed through the
  // description of its type, which takes longer than all else that happens to a tensor on its way.
  private struct Layout: Sendable {
    var strides: [Int]?
  }

  private struct Origin: Sendable {
    var node: Node?
  }

  /// Distances between neighbours along each axis in elements; nil where the elements lie in row-major order
  /// without gaps.
  package var strides: [Int]? { layout.strides }

  /// The operator that gave this value, if it was recorded, or the leaf that collects its gradient.
  package var node: Node? {
    get { origin.node }
    set { origin.node = newValue }
  }

  /// A contiguous tensor whose elements `fill` writes.
  package init(_ shape: Shape, _ dataType: DataType, fill: (Buffer) -> Void) {
    let buffer = Buffer(byteCount: shape.elementCount * dataType.byteCount)
    fill(buffer)
    self.init(region: Region(buffer), shape: shape, dataType: dataType)
  }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// Whether the elements lie in row-major order without gaps.
  package var isContiguous: Bool { strides == nil }

  package var effectiveStrides: [Int] { strides ?? shape.contiguousStrides }

  /// The same value outside any graph: no gradient passes through it.
  public consuming func detached() -> Tensor {
    var result = self
    result.node = nil
    return result
  }

  /// The same elements in row-major order without gaps, copied only if they are not so already; not recorded.
  package func contiguous() -> Tensor {
    guard let strides else { return detached() }
    return Tensor(shape, dataType) {
      Copy.gather(
        from: region, strides: strides, sizes: shape.sizes, into: $0, elementByteCount: dataType.byteCount)
    }
  }

  /// A view of the same memory, not recorded. Strides that describe row-major order are dropped.
  package func view(shape: Shape, strides: [Int]?, offset: Int = 0) -> Tensor {
    let isRowMajor = strides.map { Self.isRowMajor($0, shape.sizes) } ?? true
    return Tensor(
      region: Region(region.buffer, byteOffset: region.byteOffset + offset * dataType.byteCount),
      shape: shape, strides: isRowMajor ? nil : strides, dataType: dataType)
  }

  private static func isRowMajor(_ strides: [Int], _ sizes: [Int]) -> Bool {
    var expected = 1
    for axis in sizes.indices.reversed() where sizes[axis] != 1 {
      if sizes[axis] == 0 { return true }
      if strides[axis] != expected { return false }
      expected *= sizes[axis]
    }
    return true
  }

  /// Whether this tensor's memory may be written in place: nobody else holds it and no graph depends on it.
  package mutating func isUniquelyHeld() -> Bool {
    node == nil && region.isUniquelyHeld()
  }

  /// Whether a kernel may write a result of this shape and type to this tensor's memory, and only there.
  mutating func mayBeOverwritten() -> Bool {
    isContiguous && region.byteOffset == 0 && isUniquelyHeld()
  }

  /// Makes this tensor contiguous and the only holder of its memory, copying if it must, so that kernels may
  /// write to it.
  package mutating func makeWritable() {
    if !isUniquelyHeld() || !isContiguous { self = copied() }
  }
}
