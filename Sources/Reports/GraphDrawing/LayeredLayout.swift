/// Places of things that links lead through from top to bottom, without looking into the things.
struct LayeredLayout {
  struct Item {
    /// How far it reaches from its place to the left and to the right.
    let left: Double
    let right: Double
    let height: Double
  }

  enum End {
    /// An item, and where on it, from its place.
    case item(Int, offset: Double)
    /// Wherever on the upper border, or on the lower one for the end of a link, is nearest.
    case border
  }

  struct Link {
    let from: End
    let to: End
  }

  private static let gap = 26.0
  private static let gapAtBorder = 10.0

  private(set) var width = 0.0
  private(set) var height = 0.0
  /// The upper edge of each item, at its place.
  private(set) var places: [Point] = []
  /// What each link passes, from top to bottom.
  private(set) var routes: [[Point]] = []

  /// - Parameters:
  ///   - items: In an order in which links lead from earlier to later ones.
  ///   - links: What leads where; each is routed.
  init(items: [Item], links: [Link]) {
    let rowOfItem = Self.rows(of: items.count, links)
    var vertices = zip(items, rowOfItem).map { item, row in
      Rows.Vertex(left: item.left, right: item.right, height: item.height, row: row, isPassage: false)
    }
    let lastRow = (rowOfItem.max() ?? 0) + 1
    var segments: [Rows.Segment] = []
    let chains = links.map { link in
      Self.chain(link, rowOfItem, lastRow: lastRow, &vertices, &segments)
    }
    let rows = Rows(vertices: vertices, segments: segments)
    place(rows, itemCount: items.count)
    let tops = Self.tops(of: rows)
    let left = rows.vertices.map { $0.x - $0.left }.min() ?? 0
    routes = zip(links, chains).map { link, chain in
      chain.flatMap { vertex -> [Point] in
        let content = rows.vertices[vertex]
        let top = tops[content.row].top
        let bottom = tops[content.row].bottom
        guard vertex < items.count else {
          return [Point(x: content.x - left, y: top), Point(x: content.x - left, y: bottom)]
        }
        let isStart = vertex == chain.first
        let offset = if case .item(_, let offset) = isStart ? link.from : link.to { offset } else { 0.0 }
        let x = content.x - left + offset
        let edge = places[vertex].y + (isStart ? content.height : 0)
        return isStart
          ? [Point(x: x, y: edge), Point(x: x, y: bottom)] : [Point(x: x, y: top), Point(x: x, y: edge)]
      }
    }
  }

  /// As far down as the longest path leads; what no link leads to is just above what it leads to.
  private static func rows(of count: Int, _ links: [Link]) -> [Int] {
    var rows = [Int](repeating: 1, count: count)
    var hasLinkTo = [Bool](repeating: false, count: count)
    var targets = [[Int]](repeating: [], count: count)
    for link in links {
      guard case .item(let to, _) = link.to else { continue }
      hasLinkTo[to] = true
      if case .item(let from, _) = link.from { targets[from].append(to) }
    }
    for item in 0..<count {
      for target in targets[item] { rows[target] = max(rows[target], rows[item] + 1) }
    }
    for item in 0..<count where !hasLinkTo[item] {
      if let nearest = targets[item].map({ rows[$0] }).min() { rows[item] = nearest - 1 }
    }
    return rows
  }

  /// The vertices that a link leads through, with one made for each row that it passes.
  private static func chain(
    _ link: Link, _ rows: [Int], lastRow: Int, _ vertices: inout [Rows.Vertex],
    _ segments: inout [Rows.Segment]
  ) -> [Int] {
    var chain: [Int] = []
    var row = 0
    var offset = 0.0
    if case .item(let item, let itemOffset) = link.from {
      chain.append(item)
      row = rows[item] + 1
      offset = itemOffset
    }
    var (end, endRow, endOffset) = (Int?.none, lastRow + 1, 0.0)
    if case .item(let item, let itemOffset) = link.to {
      (end, endRow, endOffset) = (item, rows[item], itemOffset)
    }
    while row < endRow {
      vertices.append(Rows.Vertex(row: row))
      chain.append(vertices.count - 1)
      row += 1
    }
    if let end { chain.append(end) }
    for (upper, lower) in zip(chain, chain.dropFirst()) {
      segments.append(
        Rows.Segment(
          upper: upper, upperOffset: upper == chain.first ? offset : 0,
          lower: lower, lowerOffset: lower == end ? endOffset : 0))
    }
    return chain
  }

  private mutating func place(_ rows: Rows, itemCount: Int) {
    let left = rows.vertices.map { $0.x - $0.left }.min() ?? 0
    width = (rows.vertices.map { $0.x + $0.right }.max() ?? 0) - left
    let tops = Self.tops(of: rows)
    height = tops.last?.bottom ?? 0
    places = rows.vertices.prefix(itemCount).map { vertex in
      let row = tops[vertex.row]
      return Point(x: vertex.x - left, y: (row.top + row.bottom - vertex.height) / 2)
    }
  }

  /// From where to where each row reaches.
  private static func tops(of rows: Rows) -> [(top: Double, bottom: Double)] {
    let heights = rows.rows.map { row in row.map { rows.vertices[$0].height }.max() ?? 0 }
    var y = 0.0
    return heights.indices.map { row in
      let isAtBorder = heights[row] == 0 || row + 1 < heights.count && heights[row + 1] == 0
      defer { y += heights[row] + (isAtBorder ? gapAtBorder : gap) }
      return (y, y + heights[row])
    }
  }
}

struct Point: Hashable {
  var x: Double
  var y: Double
}
