import AdjointAutodiff

/// Numbers to test with: float64, drawn from a range, the same in every run.
///
/// - Parameters:
///   - shape: The sizes of the axes.
///   - range: Where the numbers lie.
///   - seed: Different seeds give different numbers.
public func sample(_ shape: Shape, in range: Range<Double> = -2..<2, seed: UInt64 = 1) -> Tensor {
  Tensor.uniform(shape, in: range, dataType: .float64, from: RandomStream(seed: seed, name: "\(shape)"))
}

/// The same numbers with the axes in memory in the opposite order and a gap after each number, so that no stride is
/// what a contiguous tensor would have; with a path back to the tensor where it is recorded.
public func scattered(_ tensor: Tensor) -> Tensor {
  let reversed = Array((0..<tensor.rank).reversed())
  let gaps = Tensor.filled(with: .nan, shape: tensor.shape, dataType: tensor.dataType)
  return Tensor.stack([tensor, gaps].map { $0.transposed(reversed) }, axis: -1)[TensorIndex.ellipsis, 0]
    .transposed(reversed)
}

extension Tensor {
  /// Each element times a number of its own, the same in every run, so that no two places are alike.
  public func weighted() -> Tensor { self * sample(shape, in: 0.5..<1.5, seed: 2).cast(to: dataType) }
}
