import AdjointAutodiff

/// Tensors whose first axes go together, such as inputs and targets, cut along them into batches, which are made one at
/// a time as they are asked for.
///
/// ```swift
/// for epoch in 0..<5 {
///   for batch in TensorBatches([inputs, targets], size: 64, shuffledBy: seed, epoch: epoch) {
///     step(inputs: batch[0], targets: batch[1])
///   }
/// }
/// ```
public struct TensorBatches: Sequence, Sendable {
  /// How many batches there are.
  public let count: Int

  private let tensors: [Tensor]
  private let size: Int
  /// The places in the order in which they come; nil where it is their own.
  private let order: Tensor?

  /// Tensors in batches, in their own order or shuffled anew for each epoch.
  ///
  /// - Parameters:
  ///   - tensors: At least one, all of the same size along their first axis.
  ///   - size: How much of the first axis a batch has.
  ///   - seed: What determines the order, together with the epoch; nil leaves it as it is.
  ///   - epoch: How often the data have been gone through before.
  ///   - dropsPartial: Whether a smaller last batch is left out.
  /// - Traps: where the size is below 1, the epoch below 0, or the tensors do not go together.
  public init(
    _ tensors: [Tensor], size: Int, shuffledBy seed: UInt64? = nil, epoch: Int = 0, dropsPartial: Bool = false
  ) {
    require(
      size >= 1 && epoch >= 0, "batches", "no such batches", given: "size \(size), epoch \(epoch)",
      expected: "a size of 1 or more, an epoch of 0 or more")
    let lengths = Set(tensors.map { $0.shape.sizes.first ?? -1 })
    guard lengths.count == 1, let length = lengths.first, length >= 0 else {
      Failure(
        "batches", "the tensors do not go together", given: "\(tensors.map(\.shape))",
        expected: "at least one, and one size of all their first axes"
      ).trap()
    }
    order = seed.map { Tensor(shuffledPositions(length, seed: $0, epoch: epoch)) }
    // Taking places copies all of a tensor first where it is not contiguous: once here, not once a batch.
    self.tensors = order == nil ? tensors : tensors.map { $0.contiguous() }
    self.size = size
    count = length / size + (dropsPartial || length.isMultiple(of: size) ? 0 : 1)
  }

  /// As `count`.
  public var underestimatedCount: Int { count }

  /// Starts at the first batch.
  public func makeIterator() -> Iterator { Iterator(batches: self) }

  /// Goes through the batches once.
  public struct Iterator: IteratorProtocol {
    fileprivate let batches: TensorBatches
    private var position = 0

    fileprivate init(batches: TensorBatches) { self.batches = batches }

    /// A part of each of the tensors, in their order; nil after the last.
    public mutating func next() -> [Tensor]? {
      guard position < batches.count else { return nil }
      defer { position += 1 }
      return batches.batch(position)
    }
  }

  private func batch(_ position: Int) -> [Tensor] {
    let start = position * size
    let range = start..<start + Swift.min(size, tensors[0].shape[0] - start)
    guard let order else { return tensors.map { $0[range] } }
    let places = order[range]
    return tensors.map { $0.taken(at: places) }
  }
}

/// 0 ..< `count` in an order that a seed and an epoch determine.
///
/// - Source: Durstenfeld, Algorithm 235: Random permutation, 1964, doi:10.1145/364520.364540.
private func shuffledPositions(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
  var random = Philox(seed: seed, name: "batches", sequence: epoch)
  var positions = Array(0..<count)
  for last in positions.indices.dropFirst().reversed() {
    positions.swapAt(last, random.integer(below: last + 1))
  }
  return positions
}
