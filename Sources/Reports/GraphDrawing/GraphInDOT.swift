/// Writes a graph in the language of Graphviz.
struct GraphInDOT {
  private let scene: GraphScene

  init(_ scene: GraphScene) {
    self.scene = scene
  }

  var document: String {
    let lines = declarations + scene.edges.map(edge) + scene.nodes.indices.flatMap(parameterEdges)
    return """
      digraph {
        rankdir=TB
        fontname="Helvetica"
        node [fontname="Helvetica", fontsize=11, shape=box, style="rounded,filled", fillcolor="#dbe9f6"]
        edge [fontname="Helvetica", fontsize=10, color="#666666", fontcolor="#444444", arrowsize=0.7]
      \(lines.joined(separator: "\n"))
      }

      """
  }

  /// Clusters with the nodes in them. Every group ends right after its last member, which need not be a node.
  private var declarations: [String] {
    var lines: [String] = []
    var pending: [(group: Int, depth: Int, next: Int)] = [(0, 1, 0)]
    while let (group, depth, next) = pending.popLast() {
      let members = scene.groups.groups[group].members
      let indentation = String(repeating: "  ", count: depth)
      guard next < members.count else {
        if group > 0 { lines.append(String(indentation.dropLast(2)) + "}") }
        continue
      }
      pending.append((group, depth, next + 1))
      switch members[next] {
      case .node(let node):
        lines += declaration(of: node).map { indentation + $0 }
      case .group(let inner):
        let path = Self.quoted(scene.groups.groups[inner].path)
        lines.append("\(indentation)subgraph cluster\(inner) {")
        lines.append("\(indentation)  label=\(path); labeljust=l; style=rounded; color=\"#aaaaaa\"")
        pending.append((inner, depth + 1, 0))
      }
    }
    return lines
  }

  private func declaration(of index: Int) -> [String] {
    let node = scene.nodes[index]
    let style =
      switch node.kind {
      case .operation: ""
      case .leaf: ", fillcolor=\"#dcefdc\""
      case .output: ", shape=plain, style=\"\""
      }
    return ["n\(index) [label=\(Self.quoted(node.title))\(style)]"]
      + node.parameters.enumerated().map { position, parameter in
        let label = Self.quoted("\(parameter.name) \(parameter.shape)")
        return "n\(index)p\(position) [label=\(label), fontsize=10, fillcolor=\"#fdf0d5\"]"
      }
  }

  private func edge(_ edge: GraphScene.Edge) -> String {
    "  n\(edge.from) -> n\(edge.to) [label=\(Self.quoted(" " + scene.nodes[edge.from].shape))]"
  }

  private func parameterEdges(_ index: Int) -> [String] {
    scene.nodes[index].parameters.indices.map { "  n\(index)p\($0) -> n\(index) [style=dashed]" }
  }

  /// A label that shows a text as it is. Graphviz reads entities in labels, and writes what else is in them into
  /// its own XML.
  private static func quoted(_ text: String) -> String {
    var quoted = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "&": quoted += "&amp;"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(SVG.allowed(scalar))
      }
    }
    return "\"\(quoted)\""
  }
}
