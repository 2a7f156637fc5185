/// Vertices in rows, and segments that each lead from one row to the next: what is left of a graph once every
/// vertex has a row, and what crosses a row has a vertex there.
///
/// - Source: Sugiyama, Tagawa, Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981,
///   doi:10.1109/TSMC.1981.4308636.
struct Rows {
  struct Vertex {
    /// How far the vertex reaches from its place to the left and to the right.
    var left = 0.0
    var right = 0.0
    var height = 0.0
    var row: Int
    /// Whether it only keeps a place free for what passes.
    var isPassage = true
    var x = 0.0
  }

  /// Joins a place on a vertex with one on a vertex of the next row; the offsets are from the vertices' places.
  struct Segment {
    let upper: Int
    let upperOffset: Double
    let lower: Int
    let lowerOffset: Double

    func end(_ vertex: Int) -> (other: Int, shift: Double) {
      vertex == upper ? (lower, lowerOffset - upperOffset) : (upper, upperOffset - lowerOffset)
    }
  }

  private static let sweeps = 12

  private(set) var vertices: [Vertex]
  /// The vertices of each row from left to right.
  private(set) var rows: [[Int]]
  private let segmentsAbove: [[Segment]]
  private let segmentsBelow: [[Segment]]

  init(vertices: [Vertex], segments: [Segment]) {
    self.vertices = vertices
    rows = Array(repeating: [], count: (vertices.map(\.row).max() ?? -1) + 1)
    for (vertex, content) in vertices.enumerated() { rows[content.row].append(vertex) }
    var above = [[Segment]](repeating: [], count: vertices.count)
    var below = above
    for segment in segments {
      above[segment.lower].append(segment)
      below[segment.upper].append(segment)
    }
    (segmentsAbove, segmentsBelow) = (above, below)
    pack()
    for sweep in 0..<Self.sweeps { order(downward: sweep.isMultiple(of: 2)) }
    for sweep in 0..<Self.sweeps { align(downward: sweep.isMultiple(of: 2)) }
  }

  /// Moves each vertex of a row to where its neighbours in the row before are on average.
  private mutating func order(downward: Bool) {
    for row in downward ? Array(rows.indices) : rows.indices.reversed() {
      let wanted = rows[row].map { (vertex: $0, x: place(wantedBy: neighbours(of: $0, downward), $0).x) }
      // Sorting need not keep equal ones in order, and the same graph is to look the same.
      rows[row] = wanted.enumerated()
        .sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(\.element.vertex)
      settle(row, at: rows[row].map { vertices[$0].x }, weights: rows[row].map { _ in 1 })
    }
  }

  /// Puts vertices straight above and below their neighbours, as far as those beside leave room.
  private mutating func align(downward: Bool) {
    for row in downward ? Array(rows.indices) : rows.indices.reversed() {
      let wanted = rows[row].map { place(wantedBy: neighbours(of: $0, downward), $0) }
      settle(row, at: wanted.map(\.x), weights: wanted.map(\.weight))
    }
  }

  private func neighbours(of vertex: Int, _ downward: Bool) -> [Segment] {
    downward ? segmentsAbove[vertex] : segmentsBelow[vertex]
  }

  /// Whether a line passes and goes on above and below, as it does not at the border.
  private func isOnTheWay(_ vertex: Int) -> Bool {
    vertices[vertex].isPassage && !segmentsAbove[vertex].isEmpty && !segmentsBelow[vertex].isEmpty
  }

  /// The mean of where segments would have a vertex; where it is if there is none.
  private func place(wantedBy segments: [Segment], _ vertex: Int) -> (x: Double, weight: Double) {
    var (sum, total) = (0.0, 0.0)
    for (other, shift) in segments.map({ $0.end(vertex) }) {
      // A line that only passes shows every bend, also where others join or leave it.
      let weight = isOnTheWay(vertex) && isOnTheWay(other) ? 100.0 : 1
      sum += weight * (vertices[other].x + shift)
      total += weight
    }
    return total > 0 ? (sum / total, total) : (vertices[vertex].x, 0.1)
  }

  private mutating func pack() {
    for row in rows.indices { settle(row, at: rows[row].map { _ in 0 }, weights: rows[row].map { _ in 1 }) }
  }

  /// Places a row as near to the wanted places as the distances between neighbours allow: a regression under the
  /// condition that what is left over between them is not negative, by pooling adjacent violators.
  private mutating func settle(_ row: Int, at wanted: [Double], weights: [Double]) {
    var offsets: [Double] = []
    var pools: [(mean: Double, weight: Double, count: Int)] = []
    for (position, vertex) in rows[row].enumerated() {
      let previous = position > 0 ? offsets[position - 1] + distance(rows[row][position - 1], vertex) : 0
      offsets.append(previous)
      var pool = (mean: wanted[position] - previous, weight: weights[position], count: 1)
      while let last = pools.last, last.mean > pool.mean {
        let weight = last.weight + pool.weight
        let mean = (last.mean * last.weight + pool.mean * pool.weight) / weight
        pool = (mean, weight, last.count + pool.count)
        pools.removeLast()
      }
      pools.append(pool)
    }
    var position = 0
    for pool in pools {
      for _ in 0..<pool.count {
        vertices[rows[row][position]].x = pool.mean + offsets[position]
        position += 1
      }
    }
  }

  private func distance(_ left: Int, _ right: Int) -> Double {
    let gap = vertices[left].isPassage || vertices[right].isPassage ? 16.0 : 30
    return vertices[left].right + gap + vertices[right].left
  }
}
