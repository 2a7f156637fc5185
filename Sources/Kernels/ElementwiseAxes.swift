/// A loop over several operands' strides with as few axes as they allow: axes of size 1 are left out, and
/// neighbours through which every operand runs evenly become one.
struct MergedAxes {
  /// Outermost first; at least two, of which the inner two are a kernel's rows and columns.
  private(set) var sizes: [Int] = []
  /// By operand, then by axis.
  private(set) var strides: [[Int]]

  init(sizes: [Int], strides: [[Int]]) {
    self.strides = Array(repeating: [], count: strides.count)
    // From the innermost axis out, so `last` is the one that lies just within.
    for axis in sizes.indices.reversed() where sizes[axis] != 1 {
      if let last = self.sizes.last,
        strides.indices.allSatisfy({ strides[$0][axis] == self.strides[$0].last! * last })
      {
        self.sizes[self.sizes.count - 1] *= sizes[axis]
      } else {
        self.sizes.append(sizes[axis])
        for operand in strides.indices { self.strides[operand].append(strides[operand][axis]) }
      }
    }
    while self.sizes.count < 2 {
      self.sizes.append(1)
      for operand in strides.indices { self.strides[operand].append(self.sizes.count == 1 ? 1 : 0) }
    }
    self.sizes.reverse()
    for operand in strides.indices { self.strides[operand].reverse() }
  }

  var count: Int { sizes.reduce(1, *) }
  var rows: Int { sizes[sizes.count - 2] }
  var columns: Int { sizes[sizes.count - 1] }
  func rowStride(operand: Int) -> Int { strides[operand][sizes.count - 2] }
  func step(operand: Int) -> Int { strides[operand][sizes.count - 1] }

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
    let strides = strides[operand]
    var place = block.outer
    var offset = block.firstRow * strides[sizes.count - 2] + block.firstColumn * strides[sizes.count - 1]
    for axis in (0..<sizes.count - 2).reversed() {
      let (quotient, remainder) = place.quotientAndRemainder(dividingBy: sizes[axis])
      offset += remainder * strides[axis]
      place = quotient
    }
    return offset
  }

  /// Calls `body` for all blocks, on several threads where there are more elements than fit one piece.
  ///
  /// - Parameter rowsTogether: a block has at least as many rows, however long, where there are as many.
  func forEachBlock(elementsPerPiece: Int, rowsTogether: Int = 1, _ body: (Block) -> Void) {
    let (rows, columns) = (rows, columns)
    let outerCount = sizes.dropLast(2).reduce(1, *)
    guard outerCount * rows * columns > 0 else { return }
    let minimumRows = rows < rowsTogether ? 1 : rowsTogether
    let blockRows = min(rows, max(minimumRows, elementsPerPiece / columns))
    // Only single rows may be cut: a block's output is contiguous.
    let blockColumns = blockRows == 1 ? min(columns, elementsPerPiece) : columns
    let across = (columns + blockColumns - 1) / blockColumns
    let down = (rows + blockRows - 1) / blockRows
    let blocksPerPiece = max(1, elementsPerPiece / (blockRows * blockColumns))
    forEachPiece(of: outerCount * down * across, length: blocksPerPiece) { start, length in
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

/// Calls `body` with the start and length of each piece of `count` elements, on several threads where there is
/// more than one.
@inline(__always)
func forEachPiece(of count: Int, length: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
  guard count > length else {
    if count > 0 { body(0, count) }
    return
  }
  ThreadPool.shared.run(pieces: (count + length - 1) / length) { piece in
    let start = piece * length
    body(start, min(length, count - start))
  }
}

/// Calls `body` with the place of one element of the given type that holds the value, as `Cast` would convert it.
@inline(__always)
func withScalar(_ value: Double, type: ElementType, _ body: (UnsafeRawPointer) -> Void) {
  switch type {
  case .float32: withUnsafePointer(to: Float(value)) { body($0) }
  case .float64: withUnsafePointer(to: value) { body($0) }
  case .int32: withUnsafePointer(to: saturated(value, as: Int32.self)) { body($0) }
  case .int64: withUnsafePointer(to: saturated(value, as: Int64.self)) { body($0) }
  case .uint8: withUnsafePointer(to: saturated(value, as: UInt8.self)) { body($0) }
  case .bool: withUnsafePointer(to: value != 0 ? 1 as UInt8 : 0) { body($0) }
  }
}

private func saturated<Integer: FixedWidthInteger>(_ value: Double, as type: Integer.Type) -> Integer {
  if value.isNaN { return 0 }
  if value <= Double(Integer.min) { return .min }
  return value >= Double(Integer.max) ? .max : Integer(value)
}
