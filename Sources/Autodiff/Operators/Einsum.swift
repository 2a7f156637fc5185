extension Tensor {
  /// Einstein's summation: products of elements, summed over the axes that the output does not name.
  ///
  /// ```swift
  /// Tensor.einsum("bij,bjk->bik", x, y)      // a matrix product for each b
  /// Tensor.einsum("ii", x)                   // the trace
  /// Tensor.einsum("...ij->...ji", x)         // transposed matrices
  /// Tensor.einsum("bi,ij,bj->b", x, m, y)    // a bilinear form
  /// ```
  ///
  /// A letter twice in one operand takes its diagonal. An ellipsis stands for axes without a letter, which are
  /// broadcast. Without an arrow, the output has the axes of the ellipsis and then the letters that occur once, in
  /// alphabetical order. Operands are multiplied from left to right, by ``matrixProduct(_:bias:activation:)`` where
  /// axes are summed.
  ///
  /// - Parameters:
  ///   - equation: A letter for each axis of each operand, with commas between operands; then, after an arrow,
  ///     the axes of the output.
  ///   - operands: As many as the equation names, of one type.
  /// - Traps: where the equation cannot be read or does not fit the operands, types or sizes differ, or the type is
  ///   `bool`, or `uint8` and axes of two operands are summed; without sums or products any type will do.
  public static func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
    for operand in operands { requireSameType(operands[0], operand, "einsum") }
    let equation = EinsumEquation(equation, shapes: operands.map(\.shape))
    let factors = zip(operands, equation.operands).map { LabeledTensor($0, $1) }
    var product = factors[0]
    for index in factors.indices.dropFirst() {
      let later = factors[(index + 1)...].flatMap(\.labels)
      product = product.multiplied(by: factors[index], keeping: Set(equation.output + later))
    }
    return product.summed(keeping: Set(equation.output)).arranged(as: equation.output)
  }
}

/// A tensor whose axes have names, each its own.
private struct LabeledTensor {
  let tensor: Tensor
  let labels: [EinsumLabel]

  /// Takes the diagonal of axes that have the same name.
  init(_ tensor: Tensor, _ labels: [EinsumLabel]) {
    var (tensor, labels) = (tensor, labels)
    for label in labels {
      while let first = labels.firstIndex(of: label), let last = labels.lastIndex(of: label), first != last {
        tensor = tensor.diagonal(first, last)
        labels.remove(at: last)
        labels.remove(at: first)
        labels.append(label)
      }
    }
    self.tensor = tensor
    self.labels = labels
  }

  /// The sum over all axes but the given ones.
  func summed(keeping kept: Set<EinsumLabel>) -> LabeledTensor {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    if axes.isEmpty { return self }
    tensor.dataType.requireNumbers("einsum")
    return LabeledTensor(tensor.sum(axes: axes), labels.filter(kept.contains))
  }

  /// The axes in the given order.
  func arranged(as order: [EinsumLabel]) -> Tensor {
    order == labels ? tensor.unchanged : tensor.transposed(order.map { labels.firstIndex(of: $0)! })
  }

  /// The product, summed over the axes that are not to be kept.
  func multiplied(by other: LabeledTensor, keeping kept: Set<EinsumLabel>) -> LabeledTensor {
    let left = summed(keeping: kept.union(other.labels))
    let right = other.summed(keeping: kept.union(labels))
    let shared = left.labels.filter(right.labels.contains)
    let (batch, inner) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
    tensor.dataType.requireNumbers("einsum")
    if !inner.isEmpty { tensor.dataType.requireMatrixProducts("einsum") }
    let (rows, columns) = (
      left.labels.filter { !shared.contains($0) }, right.labels.filter { !shared.contains($0) }
    )
    let x = left.arranged(as: batch + rows + inner)
      .reshaped(to: Shape(left.sizes(of: batch) + [left.count(of: rows), left.count(of: inner)]))
    let y = right.arranged(as: batch + inner + columns)
      .reshaped(to: Shape(right.sizes(of: batch) + [right.count(of: inner), right.count(of: columns)]))
    // [batch…, rows, columns]
    let product = inner.isEmpty ? x * y : x.matrixProduct(y)
    let batchSizes = Array(product.shape.sizes.dropLast(2))
    return LabeledTensor(
      product.reshaped(to: Shape(batchSizes + left.sizes(of: rows) + right.sizes(of: columns))),
      batch + rows + columns)
  }

  private func sizes(of labels: [EinsumLabel]) -> [Int] {
    labels.map { tensor.shape.sizes[self.labels.firstIndex(of: $0)!] }
  }

  /// The number of elements that the axes have together.
  private func count(of labels: [EinsumLabel]) -> Int { sizes(of: labels).reduce(1, *) }
}
