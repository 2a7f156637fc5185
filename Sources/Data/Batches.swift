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
  private let parts: TensorBatches

  init(_ parts: TensorBatches) { self.parts = parts }

  /// How many batches there are.
  public var count: Int { parts.count }

  /// As `count`.
  public var underestimatedCount: Int { count }

  /// Starts at the first batch.
  public func makeIterator() -> Iterator { Iterator(parts: parts.makeIterator()) }

  /// Goes through the batches once.
  public struct Iterator: IteratorProtocol {
    fileprivate var parts: TensorBatches.Iterator

    /// The next batch; nil after the last.
    public mutating func next() -> Batch? {
      guard let part = parts.next() else { return nil }
      let (pixels, labels) = (part[0], part[1])
      let images = pixels.dataType.isFloatingPoint ? pixels : pixels.cast(to: .float32) / 255
      return Batch(images: images, labels: labels.cast(to: .int64))
    }
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
  /// ``TensorBatches`` makes batches of anything else.
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
    let data = Dataset(images: images, labels: labels)
    return Batches(
      TensorBatches(
        [data.images, data.labels], size: size, shuffledBy: seed, epoch: epoch, dropsPartial: dropsPartial))
  }
}
