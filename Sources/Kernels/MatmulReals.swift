import CAdjointKernels

/// A product of float32 or float64 matrices, cut into pieces by its sizes alone.
struct MatmulOfReals {
  var left: MatrixView
  var right: MatrixView
  var output: MatrixView
  var batch: Int
  var rows: Int
  let inner: Int
  let columns: Int
  var epilogue: Epilogue
  let rightStays: Bool
  let type: ElementType
  private let blocks: MatmulBlocks
  private let isSummedInParts: Bool

  init(
    left: MatrixView, right: MatrixView, output: MatrixView, batch: Int, rows: Int, inner: Int, columns: Int,
    epilogue: Epilogue, rightStays: Bool, type: ElementType
  ) {
    self.left = left
    self.right = right
    self.output = output
    self.batch = batch
    self.rows = rows
    self.inner = inner
    self.columns = columns
    self.epilogue = epilogue
    self.rightStays = rightStays
    self.type = type
    blocks = MatmulBlocks(type: type)
    // Not for a batch, whether or not its steps make it one product: only the sizes may show in a result.
    isSummedInParts =
      batch == 1 && MatmulParts.areWorthwhile(rows: rows, columns: columns, inner: inner, blocks: blocks)
    let isOneProduct =
      right.batchStep == 0 && left.batchStep == rows * left.rowStep
      && output.batchStep == rows * output.rowStep
    if isOneProduct {
      self.rows *= batch
      self.batch = 1
    }
  }

  func run() {
    guard batch > 1 else { return multiplyInParallel() }
    let work = rows * columns * inner
    if work < MatmulCut.workOfManyPieces {
      let groups = (0..<batch).blocks(of: max(1, MatmulCut.workOfOnePiece / (MatmulCut.workToBegin + work)))
      ThreadPool.shared.run(pieces: groups.count) { multiplyEach(of: groups[$0]) }
    } else {
      for index in 0..<batch { matrix(index).multiplyInParallel() }
    }
  }

  private func matrix(_ index: Int) -> MatmulOfReals {
    var product = self
    product.left = left.matrix(index, byteCount: type.byteCount)
    product.right = right.matrix(index, byteCount: type.byteCount)
    product.output = output.matrix(index, byteCount: type.byteCount)
    product.epilogue = epilogue.ofMatrix(atByteOffset: index * output.batchStep * type.byteCount)
    return product
  }

  /// Some matrices of the batch, on the calling thread: small ones, of which each must begin fast.
  private func multiplyEach(of indices: Range<Int>) {
    let (left, right) = (MatrixBlocks(blocks, left), MatrixBlocks(blocks, right))
    let (start, step, epilogue) = (output.region.pointer, output.batchStep, epilogue.forKernels)
    let scratch = MatmulScratch(blocks, rows: rows, columns: columns)
    defer { withExtendedLifetime(scratch) {} }
    for index in indices {
      let offset = index * step * type.byteCount
      blocks.multiply(
        left.advanced(by: index * self.left.batchStep), right.advanced(by: index * self.right.batchStep),
        into: start + offset, at: EvenRows(step: output.rowStep), rows: 0..<rows, columns: 0..<columns,
        inner: 0..<inner, epilogue: epilogue.belowRows(byBytes: offset), scratch: scratch)
    }
  }

  private func multiplyInParallel() {
    if isSummedInParts {
      multiplyInParts()
      return
    }
    let source = MatrixBlocks(blocks, right)
    let liesAsPanels = source.liesAsPanels(columns: columns)
    let fitsCache = inner * columns * type.byteCount <= Caches.second
    let cut = MatmulCut(
      rows: rows, columns: columns, inner: inner, columnCount: blocks.columnCount,
      rowCount: columns == 1 ? MatmulBlocks.rowsOfColumn : MatmulBlocks.rowCount,
      sharesRight: rightStays && liesAsPanels && fitsCache)
    if !cut.cutsRows || columns == 1 || liesAsPanels {
      // No other piece reads a piece's columns, or none needs packing.
      multiply(cut, right: source)
    } else {
      let packed = PackedColumns(blocks, inner: inner, columns: columns)
      defer { withExtendedLifetime(packed) {} }
      packed.fill(from: source, inner: inner, columns: columns)
      multiply(cut, right: packed)
    }
  }

  private func multiply(_ cut: MatmulCut, right: some ColumnSource) {
    ThreadPool.shared.run(pieces: cut.pieces) { piece in
      multiply(rows: cut.rows(piece), columns: cut.columns(piece), right: right)
    }
  }

  private func multiply(rows: Range<Int>, columns: Range<Int>, right: some ColumnSource) {
    blocks.multiply(
      MatrixBlocks(blocks, left), right, into: output.region.pointer, at: EvenRows(step: output.rowStep),
      rows: rows, columns: columns, inner: 0..<inner, epilogue: epilogue.forKernels)
  }

  /// Sums parts of the inner dimension apart, then adds them in their order.
  private func multiplyInParts() {
    let parts = MatmulParts(rows: rows, columns: columns, inner: inner, blocks: blocks)
    parts.fill(MatrixBlocks(blocks, left), MatrixBlocks(blocks, right))
    parts.sum(into: output.region.pointer, step: output.rowStep, epilogue: epilogue.forKernels)
  }
}
