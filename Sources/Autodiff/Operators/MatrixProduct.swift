import AdjointKernels

extension Tensor {
  /// The matrix product: rows of this tensor with columns of the other.
  ///
  /// With two axes each, `[m, k] · [k, n] = [m, n]`. Further axes in front are batches and are broadcast. A vector
  /// on the left is a row and on the right a column, and its axis is gone from the result. Transposed matrices are read as
  /// they lie, without a copy, but for a batch on the left of one matrix, which becomes one matrix of all its rows.
  ///
  /// - Parameters:
  ///   - other: The right operand.
  ///   - bias: Shape `[n]`, added to every row; for matrices on both sides.
  ///   - activation: What is applied last. Bias and activation take no passes over memory of their own.
  /// - Returns: Shape `[batches…, m, n]`.
  /// - Traps: where the inner sizes or the types differ, the type is `uint8` or `bool`, or with an activation not a
  ///   floating-point one, an operand is a scalar, the bias does not fit, or batches do not broadcast.
  public func matrixProduct(
    _ other: Tensor, bias: Tensor? = nil, activation: OutputActivation = .identity
  ) -> Tensor {
    Tensor.requireSameType(self, other, "matrixProduct")
    dataType.requireMatrixProducts("matrixProduct")
    require(
      rank >= 1 && other.rank >= 1, "matrixProduct", "an operand is a scalar",
      given: "\(shape) and \(other.shape)", expected: "vectors, matrices or batches of them",
      hint: "the operator * multiplies by a number")
    if activation != .identity { requireFloatingPoint("matrixProduct") }
    let left = rank == 1 ? expandedDimensions(at: 0) : self
    let right = other.rank == 1 ? other.expandedDimensions(at: 1) : other
    let (inner, columns) = (right.shape.sizes[right.rank - 2], right.shape.sizes[right.rank - 1])
    require(
      left.shape.sizes[left.rank - 1] == inner, "matrixProduct", "inner sizes differ",
      given: "\(shape) and \(other.shape)", expected: "[…, m, k] and […, k, n]",
      hint: "transposed() exchanges the last two axes")
    if let bias {
      require(
        bias.shape.sizes == [columns] && rank >= 2 && other.rank >= 2, "matrixProduct",
        "the bias is not one number a column",
        given: "bias \(bias.shape), operands \(shape) and \(other.shape)",
        expected: "bias [\(columns)], and matrices")
      Tensor.requireSameType(self, bias, "matrixProduct")
    }
    var product: Tensor
    if left.rank > 2, right.rank == 2 {
      // One matrix under a whole batch: a single product over all rows of the batch.
      let sizes = left.shape.sizes.dropLast()
      product = left.reshaped(to: [sizes.reduce(1, *), inner]).batchedProduct(right, bias, activation)
        .reshaped(to: Shape(unchecked: sizes + [columns]))
    } else {
      product = left.batchedProduct(right, bias, activation)
    }
    if other.rank == 1 { product = product.squeezed(axis: -1) }
    return rank == 1 ? product.squeezed(axis: other.rank == 1 ? -1 : -2) : product
  }

  /// The products of all pairs of elements of two vectors: `[m]` and `[n]` make `[m, n]`.
  ///
  /// - Traps: where an operand is not a vector, or the types differ or are `bool`.
  public func outerProduct(_ other: Tensor) -> Tensor {
    require(
      rank == 1 && other.rank == 1, "outerProduct", "an operand is not a vector",
      given: "\(shape) and \(other.shape)", expected: "[m] and [n]")
    Tensor.requireSameType(self, other, "outerProduct")
    dataType.requireNumbers("outerProduct")
    return expandedDimensions(at: 1) * other
  }

  /// The product of matrices, or of batches of them.
  private func batchedProduct(_ other: Tensor, _ bias: Tensor?, _ activation: OutputActivation) -> Tensor {
    let rectifies = activation.isFused
    let product = productValue(other, bias, rectifies: rectifies).recorded(
      as: "matrixProduct",
      GradientPath(to: self) { $0.matrixProduct(other.transposed()) },
      GradientPath(to: other) { self.transposed().matrixProduct($0) },
      bias.flatMap { GradientPath(to: $0) { $0 } })
    return product.activated(by: activation, isRectified: rectifies)
  }

  private func productValue(_ other: Tensor, _ bias: Tensor?, rectifies: Bool) -> Tensor {
    let (rows, inner, columns) = (
      shape.sizes[rank - 2], shape.sizes[rank - 1], other.shape.sizes[other.rank - 1]
    )
    guard let batch = batchShape.broadcast(with: other.batchShape) else {
      Failure(
        "matrixProduct", "batches do not broadcast", given: "\(shape) and \(other.shape)",
        expected: "sizes that are equal or 1 in front of the last two, aligned there",
        hint: "reshaped(to:) or expandedDimensions(at:) adds axes of size 1"
      ).trap()
    }
    let (left, right) = (matrices(batch: batch), other.matrices(batch: batch))
    let bias = bias?.contiguous()
    let shape = Shape(unchecked: batch.rank == 0 ? [rows, columns] : batch.sizes + [rows, columns])
    return Tensor(shape, dataType) {
      Matmul.multiply(
        left, right, into: MatrixView(Region($0), rowStep: columns, batchStep: rows * columns),
        batch: batch.elementCount, rows: rows, inner: inner, columns: columns,
        epilogue: Epilogue(bias: bias?.region, rectifies: rectifies), rightStays: Recording.isInference,
        type: dataType.elementType)
    }
  }

  /// All axes but a matrix's two.
  private var batchShape: Shape { rank == 2 ? .scalar : Shape(unchecked: Array(shape.sizes.dropLast(2))) }

  /// This tensor as matrices at one distance from each other, copied only if they do not lie so.
  private func matrices(batch: Shape) -> MatrixView {
    if rank == 2 {
      // Without the lists below: they would take as long as a small product.
      return MatrixView(region, rowStep: strides?[0] ?? shape.sizes[1], columnStep: strides?[1] ?? 1)
    }
    let strides = effectiveStrides
    let batchStrides = batchShape.broadcastStrides(Array(strides.dropLast(2)), to: batch)
    guard let step = Self.commonStep(of: batchStrides, sizes: batch.sizes) else {
      let matrix = Array(shape.sizes.suffix(2))
      return detached().broadcast(to: Shape(unchecked: batch.sizes + matrix)).copied().matrices(batch: batch)
    }
    return MatrixView(region, rowStep: strides[rank - 2], columnStep: strides[rank - 1], batchStep: step)
  }

  /// The distance between neighbours when all axes are counted through as one, if there is such.
  private static func commonStep(of strides: [Int], sizes: [Int]) -> Int? {
    var step: Int?
    var expected = 0
    for axis in sizes.indices.reversed() where sizes[axis] != 1 {
      if step == nil { (step, expected) = (strides[axis], strides[axis]) }
      guard strides[axis] == expected else { return nil }
      expected *= sizes[axis]
    }
    return step ?? 0
  }
}
