import CAdjointKernels

/// The left operand of a product, block by block: a matrix, or the windows of an image.
protocol RowSource {
  /// A block's rows, which may lie in `scratch`, as `AdjointMatmul.pack_rows` puts them there.
  func block(rows: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointProductRows

  /// Where a block begins whose columns are runs of memory that are read where they lie.
  func placeOfColumns(row: Int, inner: Int) -> UnsafeRawPointer?

  /// What begins at a row and a column, where it lies as a matrix.
  func matrix(row: Int, column: Int) -> AdjointMatrix?
}

extension RowSource {
  func placeOfColumns(row: Int, inner: Int) -> UnsafeRawPointer? { nil }
  func matrix(row: Int, column: Int) -> AdjointMatrix? { nil }
}

/// The right operand of a product, block by block.
protocol ColumnSource {
  /// A block as panels, which may lie in `scratch`.
  func panels(columns: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointPanels

  /// Where a block begins that is read where it lies, and may come from memory.
  func placeOfPanels(columns: Range<Int>, inner: Int) -> UnsafeRawPointer?

  /// What begins at a row and a column, where it lies as a matrix.
  func matrix(row: Int, column: Int) -> AdjointMatrix?
}

/// A right operand that can be copied to panels.
protocol PackableColumns {
  func pack(columns: Range<Int>, inner: Range<Int>, to place: UnsafeMutableRawPointer, panelStep: Int)
}

/// Where a block's rows are put.
protocol OutputRows {
  /// How far each of `rows` is from the output's first element.
  func fillOffsets(rows: Range<Int>, _ offsets: UnsafeMutablePointer<Int>)
}

/// Products of blocks that fit the caches, for one element type.
struct MatmulBlocks {
  /// Rows that are packed at a time: a multiple of every register tile's.
  static let rowCount = 96
  static let innerCount = Int(ADJOINT_INNER_BLOCK)

  /// Bytes of a block of the right operand up to which the next one fits the second cache beside it.
  private static let mostBesideNext = Caches.second / 4

  let kernels: AdjointMatmul
  let byteCount: Int

  init(type: ElementType) {
    let table = KernelTable.current.matmul
    kernels = (type == .float64 ? table.float64 : table.float32).pointee
    byteCount = type.byteCount
  }

  /// Columns that are multiplied at a time, so that a block of the right operand takes 512 KiB: a multiple of
  /// every register tile's.
  var columnCount: Int { 2_048 / byteCount }

  func packedRows(_ scratch: UnsafeMutableRawPointer) -> AdjointProductRows {
    AdjointProductRows(
      data: scratch, row_step: Int(kernels.packed_row_step), inner_step: 1, are_far: false)
  }

  /// `columns`, rounded up to whole register tiles.
  func paddedColumns(_ columns: Int) -> Int {
    let tile = Int(kernels.tile_columns)
    return columns.roundedUp(toMultipleOf: tile)
  }

  /// The product of some rows and some columns over a range of the inner dimension that begins at one of its
  /// blocks; the blocks' sums are added in order. Many such products may share memory for their blocks.
  func multiply<Rows: RowSource, Columns: ColumnSource>(
    _ left: Rows, _ right: Columns, into output: UnsafeMutableRawPointer, at places: some OutputRows,
    rows: Range<Int>, columns: Range<Int>, inner: Range<Int>,
    epilogue: AdjointEpilogue = AdjointEpilogue(), scratch: MatmulScratch? = nil
  ) {
    if multiplyInPlace(
      left, right, into: output, at: places, rows: rows, columns: columns, inner: inner, epilogue: epilogue,
      scratch: scratch)
    {
      return
    }
    let scratch = scratch ?? MatmulScratch(self, rows: rows.count, columns: columns.count)
    defer { withExtendedLifetime(scratch) {} }
    var placed: Range<Int>?
    for someInner in inner.blocks(of: Self.innerCount) {
      let isLast = someInner.upperBound == inner.upperBound
      let next = next(after: someInner, of: left, right, rows: rows, columns: columns, inner: inner)
      var block: (rows: Range<Int>, left: AdjointProductRows)?
      for someColumns in columns.blocks(of: columnCount) {
        let panels = right.panels(columns: someColumns, inner: someInner, scratch: scratch.columns)
        for someRows in rows.blocks(of: Self.rowCount) {
          if block?.rows != someRows {
            block = (someRows, left.block(rows: someRows, inner: someInner, scratch: scratch.rows))
          }
          if placed != someRows {
            placed = someRows
            places.fillOffsets(rows: someRows, scratch.offsets)
          }
          kernels.multiply(
            someRows.count, someColumns.count, someInner.count, block!.left, panels,
            someRows.upperBound == rows.upperBound ? next : AdjointNextProduct(),
            AdjointProduct(
              data: output + someColumns.lowerBound * byteCount, row_offsets: scratch.offsets,
              accumulate: someInner.lowerBound > inner.lowerBound,
              epilogue: isLast
                ? epilogue.advanced(byBytes: someColumns.lowerBound * byteCount) : AdjointEpilogue()))
        }
      }
    }
  }

  /// What follows a block of the inner dimension, where that can be called for: products of few columns and many
  /// blocks get both operands from far away.
  private func next(
    after block: Range<Int>, of left: some RowSource, _ right: some ColumnSource, rows: Range<Int>,
    columns: Range<Int>, inner: Range<Int>
  ) -> AdjointNextProduct {
    guard block.upperBound < inner.upperBound,
      Self.innerCount * columns.count * byteCount <= Self.mostBesideNext
    else { return AdjointNextProduct() }
    return AdjointNextProduct(
      rows: left.placeOfColumns(row: rows.lowerBound, inner: block.upperBound),
      panels: right.placeOfPanels(columns: columns, inner: block.upperBound))
  }
}

/// Memory for one block of each operand and for the places of the output's rows.
struct MatmulScratch {
  let rows: UnsafeMutableRawPointer
  let columns: UnsafeMutableRawPointer
  let offsets: UnsafeMutablePointer<Int>
  private let buffer: Buffer

  init(_ blocks: MatmulBlocks, rows: Int, columns: Int) {
    let rowCount = min(rows, MatmulBlocks.rowCount)
    let columnCount = blocks.paddedColumns(min(columns, blocks.columnCount))
    // Rows that are columns in memory are as many as the inner elements.
    let rowsByteCount =
      max(rowCount, MatmulBlocks.innerCount) * Int(blocks.kernels.packed_row_step) * blocks.byteCount
    let columnsByteCount = MatmulBlocks.innerCount * columnCount * blocks.byteCount
    // Both counts are multiples of 64 bytes.
    buffer = Buffer(byteCount: rowsByteCount + columnsByteCount + rowCount * MemoryLayout<Int>.stride)
    self.rows = buffer.pointer
    self.columns = self.rows + rowsByteCount
    offsets = (self.columns + columnsByteCount).assumingMemoryBound(to: Int.self)
  }
}

/// Rows at a constant distance.
struct EvenRows: OutputRows {
  let step: Int

  func fillOffsets(rows: Range<Int>, _ offsets: UnsafeMutablePointer<Int>) {
    var place = rows.lowerBound * step
    for index in 0..<rows.count {
      offsets[index] = place
      place &+= step
    }
  }
}

/// A matrix whose blocks are packed when they are asked for, unless they lie as panels already. Valid for as long as the
/// view's buffer lives.
struct MatrixBlocks: RowSource, ColumnSource, PackableColumns {
  let blocks: MatmulBlocks
  private(set) var matrix: AdjointMatrix

  init(_ blocks: MatmulBlocks, _ view: MatrixView) {
    self.blocks = blocks
    matrix = AdjointMatrix(data: view.region.pointer, row_step: view.rowStep, column_step: view.columnStep)
  }

  /// The matrix that begins so many elements further on.
  func advanced(by elements: Int) -> MatrixBlocks {
    var further = self
    further.matrix.data += elements * blocks.byteCount
    return further
  }

  /// Whether the register tile can read all of `columns` columns where they lie: as whole vectors of rows that
  /// are near each other. Packing them would cost more than it saves, the more so as one core would read what
  /// another wrote.
  func liesAsPanels(columns: Int) -> Bool {
    let width = Int(blocks.kernels.tile_columns)
    return matrix.column_step == 1 && columns % width == 0
      && abs(matrix.row_step) * blocks.byteCount <= Int(blocks.kernels.unpacked_row_bytes)
  }

  func matrix(row: Int, column: Int) -> AdjointMatrix? { block(row: row, column: column) }

  private func block(row: Int, column: Int) -> AdjointMatrix {
    var block = matrix
    block.data += (row * matrix.row_step + column * matrix.column_step) * blocks.byteCount
    return block
  }

  private var readsColumnsInPlace: Bool {
    matrix.row_step == 1 && abs(matrix.column_step) * blocks.byteCount <= 8_192
  }

  /// Rows are read where they lie, unless a tile's rows are a multiple of a page apart, and would drive each
  /// other out of the first cache, or no two of a row's elements are on the same pages.
  func block(rows: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointProductRows {
    let block = block(row: rows.lowerBound, column: inner.lowerBound)
    let areApart = block.row_step * blocks.byteCount % 4_096 != 0
    if block.column_step == 1 && areApart || readsColumnsInPlace {
      return AdjointProductRows(
        data: block.data, row_step: block.row_step, inner_step: block.column_step, are_far: false)
    }
    blocks.kernels.pack_rows(rows.count, inner.count, block, scratch)
    return blocks.packedRows(scratch)
  }

  func placeOfColumns(row: Int, inner: Int) -> UnsafeRawPointer? {
    readsColumnsInPlace ? block(row: row, column: inner).data : nil
  }

  func placeOfPanels(columns: Range<Int>, inner: Int) -> UnsafeRawPointer? {
    liesAsPanels(columns: columns.count) ? block(row: inner, column: columns.lowerBound).data : nil
  }

  func panels(columns: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointPanels {
    let step = Int(blocks.kernels.tile_columns)
    if liesAsPanels(columns: columns.count) {
      let block = block(row: inner.lowerBound, column: columns.lowerBound)
      return AdjointPanels(data: block.data, inner_step: block.row_step, panel_step: step)
    }
    let panelStep = inner.count * step
    pack(columns: columns, inner: inner, to: scratch, panelStep: panelStep)
    return AdjointPanels(data: scratch, inner_step: step, panel_step: panelStep)
  }

  func pack(columns: Range<Int>, inner: Range<Int>, to place: UnsafeMutableRawPointer, panelStep: Int) {
    blocks.kernels.pack_columns(
      inner.count, columns.count, block(row: inner.lowerBound, column: columns.lowerBound), place, panelStep)
  }
}

/// A right operand that was packed as a whole, each block of the inner dimension after the other.
struct PackedColumns: ColumnSource {
  let blocks: MatmulBlocks
  let paddedColumns: Int
  let buffer: Buffer

  init(_ blocks: MatmulBlocks, inner: Int, columns: Int) {
    self.blocks = blocks
    paddedColumns = blocks.paddedColumns(columns)
    buffer = Buffer(byteCount: inner * paddedColumns * blocks.byteCount)
  }

  /// `columns` begins at a multiple of the register tile's columns, and `inner` lies within one block.
  func panels(columns: Range<Int>, inner: Range<Int>, scratch: UnsafeMutableRawPointer) -> AdjointPanels {
    let step = Int(blocks.kernels.tile_columns)
    return AdjointPanels(
      data: place(columns: columns, inner: inner), inner_step: step, panel_step: inner.count * step)
  }

  /// Nowhere: it was written just now.
  func placeOfPanels(columns: Range<Int>, inner: Int) -> UnsafeRawPointer? { nil }

  func matrix(row: Int, column: Int) -> AdjointMatrix? { nil }

  private func place(columns: Range<Int>, inner: Range<Int>) -> UnsafeMutableRawPointer {
    buffer.pointer + (inner.lowerBound * paddedColumns + columns.lowerBound * inner.count) * blocks.byteCount
  }

  /// Packs all of a source, on all threads if it is large.
  func fill(from source: some PackableColumns, inner: Int, columns: Int) {
    let innerBlocks = (0..<inner).blocks(of: MatmulBlocks.innerCount)
    let columnBlocks = (0..<columns).blocks(of: blocks.columnCount)
    func pack(_ piece: Int) {
      let someInner = innerBlocks[piece / columnBlocks.count]
      let someColumns = columnBlocks[piece % columnBlocks.count]
      source.pack(
        columns: someColumns, inner: someInner, to: place(columns: someColumns, inner: someInner),
        panelStep: someInner.count * Int(blocks.kernels.tile_columns))
    }
    let pieces = innerBlocks.count * columnBlocks.count
    if inner * columns < 1 << 16 {
      for piece in 0..<pieces { pack(piece) }
    } else {
      ThreadPool.shared.run(pieces: pieces, pack)
    }
  }
}
