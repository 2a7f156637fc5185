import CAdjointKernels

/// A loop over several operands' strides with as few axes as they allow: axes of size 1 are left out, and
/// neighbours through which every operand runs evenly become one.
struct MergedAxes {
  /// The axes, innermost first and at least two, of which these are a kernel's columns and rows: of each its
  /// size and then every operand's stride. One array, because this is made anew for each operation.
  private var axes: [Int]
  private let width: Int

  init(sizes: [Int], strides: [[Int]]) {
    width = strides.count + 1
    axes = []
    axes.reserveCapacity(max(2, sizes.count) * width)
    for axis in sizes.indices.reversed() where sizes[axis] != 1 {
      let inner = axes.count - width
      if inner >= 0, strides.indices.allSatisfy({ strides[$0][axis] == axes[inner + 1 + $0] * axes[inner] }) {
        axes[inner] *= sizes[axis]
      } else {
        axes.append(sizes[axis])
        for operand in strides.indices { axes.append(strides[operand][axis]) }
      }
    }
    while axes.count < 2 * width {
      let stride = axes.isEmpty ? 1 : 0
      axes.append(1)
      for _ in strides { axes.append(stride) }
    }
  }

  /// For loops that may run in any order: makes columns of the axis along which one operand's elements lie nearest
  /// together, and rows of the axis along which another's do, where these are nearer than along its columns.
  mutating func bringInward(columnsOf first: Int, rowsOf second: Int) {
    guard rows > 1 else { return }
    bringInward(nearestOf: first, to: 0, within: .max)
    bringInward(nearestOf: second, to: 1, within: abs(step(operand: second)))
  }

  private mutating func bringInward(nearestOf operand: Int, to place: Int, within bound: Int) {
    var (nearest, least) = (place, bound)
    for axis in place..<axes.count / width {
      let distance = abs(axes[axis * width + 1 + operand])
      if distance > 0 && distance < least { (nearest, least) = (axis, distance) }
    }
    guard nearest != place else { return }
    let moved = axes[nearest * width..<(nearest + 1) * width]
    axes.removeSubrange(nearest * width..<(nearest + 1) * width)
    axes.insert(contentsOf: moved, at: place * width)
  }

  var count: Int { outerCount * rows * columns }
  var columns: Int { axes[0] }
  var rows: Int { axes[width] }
  func step(operand: Int) -> Int { axes[1 + operand] }
  private func rowStride(operand: Int) -> Int { axes[width + 1 + operand] }

  /// Where a block's elements lie in an operand, from its first one on.
  func places(operand: Int) -> AdjointPlaces {
    AdjointPlaces(row_stride: rowStride(operand: operand), step: step(operand: operand))
  }

  private var outerCount: Int {
    var count = 1
    for axis in stride(from: 2 * width, to: axes.count, by: width) { count *= axes[axis] }
    return count
  }

  /// Some rows, or a part of one row, at one place in the outer axes.
  struct Block {
    /// The place's number, counting through the outer axes.
    let outer: Int
    let firstRow: Int
    let rows: Int
    let firstColumn: Int
    let columns: Int
    /// The first element's number in the whole loop.
    let index: Int
  }

  /// Where the block's first element lies in an operand, in elements.
  func offset(of block: Block, operand: Int) -> Int {
    var place = block.outer
    var offset = block.firstRow * rowStride(operand: operand) + block.firstColumn * step(operand: operand)
    for axis in stride(from: 2 * width, to: axes.count, by: width) {
      let (quotient, remainder) = place.quotientAndRemainder(dividingBy: axes[axis])
      offset += remainder * axes[axis + 1 + operand]
      place = quotient
    }
    return offset
  }

  /// Calls `body` for all blocks, on several threads where there are more elements than fit one piece.
  ///
  /// - Parameter rowsTogether: A block has at least as many rows, however long, where there are as many.
  func forEachBlock(elementsPerPiece: Int, rowsTogether: Int = 1, _ body: (Block) -> Void) {
    let (rows, columns) = (rows, columns)
    let outerCount = outerCount
    guard outerCount * rows * columns > 0 else { return }
    if outerCount == 1, rows * columns <= elementsPerPiece {
      return body(Block(outer: 0, firstRow: 0, rows: rows, firstColumn: 0, columns: columns, index: 0))
    }
    let minimumRows = rows < rowsTogether ? 1 : rowsTogether
    let mostRows = max(1, elementsPerPiece / columns / minimumRows) * minimumRows
    let blockRows = min(rows, (0..<rows).pairedBlocks(atMost: mostRows, multiple: minimumRows).size)
    // Only single rows may be cut: a block's output is contiguous.
    let blockColumns = blockRows == 1 ? min(columns, elementsPerPiece) : columns
    let across = columns.dividedUp(by: blockColumns)
    let down = rows.dividedUp(by: blockRows)
    let blocksPerPiece = max(1, elementsPerPiece / (blockRows * blockColumns))
    forEachPiece(of: outerCount * down * across, length: blocksPerPiece, multiple: 1) {
      start, length in
      for number in start..<start + length {
        let (line, part) = number.quotientAndRemainder(dividingBy: across)
        let (outer, group) = line.quotientAndRemainder(dividingBy: down)
        let (firstRow, firstColumn) = (group * blockRows, part * blockColumns)
        body(
          Block(
            outer: outer, firstRow: firstRow, rows: min(blockRows, rows - firstRow), firstColumn: firstColumn,
            columns: min(blockColumns, columns - firstColumn),
            index: (outer * rows + firstRow) * columns + firstColumn))
      }
    }
  }
}
