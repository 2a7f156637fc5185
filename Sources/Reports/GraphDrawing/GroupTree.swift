/// Nodes in nested groups, each a run of successive nodes of one layer.
///
/// Since a run is of successive nodes, and edges lead from earlier to later nodes, no two groups can each lead to
/// the other: a group can be placed as if it were a node.
struct GroupTree {
  enum Member: Hashable {
    case node(Int)
    case group(Int)
  }

  struct Group {
    /// The dotted path; empty for the whole.
    let path: String
    /// The group around it; nil for the whole.
    let parent: Int?
    var members: [Member] = []
  }

  /// The whole first, and every group before those within it.
  private(set) var groups = [Group(path: "", parent: nil)]
  /// The innermost group of each node.
  private(set) var groupOfNode: [Int] = []

  /// Groups for nodes in their order, and then some that belong to no layer.
  init(layerPaths: [String?], countAfter: Int) {
    var open: [(name: Substring, group: Int)] = []
    for (node, names) in Self.completed(layerPaths).enumerated() {
      let kept = zip(open, names).prefix { $0.name == $1 }.count
      open.removeLast(open.count - kept)
      for depth in kept..<names.count {
        let parent = open.last?.group ?? 0
        groups.append(Group(path: names[...depth].joined(separator: "."), parent: parent))
        groups[parent].members.append(.group(groups.count - 1))
        open.append((names[depth], groups.count - 1))
      }
      add(node, to: open.last?.group ?? 0)
    }
    for node in layerPaths.count..<layerPaths.count + countAfter { add(node, to: 0) }
  }

  /// The name of a parameter without the part that says that it belongs to the layer of a node.
  ///
  /// The name may begin with more than the layer's path: where a part of a model was observed, it says where in the
  /// model that part is.
  func shortName(_ name: String, at node: Int) -> String {
    let dotted = ".\(name)"
    let layer = dotted.ranges(of: ".\(groups[groupOfNode[node]].path).").last
    return layer.map { String(dotted[$0.upperBound...]) } ?? name
  }

  private mutating func add(_ node: Int, to group: Int) {
    groups[group].members.append(.node(node))
    groupOfNode.append(group)
  }

  /// The names that each path consists of; what has no path is within all that its neighbours are both within.
  private static func completed(_ paths: [String?]) -> [[Substring]] {
    var names = paths.map { $0?.split(separator: ".") }
    let known = names.indices.filter { names[$0] != nil }
    for (before, after) in zip(known, known.dropFirst()) where after > before + 1 {
      let common = zip(names[before]!, names[after]!).prefix { $0 == $1 }.map(\.0)
      for node in before + 1..<after { names[node] = common }
    }
    return names.map { $0 ?? [] }
  }
}
