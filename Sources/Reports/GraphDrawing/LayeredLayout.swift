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

  /// What links share, so that one line serves them for as long as they lead the same way: where all of them start,
  /// or where all of them end.
  enum Stem: Hashable { case start(Int), end(Int) }

  struct Link {
    let from: End
    let to: End
    let stem: Stem
  }

  private static let gap = 26.0
  private static let gapAtBorder = 10.0

  private(set) var width = 0.0
  private(set) var height = 0.0
  /// The upper edge of each item, at its place.
  private(set) var places: [Point] = []
  /// What each link passes, from top to bottom, but for what it shares with a link before it.
  private(set) var routes: [[Point]] = []
  /// Where the links of a stem meet the border, if they do.
  private(set) var crossings: [Stem: Double] = [:]

  /// - Parameters:
  ///   - items: In an order in which links lead from earlier to later ones.
  ///   - links: What leads where; each is routed. Links of a stem have the same start or the same end.
  init(items: [Item], links: [Link]) {
    let rowOfItem = Self.rows(of: items.count, links)
    let vertices = zip(items, rowOfItem).map { item, row in
      Rows.Vertex(left: item.left, right: item.right, height: item.height, row: row, isPassage: false)
    }
    var stems = Stems(rowOfItem: rowOfItem, vertices: vertices)
    let chains = links.map { stems.addChain($0) }
    let rows = Rows(vertices: stems.vertices, segments: stems.segments)
    place(rows, itemCount: items.count)
    let tops = Self.tops(of: rows)
    let left = rows.vertices.map { $0.x - $0.left }.min() ?? 0
    crossings = stems.atBorder.mapValues { rows.vertices[$0].x - left }
    routes = chains.map { chain in
      chain.flatMap { stop -> [Point] in
        let content = rows.vertices[stop.vertex]
        var (top, bottom) = tops[content.row]
        let x = content.x - left + stop.offset
        if !content.isPassage {
          let edge = places[stop.vertex].y
          (top, bottom) = stop.isAbove ? (edge + content.height, bottom) : (top, edge)
        }
        return stop.isShared
          ? [Point(x: x, y: stop.isAbove ? bottom : top)] : [Point(x: x, y: top), Point(x: x, y: bottom)]
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
