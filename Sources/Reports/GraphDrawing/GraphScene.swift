import AdjointAutodiff

/// What a drawing of a graph shows, before anything has a place.
struct GraphScene {
  struct Node {
    enum Kind: Hashable { case operation, leaf, output }

    let kind: Kind
    let title: String
    /// What the edges that leave it say.
    let shape: String
    var parameters: [(name: String, shape: String)] = []
  }

  struct Edge: Hashable {
    let from: Int
    let to: Int
  }

  /// In an order in which edges lead from earlier to later ones.
  private(set) var nodes: [Node] = []
  /// Each once, also where an operand is used twice.
  private(set) var edges: [Edge] = []
  let groups: GroupTree

  init(_ graph: RecordedGraph) {
    let operations = graph.operations
    let isParameter = operations.map { $0.parameterName != nil }
    let shown = operations.filter { !isParameter[$0.index] }
    var places = [Int](repeating: 0, count: operations.count)
    for (place, operation) in shown.enumerated() { places[operation.index] = place }
    groups = GroupTree(
      layerPaths: shown.map(\.layerPath), countAfter: graph.outputs.count { !isParameter[$0] })
    for operation in shown {
      var node = Node(
        kind: operation.isLeaf ? .leaf : .operation, title: operation.name, shape: Self.text(operation))
      let place = nodes.count
      for input in Self.distinct(operation.inputs) {
        if isParameter[input] {
          let name = groups.shortName(operations[input].parameterName!, at: place)
          node.parameters.append((name, Self.text(operations[input])))
        } else {
          edges.append(Edge(from: places[input], to: place))
        }
      }
      nodes.append(node)
    }
    for output in graph.outputs where !isParameter[output] {
      edges.append(Edge(from: places[output], to: nodes.count))
      nodes.append(Node(kind: .output, title: "output", shape: ""))
    }
  }

  private static func distinct(_ inputs: [Int]) -> [Int] {
    var seen: Set<Int> = []
    return inputs.filter { seen.insert($0).inserted }
  }

  /// The shape, and the type where it is not the usual one.
  private static func text(_ operation: RecordedGraph.Operation) -> String {
    let shape = operation.shape.rank == 0 ? "scalar" : "\(operation.shape)"
    return operation.dataType == .float32 ? shape : "\(operation.dataType) \(shape)"
  }
}
