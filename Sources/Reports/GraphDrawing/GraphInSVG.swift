/// Draws a graph: what its parts look like.
struct GraphInSVG {
  private let scene: GraphScene
  private let layout: GraphLayout

  init(_ scene: GraphScene) {
    self.scene = scene
    layout = GraphLayout(scene)
  }

  var document: String {
    let page = layout.groupFrames[0]
    let (width, height) = (SVG.text(page.width), SVG.text(page.height))
    let elements =
      layout.groupFrames.indices.dropFirst().flatMap(group) + scene.edges.indices.map(edge)
      + scene.nodes.indices.flatMap(node)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, sans-serif" font-size="11">
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" \
      orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="#6b7280"/></marker></defs>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(elements.joined(separator: "\n"))
      </svg>

      """
  }

  private func group(_ index: Int) -> [String] {
    let frame = layout.groupFrames[index]
    let path = scene.groups.groups[index].path
    return [
      rectangle(frame, radius: 8, "fill=\"#64748b\" fill-opacity=\"0.07\" stroke=\"#b6c0cd\""),
      SVG.label(path, x: frame.x + 10, y: frame.y + 17, "font-size=\"12\" fill=\"#526070\""),
    ]
  }

  private func edge(_ index: Int) -> String {
    let route = layout.routes[index]
    var path = "M\(text(route.points[0]))"
    var last = route.points[0]
    for point in route.points.dropFirst() where point.y - last.y > 0.01 {
      let middle = (last.y + point.y) / 2
      let isStraight = abs(point.x - last.x) < 0.01
      path +=
        isStraight
        ? "L\(text(point))"
        : "C\(text(Point(x: last.x, y: middle))) \(text(Point(x: point.x, y: middle))) \(text(point))"
      last = point
    }
    let arrow = route.hasEnd ? " marker-end=\"url(#arrow)\"" : ""
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#6b7280\"\(arrow)/>"
  }

  private func node(_ index: Int) -> [String] {
    let (node, frame) = (scene.nodes[index], layout.nodeFrames[index])
    let middle = Point(x: frame.x + frame.width / 2, y: frame.y + frame.height / 2)
    let title = SVG.label(
      node.title, x: middle.x, y: middle.y + 4.5,
      "font-size=\"13\" text-anchor=\"middle\" fill=\"\(node.kind == .output ? "#526070" : "#1e293b")\"")
    let box: [String]
    switch node.kind {
    case .operation: box = [rectangle(frame, radius: 6, "fill=\"#dbeafe\" stroke=\"#5b8fd0\"")]
    case .leaf: box = [rectangle(frame, radius: 6, "fill=\"#dcfce7\" stroke=\"#57a773\"")]
    case .output: box = []
    }
    let halo = "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    let shape = SVG.label(
      node.shape, x: middle.x + 7, y: frame.y + frame.height + 15, "\(halo) fill=\"#526070\"")
    return box + [title] + (node.shape.isEmpty ? [] : [shape]) + parameters(of: index)
  }

  private func parameters(of index: Int) -> [String] {
    let (node, frame) = (scene.nodes[index], layout.nodeFrames[index])
    let (height, width) = (GraphLayout.parameterHeight, GraphLayout.parameterWidth(node))
    let step = height + GraphLayout.parameterGap
    let x = frame.x - GraphLayout.parameterDistance - width
    let top = frame.y + (frame.height - Double(node.parameters.count) * step + GraphLayout.parameterGap) / 2
    return node.parameters.enumerated().flatMap { position, parameter in
      let pill = GraphLayout.Frame(x: x, y: top + Double(position) * step, width: width, height: height)
      let middle = pill.y + height / 2
      let ends = (text(Point(x: x + width, y: middle)), text(Point(x: frame.x, y: middle)))
      return [
        "<path d=\"M\(ends.0)L\(ends.1)\" stroke=\"#6b7280\" marker-end=\"url(#arrow)\"/>",
        rectangle(pill, radius: height / 2, "fill=\"#fef3c7\" stroke=\"#d0a54a\""),
        SVG.label(parameter.name, x: x + 9, y: middle + 4, "fill=\"#1e293b\""),
        SVG.label(
          parameter.shape, x: x + width - 9, y: middle + 4, "text-anchor=\"end\" fill=\"#526070\""),
      ]
    }
  }

  private func rectangle(_ frame: GraphLayout.Frame, radius: Double, _ style: String) -> String {
    let place = "x=\"\(SVG.text(frame.x))\" y=\"\(SVG.text(frame.y))\""
    let size = "width=\"\(SVG.text(frame.width))\" height=\"\(SVG.text(frame.height))\""
    return "<rect \(place) \(size) rx=\"\(SVG.text(radius))\" \(style)/>"
  }

  private func text(_ point: Point) -> String { "\(SVG.text(point.x)) \(SVG.text(point.y))" }
}
