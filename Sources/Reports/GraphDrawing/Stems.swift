/// The vertices that links lead through in a layout.
///
/// A tensor that is used all along a sequence has a link to every step of it. If each had a place of its own in every
/// row that it passes, there would be as many places as the square of the steps. So the links of a stem pass through
/// the same ones, and each leaves them in the row next to its own end.
struct Stems {
  /// A vertex that a link leads through.
  struct Stop {
    let vertex: Int
    /// Where on the vertex, from its place.
    var offset = 0.0
    /// Whether the link comes from there, rather than leading there or past it.
    var isAbove = false
    /// Whether a link before leads there as well, so that this one only joins it or leaves it.
    var isShared = false
  }

  /// Items, and after them passages.
  private(set) var vertices: [Rows.Vertex]
  private(set) var segments: [Rows.Segment] = []
  /// The passage at which a stem meets the border.
  private(set) var atBorder: [LayeredLayout.Stem: Int] = [:]

  private let rowOfItem: [Int]
  /// The row of what leads to the lower border.
  private let lastRow: Int
  private var trunks: [LayeredLayout.Stem: Trunk] = [:]

  /// What the links of a stem have in common, beginning at the end that is the same for all.
  private struct Trunk {
    var passages: [Int] = []
    /// The items that it leads to or comes from.
    var tips: Set<Int> = []
  }

  init(rowOfItem: [Int], vertices: [Rows.Vertex]) {
    self.rowOfItem = rowOfItem
    self.vertices = vertices
    lastRow = (rowOfItem.max() ?? 0) + 1
  }

  /// The stops of a link from top to bottom, beginning or ending with the last that a link of its stem before it has
  /// in common with it; none if it has them all.
  mutating func addChain(_ link: LayeredLayout.Link) -> [Stop] {
    let isDownward = if case .start = link.stem { true } else { false }
    let (root, tip) = isDownward ? (link.from, link.to) : (link.to, link.from)
    let passed = (row(of: link.from) ?? -1) + 1..<(row(of: link.to) ?? lastRow + 1)
    var trunk = trunks.removeValue(forKey: link.stem) ?? Trunk()
    defer { trunks[link.stem] = trunk }

    let shared = min(trunk.passages.count, passed.count)
    var chain: [Stop] = []
    if shared > 0 {
      chain.append(Stop(vertex: trunk.passages[shared - 1], isAbove: isDownward, isShared: true))
    } else if case .item(let item, let offset) = root {
      let isShared = !trunk.passages.isEmpty || !trunk.tips.isEmpty
      chain.append(Stop(vertex: item, offset: offset, isAbove: isDownward, isShared: isShared))
    }
    for step in shared..<passed.count {
      vertices.append(Rows.Vertex(row: isDownward ? passed.lowerBound + step : passed.upperBound - 1 - step))
      trunk.passages.append(vertices.count - 1)
      chain.append(Stop(vertex: vertices.count - 1))
    }
    if case .border = root { atBorder[link.stem] = trunk.passages[0] }
    switch tip {
    case .item(let item, let offset):
      guard trunk.tips.insert(item).inserted else { return [] }
      chain.append(Stop(vertex: item, offset: offset, isAbove: !isDownward))
    case .border:
      atBorder[link.stem] = trunk.passages[passed.count - 1]
      guard shared < passed.count else { return [] }
    }
    if !isDownward { chain.reverse() }
    for (upper, lower) in zip(chain, chain.dropFirst()) {
      segments.append(
        Rows.Segment(
          upper: upper.vertex, upperOffset: upper.offset, lower: lower.vertex, lowerOffset: lower.offset))
    }
    return chain
  }

  private func row(of end: LayeredLayout.End) -> Int? {
    if case .item(let item, _) = end { rowOfItem[item] } else { nil }
  }
}
