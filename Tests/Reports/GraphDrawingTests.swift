import AdjointAutodiff
import AdjointData
import AdjointLayers
import Foundation
import Testing

@testable import AdjointReports

@Suite struct GraphDrawingTests {
  @Test func oneLineDrawsAModelWithItsLayers() throws {
    let model = ResidualNetwork()
    let images = Tensor.zeros([2, 5, 4, 1])
    let folder = FileManager.default.temporaryDirectory.path + "/adjoint-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    try GraphDrawing(model.observingLayers { model(images) }.recordedGraph).write(to: "\(folder)/model.svg")
    let document = try SVGDocument(String(contentsOfFile: "\(folder)/model.svg", encoding: .utf8))
    for text in [
      "stem", "blocks", "blocks.0", "blocks.0.convolution", "blocks.1.norm", "add", "filter",
      "[3, 3, 1, 3]", "[2, 5, 4, 3]", "output",
    ] {
      #expect(document.texts.contains(text), "\(text)")
    }
    #expect(document.texts.count { $0 == "conv2D" } == 3)

    try GraphDrawing(model(images).recordedGraph).write(to: "\(folder)/model.dot")
    #expect(try String(contentsOfFile: "\(folder)/model.dot", encoding: .utf8).hasPrefix("digraph {"))
  }

  @Test(arguments: ["graph", "graph.png", "svg/graph.pdf", "", ".svg.txt"])
  func otherEndingsAreErrors(path: String) {
    #expect(throws: DataError.self) { try GraphDrawing(Tensor.ones([2]).recordedGraph).write(to: path) }
  }

  @Test func nothingOverlapsAndGroupsHoldTheirMembers() {
    let scene = GraphScene(ResidualNetwork.graph())
    let layout = GraphLayout(scene)
    let (groups, nodes) = (scene.groups, layout.nodeFrames)
    for index in nodes.indices {
      for other in nodes.indices where other > index { #expect(!nodes[index].overlaps(nodes[other])) }
      for (group, frame) in layout.groupFrames.enumerated() {
        let isWithin = groups.isAround(group, node: index)
        #expect(isWithin ? frame.holds(nodes[index]) : !frame.overlaps(nodes[index]))
      }
    }
  }

  @Test(arguments: [ResidualNetwork.graph(), Unrolled.graph(), recurrent(steps: 5), dense(steps: 4)])
  func linesLeadDownFromNodeToNode(graph: RecordedGraph) {
    let scene = GraphScene(graph)
    let layout = GraphLayout(scene)
    for (edge, route) in zip(scene.edges, layout.routes) {
      let (from, to) = (layout.nodeFrames[edge.from], layout.nodeFrames[edge.to])
      let (first, last) = (route.points.first!, route.points.last!)
      #expect(zip(route.points, route.points.dropFirst()).allSatisfy { $0.y <= $1.y })
      #expect(route.hasStart || route.hasEnd)
      if route.hasStart {
        #expect(abs(first.y - from.y - from.height) < 1e-6)
        #expect(abs(first.x - from.x - from.width / 2) < 1e-6)
      }
      if route.hasEnd {
        #expect(abs(last.y - to.y) < 1e-6)
        #expect(abs(last.x - to.x - to.width / 2) < 1e-6)
      }
    }
    #expect(layout.isConnected(scene.edges))
  }

  @Test func whatIsUsedAllAlongASequenceHasOneLine() throws {
    let graph = recurrent(steps: 40)
    let (short, long) = (GraphDrawing(recurrent(steps: 20)).svg, GraphDrawing(graph).svg)
    #expect(Double(long.utf8.count) < 2.5 * Double(short.utf8.count))
    let document = try SVGDocument(long)
    #expect(document.texts.count { $0 == "tanh" } == 40)
    // The arrow's head is a path, too.
    #expect(document.paths == GraphScene(graph).edges.count + 1)
  }

  @Test(arguments: [true, false]) func linksOfAStemShareTheirPlaces(isStart: Bool) {
    func stops(_ count: Int) -> Int {
      typealias Link = LayeredLayout.Link
      let items = (0..<count).map { _ in LayeredLayout.Item(left: 5, right: 5, height: 5) }
      let sequence = (1..<count).map { item in
        Link(from: .item(item - 1, offset: 0), to: .item(item, offset: 0), stem: .start(item))
      }
      let links = (0..<count).map { item in
        isStart
          ? Link(from: .border, to: .item(count - 1 - item, offset: 0), stem: .start(0))
          : Link(from: .item(item, offset: 0), to: .border, stem: .end(0))
      }
      let layout = LayeredLayout(items: items, links: sequence + links)
      #expect(layout.routes.allSatisfy { !$0.isEmpty })
      return layout.routes.map(\.count).reduce(0, +)
    }
    #expect(stops(40) < 5 * stops(20) / 2)
  }

  @Test func theSameGraphLooksTheSame() {
    #expect(GraphDrawing(ResidualNetwork.graph()).svg == GraphDrawing(ResidualNetwork.graph()).svg)
    #expect(GraphDrawing(ResidualNetwork.graph()).dot == GraphDrawing(ResidualNetwork.graph()).dot)
  }

  @Test func parametersOfAPartHaveShortNamesToo() {
    let model = Sequential {
      Flatten()
      Sequential { Dense(inputSize: 3, outputSize: 2) }
    }
    #expect(model.parameters.map(\.name) == ["layers.1.layers.0.weight", "layers.1.layers.0.bias"])
    let part = model.layers[1]
    for graph in [
      model.observingLayers { model(.ones([4, 3])) }.recordedGraph,
      part.observingLayers { part(.ones([4, 3])) }.recordedGraph,
    ] {
      #expect(GraphDrawing(graph).dot.contains("label=\"weight [3, 2]\""))
    }
  }

  @Test func clustersNestInGraphviz() {
    let dot = GraphDrawing(ResidualNetwork.graph()).dot
    #expect(dot.contains("label=\"blocks.1.convolution\""))
    #expect(dot.contains("label=\"filter [3, 3, 3, 3]\""))
    #expect(dot.contains("[label=\" [2, 5, 4, 3]\"]"))
    var depths: [Int] = []
    var depth = 0
    for line in dot.split(separator: "\n") {
      if line.hasSuffix("{") { depth += 1 }
      if line.hasSuffix("}") { depth -= 1 }
      depths.append(depth)
    }
    #expect(depths.max() == 4 && depths.last == 0)
  }

  @Test func runsOfALayerAreGroups() {
    let tree = GroupTree(layerPaths: [nil, "a.0", nil, "a.1", "b", "a.1", nil], countAfter: 1)
    #expect(tree.groups.map(\.path) == ["", "a", "a.0", "a.1", "b", "a", "a.1"])
    #expect(tree.groupOfNode == [0, 2, 1, 3, 4, 6, 0, 0])
  }

  @Test func namesOfAnyKindAreDrawn() throws {
    let x = Tensor([1.0], dataType: .float64).withGradient()
    let y = (x * 1).recorded(as: "a<b & \"c\\d\"", GradientPath(to: x) { $0 })
    let drawing = GraphDrawing(y.recordedGraph)
    #expect(try SVGDocument(drawing.svg).texts.contains("a<b & \"c\\d\""))
    #expect(drawing.dot.contains(#"label="a<b &amp; \"c\\d\"""#))
    #expect(drawing.svg.contains(">float64 [1]<"))
  }

  @Test func namesOfAnyScalarsAreDrawn() throws {
    let x = Tensor([1.0]).withGradient()
    let name = "a\u{1b}<\u{338}&lt;\"\u{301}\\\u{301}\n\u{0}"
    let drawing = GraphDrawing((x * 1).recorded(as: name, GradientPath(to: x) { $0 }).recordedGraph)
    #expect(
      try SVGDocument(drawing.svg).texts.contains("a\u{fffd}<\u{338}&lt;\"\u{301}\\\u{301}\n\u{fffd}"))
    let label = "a\u{fffd}<\u{338}&amp;lt;\\\"\u{301}\\\\\u{301}\\n\u{fffd}"
    #expect(drawing.dot.contains("[label=\"\(label)\"]"))
  }

  @Test func emptyAndLongGraphsAreDrawn() throws {
    #expect(try SVGDocument(GraphDrawing(RecordedGraph()).svg).texts.isEmpty)
    var y = Tensor([1.0]).withGradient()
    for _ in 0..<2_000 { y = -y }
    #expect(try SVGDocument(GraphDrawing(y.recordedGraph).svg).texts.count { $0 == "negate" } == 2_000)
  }
}

/// A block with a way around it, twice.
private final class ResidualNetwork: Layer {
  final class Block: Layer {
    let convolution = Conv2D(inputChannels: 3, outputChannels: 3, kernelSize: 3, padding: .same)
    let norm = BatchNorm(channels: 3)

    func callAsFunction(_ input: Tensor) -> Tensor { (norm(convolution(input)).relu() + input).relu() }
  }

  let stem = Conv2D(inputChannels: 1, outputChannels: 3, kernelSize: 3, padding: .same)
  let blocks = [Block(), Block()]

  func callAsFunction(_ input: Tensor) -> Tensor { blocks.reduce(stem(input)) { $1($0) } }

  static func graph() -> RecordedGraph {
    let network = ResidualNetwork()
    return network.observingLayers { network(.zeros([2, 5, 4, 1])).mean(axes: [1, 2]) }.recordedGraph
  }
}

/// Layers that all use what the first is applied to, and whose results all go to the end.
private final class Unrolled: Layer {
  final class Cell: Module {
    let inner = Dense(inputSize: 3, outputSize: 3)
    let outer = Dense(inputSize: 3, outputSize: 3)
  }

  let cells = [Cell(), Cell(), Cell()]

  func callAsFunction(_ input: Tensor) -> Tensor {
    var states = [input]
    for cell in cells {
      let inner = (cell.inner(states.last!) * input).tanh() * input
      states.append(cell.outer(inner) + input)
    }
    return .concatenate(states)
  }

  static func graph() -> RecordedGraph {
    let network = Unrolled()
    let input = Tensor.ones([2, 3]).withGradient()
    return network.observingLayers { network(input) }.recordedGraph
  }
}

/// Two leaves that are used in every step, and what every step gives, joined.
private func recurrent(steps: Int) -> RecordedGraph {
  let (weight, bias) = (Tensor.ones([3, 3]).withGradient(), Tensor.ones([3]).withGradient())
  var states = [Tensor.ones([2, 3])]
  for _ in 0..<steps { states.append((states.last!.matrixProduct(weight) + bias).tanh()) }
  return Tensor.concatenate(states).recordedGraph
}

/// Each step uses the results of all before it.
private func dense(steps: Int) -> RecordedGraph {
  var results = [Tensor.ones([1, 2]).withGradient()]
  for _ in 0..<steps { results.append(Tensor.concatenate(results).tanh()) }
  return results.last!.recordedGraph
}

extension GraphLayout {
  /// Whether all lines come from their first node and lead to their last, be it along others that do.
  fileprivate func isConnected(_ edges: [GraphScene.Edge]) -> Bool {
    var started = Set(routes.indices.filter { routes[$0].hasStart })
    var ended = Set(routes.indices.filter { routes[$0].hasEnd })
    // A line may join one that joins another, though never more of them than there are lines.
    for _ in routes {
      for edge in routes.indices {
        let (first, last) = (routes[edge].points.first!, routes[edge].points.last!)
        if started.contains(where: { edges[$0].from == edges[edge].from && routes[$0].passes(first) }) {
          started.insert(edge)
        }
        if ended.contains(where: { edges[$0].to == edges[edge].to && routes[$0].passes(last) }) {
          ended.insert(edge)
        }
      }
    }
    return started.count == routes.count && ended.count == routes.count
  }
}

extension GraphLayout.Route {
  /// Whether the line leads straight down through a point.
  fileprivate func passes(_ point: Point) -> Bool {
    zip(points, points.dropFirst()).contains { upper, lower in
      upper.y - 0.01 <= point.y && point.y <= lower.y + 0.01
        && [upper.x, lower.x].allSatisfy { abs($0 - point.x) < 0.02 }
    }
  }
}

extension GroupTree {
  fileprivate func isAround(_ group: Int, node: Int) -> Bool {
    var innermost: Int? = groupOfNode[node]
    while let next = innermost, next != group { innermost = groups[next].parent }
    return innermost != nil
  }
}

extension GraphLayout.Frame {
  fileprivate func holds(_ other: Self) -> Bool {
    x <= other.x && y <= other.y && other.x + other.width <= x + width && other.y + other.height <= y + height
  }

  fileprivate func overlaps(_ other: Self) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }
}
