/// Draws a learning curve: where things go on the page, and what they look like.
struct LineChart {
  private static let size = (width: 760.0, height: 460.0)
  private static let legendLineHeight = 22.0
  /// M. Okabe and K. Ito, "Color Universal Design", 2008: told apart by everyone, the yellow left out.
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"]
  /// Lines of at most this many points have a dot at each.
  private static let mostDots = 30

  private let curve: LearningCurve
  private let horizontal: AxisTicks
  private let vertical: AxisTicks
  private let shownX: ClosedRange<Double>
  private let legend: [(x: Double, line: Int)]
  private let plot: (left: Double, top: Double, right: Double, bottom: Double)

  init(_ curve: LearningCurve) {
    self.curve = curve
    let points = curve.series.flatMap(\.points).filter(\.isDrawable)
    let xs = Self.range(points.map(\.x))
    let ys = Self.range(points.map(\.y))
    horizontal = AxisTicks(enclosing: xs, count: 8, isWhole: points.allSatisfy { $0.x == $0.x.rounded() })
    // A scale that starts near zero may as well start at zero.
    let startsAtZero = ys.lowerBound >= 0 && ys.lowerBound < ys.upperBound / 2
    vertical = AxisTicks(enclosing: (startsAtZero ? 0 : ys.lowerBound)...ys.upperBound, count: 5)
    shownX = xs
    legend = Self.placeLegend(curve.series.map(\.name))
    let legendHeight = Double((legend.last?.line ?? 0) + 1) * Self.legendLineHeight
    plot = (76, 56 + legendHeight, Self.size.width - 28, Self.size.height - 62)
  }

  var document: String {
    let (width, height) = (SVG.text(Self.size.width), SVG.text(Self.size.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, sans-serif" font-size="13">
      <title>\(SVG.escaped(curve.title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \((frame + curve.series.indices.flatMap(line)).joined(separator: "\n"))
      </svg>

      """
  }

  /// Title, legend, grid and axes.
  private var frame: [String] {
    var elements = [
      SVG.label(curve.title, x: plot.left, y: 32, "font-size=\"18\" font-weight=\"bold\" fill=\"#222222\"")
    ]
    for (index, place) in legend.enumerated() {
      let x = plot.left + place.x
      let y = 54 + Double(place.line) * Self.legendLineHeight
      elements.append(
        stroke(x, y, x + 22, y, "stroke=\"\(colour(index))\" stroke-width=\"3\" stroke-linecap=\"round\""))
      elements.append(SVG.label(curve.series[index].name, x: x + 30, y: y + 4.5, "fill=\"#444444\""))
    }
    for (value, text) in vertical.labels {
      let y = self.y(value)
      elements.append(stroke(plot.left, y, plot.right, y, "stroke=\"#e4e4e4\""))
      elements.append(SVG.label(text, x: plot.left - 10, y: y + 4.5, "text-anchor=\"end\" fill=\"#666666\""))
    }
    elements.append(stroke(plot.left, plot.bottom, plot.right, plot.bottom, "stroke=\"#888888\""))
    for (value, text) in horizontal.labels where shownX.contains(value) {
      let x = self.x(value)
      elements.append(stroke(x, plot.bottom, x, plot.bottom + 5, "stroke=\"#888888\""))
      elements.append(SVG.label(text, x: x, y: plot.bottom + 21, "text-anchor=\"middle\" fill=\"#666666\""))
    }
    let middle = (x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
    let axisStyle = "text-anchor=\"middle\" fill=\"#444444\""
    elements.append(SVG.label(curve.horizontalLabel, x: middle.x, y: Self.size.height - 18, axisStyle))
    let turn = "transform=\"rotate(-90 22 \(SVG.text(middle.y)))\""
    elements.append(SVG.label(curve.verticalLabel, x: 22, y: middle.y, "\(turn) \(axisStyle)"))
    return elements
  }

  private func line(_ index: Int) -> [String] {
    let points = curve.series[index].points
    var path = ""
    var isDrawing = false
    for point in points {
      if point.isDrawable { path += "\(isDrawing ? "L" : "M")\(position(point)) " }
      isDrawing = point.isDrawable
    }
    var elements: [String] = []
    if !path.isEmpty {
      let width = points.count <= Self.mostDots ? "2" : "1.3"
      let pen = "stroke=\"\(colour(index))\" stroke-width=\"\(width)\""
      elements.append("<path d=\"\(path.dropLast())\" fill=\"none\" \(pen) stroke-linejoin=\"round\"/>")
    }
    elements += points.indices.filter { showsDot(at: $0, of: points) }.map { place in
      let (x, y) = (SVG.text(x(points[place].x)), SVG.text(y(points[place].y)))
      return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"3\" fill=\"\(colour(index))\"/>"
    }
    return elements
  }

  /// Whether a point has a dot: where they are few, and where no line leads to it or from it.
  private func showsDot(at place: Int, of points: [LearningCurve.Point]) -> Bool {
    guard points[place].isDrawable else { return false }
    let isAlone = [place - 1, place + 1].allSatisfy { !points.indices.contains($0) || !points[$0].isDrawable }
    return isAlone || points.count <= Self.mostDots
  }

  // MARK: Places

  private func x(_ value: Double) -> Double {
    let fraction = (value - shownX.lowerBound) / (shownX.upperBound - shownX.lowerBound)
    return plot.left + fraction * (plot.right - plot.left)
  }

  private func y(_ value: Double) -> Double {
    let range = vertical.range
    let fraction = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return plot.bottom - fraction * (plot.bottom - plot.top)
  }

  private func position(_ point: LearningCurve.Point) -> String {
    "\(SVG.text(x(point.x))) \(SVG.text(y(point.y)))"
  }

  /// From the least to the greatest value; around a single one, or where there is none, a range to show it in.
  /// Values so close together that nothing tells ticks between them apart count as one.
  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    guard let least = values.min(), let greatest = values.max() else { return 0...1 }
    if greatest - least > 1e-300 { return least...greatest }
    let margin = abs(least) > 1e-300 ? abs(least) / 2 : 1
    return least - margin...least + margin
  }

  /// Names from left to right, on as many lines as they need.
  private static func placeLegend(_ names: [String]) -> [(x: Double, line: Int)] {
    var (x, line) = (0.0, 0)
    return names.map { name in
      // The mean width of a letter, as no font can be asked.
      let width = 58 + 6.4 * Double(name.count)
      if x > 0, x + width > size.width - 100 { (x, line) = (0, line + 1) }
      defer { x += width }
      return (x, line)
    }
  }

  // MARK: Elements

  private func colour(_ index: Int) -> String { Self.colours[index % Self.colours.count] }

  private func stroke(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
    let ends = (SVG.text(x1), SVG.text(y1), SVG.text(x2), SVG.text(y2))
    return "<line x1=\"\(ends.0)\" y1=\"\(ends.1)\" x2=\"\(ends.2)\" y2=\"\(ends.3)\" \(style)/>"
  }
}
