/// The graph behind tensors, to look at: what was recorded on the way to them.
///
/// ```swift
/// let x = Tensor([1.0, 2]).withGradient()
/// for operation in (x * x).sum().recordedGraph.operations {
///   print(operation.index, operation.name, operation.shape, operation.inputs)
/// }
/// // 0 leaf [2] []
/// // 1 multiply [2] [0, 0]
/// // 2 sum [] [1]
/// ```
///
/// It is a copy of names and shapes, and keeps no tensor alive. Operands that want no gradient are not recorded,
/// and so are not in it. A pass back lets go of what lies behind a tensor, unless it retains the graph: look
/// before it.
public struct RecordedGraph: Sendable {
  /// An operator that was applied, or a leaf.
  public struct Operation: Sendable, Hashable {
    /// Its place in the graph's list.
    public let index: Int
    /// The operator's name; `leaf` for a leaf.
    public let name: String
    /// The shape of what it gave.
    public let shape: Shape
    /// The type of what it gave.
    public let dataType: DataType
    /// The dotted path of the layer that applied it, where the layers of a module were being observed.
    public let layerPath: String?
    /// Which operations gave its operands, in their order; one that is used twice is there twice.
    public let inputs: [Int]
    /// Whether gradients end here: a parameter, or a tensor made by ``Tensor/withGradient()``.
    public let isLeaf: Bool
    /// The parameter's name, where this is the leaf of one.
    public let parameterName: String?
  }

  /// Everything recorded, in the order in which it was made: operands before what was computed of them.
  public let operations: [Operation]
  /// Which operations gave the tensors that the graph was asked for, without those that are not recorded.
  public let outputs: [Int]

  /// The graph behind tensors.
  public init(of tensors: Tensor...) {
    self.init(of: tensors)
  }

  /// The graph behind tensors.
  public init(of tensors: [Tensor]) {
    let roots = tensors.compactMap(\.node)
    let nodes = Node.behind(roots)
    let indices = Dictionary(
      uniqueKeysWithValues: nodes.enumerated().map { (ObjectIdentifier($0.element), $0.offset) })
    operations = nodes.enumerated().map { index, node in
      let inputs = node.sources.map { indices[ObjectIdentifier($0)]! }
      return Operation(
        index: index, name: node.name, shape: node.shape, dataType: node.dataType, layerPath: node.layerPath,
        inputs: inputs, isLeaf: node is Leaf, parameterName: (node as? Leaf)?.label)
    }
    outputs = roots.map { indices[ObjectIdentifier($0)]! }
  }
}

extension Tensor {
  /// The graph behind this tensor; empty where it is not recorded.
  public var recordedGraph: RecordedGraph { RecordedGraph(of: self) }
}
