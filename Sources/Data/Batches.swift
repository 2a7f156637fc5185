import AdjointAutodiff

/// Some images and their labels, to take one step with.
public struct Batch: Sendable {
  /// `[size, height, width, channels]` of a floating-point type; images of `uint8` are scaled to 0...1.
  public let images: Tensor
  /// `[size]` of `int64`, as losses take them, whatever the data set's type.
  public let labels: Tensor
}

/// A data set cut into batches, which are made one at a time as they are asked for.
public struct Batches: Sequence, Sendable {
  /// How many batches there are.
  public let count: Int

  private let data: Dataset
  private let size: Int
  /// The images in the order in which they come; nil where it is their own.
  private let order: Tensor?

  init(_ data: Dataset, size: Int, order: Tensor?, dropsPartial: Bool) {
    self.data = data
    self.size = size
    self.order = order
    count = data.count / size + (dropsPartial || data.count.isMultiple(of: size) ? 0 : 1)
  }

  /// As `count`.
  public var underestimatedCount: Int { count }

  /// Starts at the first batch.
  public func makeIterator() -> Iterator { Iterator(batches: self) }

  /// Goes through the batches once.
  public struct Iterator: IteratorProtocol {
    fileprivate let batches: Batches
    private var position = 0

    fileprivate init(batches: Batches) { self.batches = batches }

    /// The next batch; nil after the last.
    public mutating func next() -> Batch? {
      guard position < batches.count else { return nil }
      defer { position += 1 }
      return batches.batch(position)
    }
  }

  private func batch(_ position: Int) -> Batch {
    let start = position * size
    let range = start..<start + Swift.min(size, data.count - start)
    let part = order.map { data[at: $0[range]] } ?? data[range]
    let pixels = part.images
    let images = pixels.dataType.isFloatingPoint ? pixels : pixels.cast(to: .float32) / 255
    return Batch(images: images, labels: part.labels.cast(to: .int64))
  }
}

extension LabeledImages {
  /// The images and labels in batches, in their own order or shuffled anew for each epoch.
  ///
  /// ```swift
  /// for epoch in 0..<5 {
  ///   for batch in data.batches(size: 64, shuffledBy: seed, epoch: epoch) { step(batch.images, batch.labels) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - size: How many images a batch has.
  ///   - seed: What determines the order, together with the epoch; nil leaves the images in their own.
  ///   - epoch: How often the data have been gone through before.
  ///   - dropsPartial: Whether a last batch of fewer images is left out.
  /// - Traps: where the size is below 1 or the epoch below 0.
  public func batches(
    size: Int, shuffledBy seed: UInt64? = nil, epoch: Int = 0, dropsPartial: Bool = false
  ) -> Batches {
    require(
      size >= 1 && epoch >= 0, "batches", "no such batches", given: "size \(size), epoch \(epoch)",
      expected: "a size of 1 or more, an epoch of 0 or more")
    let order = seed.map { Tensor(shuffledPositions(count, seed: $0, epoch: epoch)) }
    var data = Dataset(images: images, labels: labels)
    // Taking images copies all of them first where they are not contiguous: once here, not once a batch.
    if order != nil { data = Dataset(images: images.contiguous(), labels: labels.contiguous()) }
    return Batches(data, size: size, order: order, dropsPartial: dropsPartial)
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

extension Dataset {
  fileprivate subscript(at places: Tensor) -> Dataset {
    Dataset(images: images.taken(at: places), labels: labels.taken(at: places))
  }
}
