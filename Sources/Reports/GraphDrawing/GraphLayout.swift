/// Where everything of a drawing of a graph is: each group is laid out by itself, and is then one thing in the
/// layout of the group around it.
struct GraphLayout {
  struct Frame {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  /// The line of an edge, but for what it shares with an edge before it: edges that leave a node, or that enter
  /// one, are drawn as one line for as long as they lead the same way.
  struct Route {
    /// From top to bottom.
    var points: [Point] = []
    /// Whether it comes from the edge's first node, rather than from a line that does.
    let hasStart: Bool
    /// Whether it leads to the edge's last node, rather than to a line that does.
    let hasEnd: Bool
  }

  static let parameterHeight = 22.0
  static let parameterGap = 5.0
  static let parameterDistance = 24.0
  private static let labelHeight = 20.0
  private static let padding = 14.0
  private static let titleHeight = 26.0

  private(set) var nodeFrames: [Frame]
  /// Of each group; that of the whole is the page.
  private(set) var groupFrames: [Frame]
  /// Of each edge.
  private(set) var routes: [Route]

  private let scene: GraphScene
  /// What the line of each edge is a part of.
  private let stems: [LayeredLayout.Stem]
  private var levels: [Level]

  /// A group's own layout, and which edge each of its links is a part of.
  private struct Level {
    var layout: LayeredLayout?
    /// The space to the left of it in the group's box.
    var left = 0.0
    var links: [(edge: Int, from: GroupTree.Member?, to: GroupTree.Member?)] = []
  }

  init(_ scene: GraphScene) {
    self.scene = scene
    let groups = scene.groups.groups
    nodeFrames = scene.nodes.map(Self.frame)
    groupFrames = groups.map { _ in Frame(x: 0, y: 0, width: 0, height: 0) }
    let stems = Self.stems(of: scene.edges, nodeCount: scene.nodes.count)
    self.stems = stems
    routes = stems.map { stem in
      let isStart = if case .start = stem { true } else { false }
      return Route(hasStart: !isStart, hasEnd: isStart)
    }
    levels = groups.map { _ in Level() }
    // The longest edge of a stem comes first, so that it is drawn in one piece.
    let lengths = scene.edges.map { $0.to - $0.from }
    var known: Set<LayeredLayout.Stem> = []
    for edge in lengths.indices.sorted(by: { (lengths[$1], $0) < (lengths[$0], $1) }) {
      if known.insert(stems[edge]).inserted { routes[edge] = Route(hasStart: true, hasEnd: true) }
      addLinks(of: edge)
    }
    for group in groups.indices.reversed() { layOut(group) }
    for group in groups.indices { placeMembers(of: group) }
    for edge in routes.indices { finishRoute(edge) }
  }

  /// Parameters stand to the left of their operator, all of one width.
  static func parameterWidth(_ node: GraphScene.Node) -> Double {
    (node.parameters.map { textWidth("\($0.name)  \($0.shape)", size: 11) }.max() ?? 0) + 18
  }

  /// The width of a text in the usual proportions of a font, as no font can be asked.
  static func textWidth(_ text: String, size: Double) -> Double { Double(text.count) * size * 0.56 }

  private static func frame(_ node: GraphScene.Node) -> Frame {
    let count = Double(node.parameters.count)
    let stack = count * parameterHeight + max(0, count - 1) * parameterGap
    let width = max(70, textWidth(node.title, size: 13.5) + 26)
    return Frame(x: 0, y: 0, width: width, height: node.kind == .output ? 22 : max(32, stack + 8))
  }

  /// An edge goes with those that leave its first node or with those that enter its last, whichever are more.
  private static func stems(of edges: [GraphScene.Edge], nodeCount: Int) -> [LayeredLayout.Stem] {
    var leaving = [Int](repeating: 0, count: nodeCount)
    var entering = leaving
    for edge in edges {
      leaving[edge.from] += 1
      entering[edge.to] += 1
    }
    return edges.map { leaving[$0.from] < entering[$0.to] ? .end($0.to) : .start($0.from) }
  }

  /// Splits an edge into what lies in each of the groups that it leaves, in the one that has both ends, and in
  /// each of those that it enters.
  private mutating func addLinks(of edge: Int) {
    let ends = scene.edges[edge]
    var (from, to) = (GroupTree.Member.node(ends.from), GroupTree.Member.node(ends.to))
    var (left, entered) = (scene.groups.groupOfNode[ends.from], scene.groups.groupOfNode[ends.to])
    // A group comes after the one around it, so the later of two cannot be around the other.
    while left != entered {
      if left > entered {
        levels[left].links.append((edge, from, nil))
        from = .group(left)
        left = scene.groups.groups[left].parent!
      } else {
        levels[entered].links.append((edge, nil, to))
        to = .group(entered)
        entered = scene.groups.groups[entered].parent!
      }
    }
    levels[left].links.append((edge, from, to))
  }

  private mutating func layOut(_ group: Int) {
    let members = scene.groups.groups[group].members
    let indices = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($0.element, $0.offset) })
    let links = levels[group].links.map { link in
      LayeredLayout.Link(
        from: end(link.from, indices, of: link.edge),
        to: end(link.to, indices, of: link.edge), stem: stems[link.edge])
    }
    let layout = LayeredLayout(items: members.map(item), links: links)
    // The title is to be left of the lines that come in.
    let title = Self.textWidth(scene.groups.groups[group].path, size: 12) + 18
    let entered = levels[group].links.filter { $0.from == nil }.map { layout.crossings[stems[$0.edge]]! }
    levels[group].left = max(Self.padding, title - (entered.min() ?? layout.width))
    groupFrames[group].width = levels[group].left + layout.width + Self.padding
    groupFrames[group].height = layout.height + Self.titleHeight + Self.padding
    levels[group].layout = layout
  }

  private func origin(in group: Int) -> Point { Point(x: levels[group].left, y: Self.titleHeight) }

  private func item(_ member: GroupTree.Member) -> LayeredLayout.Item {
    switch member {
    case .group(let group):
      return LayeredLayout.Item(left: 0, right: groupFrames[group].width, height: groupFrames[group].height)
    case .node(let index):
      let (node, half) = (scene.nodes[index], nodeFrames[index].width / 2)
      let parameters =
        node.parameters.isEmpty ? 0 : Self.parameterWidth(node) + Self.parameterDistance
      let label = node.shape.isEmpty ? 0 : Self.textWidth(node.shape, size: 11) + 10
      return LayeredLayout.Item(
        left: half + parameters, right: max(half, label),
        height: nodeFrames[index].height + (node.shape.isEmpty ? 0 : Self.labelHeight))
    }
  }

  private func end(
    _ member: GroupTree.Member?, _ indices: [GroupTree.Member: Int], of edge: Int
  ) -> LayeredLayout.End {
    guard let member else { return .border }
    var offset = 0.0
    if case .group(let group) = member {
      offset = origin(in: group).x + levels[group].layout!.crossings[stems[edge]]!
    }
    return .item(indices[member]!, offset: offset)
  }

  private mutating func placeMembers(of group: Int) {
    let layout = levels[group].layout!
    let within = origin(in: group)
    let corner = Point(x: groupFrames[group].x + within.x, y: groupFrames[group].y + within.y)
    for (member, place) in zip(scene.groups.groups[group].members, layout.places) {
      switch member {
      case .node(let node):
        nodeFrames[node].x = corner.x + place.x - nodeFrames[node].width / 2
        nodeFrames[node].y = corner.y + place.y
      case .group(let inner):
        groupFrames[inner].x = corner.x + place.x
        groupFrames[inner].y = corner.y + place.y
      }
    }
    for (link, route) in zip(levels[group].links, layout.routes) {
      routes[link.edge].points += route.map { Point(x: corner.x + $0.x, y: corner.y + $0.y) }
    }
  }

  /// Brings the parts of a route in order, as every part leads down, and starts it at its node.
  private mutating func finishRoute(_ edge: Int) {
    let start = nodeFrames[scene.edges[edge].from]
    var points = routes[edge].points
    if routes[edge].hasStart { points.append(Point(x: start.x + start.width / 2, y: start.y + start.height)) }
    points.sort { $0.y < $1.y }
    routes[edge].points = Self.straightened(points)
  }

  /// A route without the points between two that it leads straight down from and to.
  private static func straightened(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    for point in points {
      let run = kept.suffix(2)
      if run.count == 2, run.allSatisfy({ abs($0.x - point.x) < 0.01 }) { kept.removeLast() }
      kept.append(point)
    }
    return kept
  }
}
