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

  @Test func routesLeadDownFromNodeToNode() {
    let scene = GraphScene(ResidualNetwork.graph())
    let layout = GraphLayout(scene)
    for (edge, route) in zip(scene.edges, layout.routes) {
      let (from, to) = (layout.nodeFrames[edge.from], layout.nodeFrames[edge.to])
      #expect(zip(route, route.dropFirst()).allSatisfy { $0.y <= $1.y })
      #expect(abs(route.first!.y - from.y - from.height) < 1e-6)
      #expect(abs(route.last!.y - to.y) < 1e-6)
      #expect(abs(route.last!.x - to.x - to.width / 2) < 1e-6)
    }
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
