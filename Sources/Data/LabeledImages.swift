import AdjointAutodiff

/// Images with a label each: what a network that classifies is trained on.
public protocol LabeledImages: Sendable {
  /// `[count, height, width, channels]`, of `uint8` or of a floating-point type.
  var images: Tensor { get }
  /// `[count]` of integers, of any type but `bool`.
  var labels: Tensor { get }
}

extension LabeledImages {
  /// The number of images.
  public var count: Int { images.shape[0] }

  /// An image, `[height, width, channels]`, and its label.
  ///
  /// - Traps: where there is no such image.
  public subscript(index: Int) -> (image: Tensor, label: Int) {
    (images[index], labels[index].scalar(as: Int.self))
  }

  /// The images of a range, and their labels.
  ///
  /// - Traps: where the range reaches beyond the images.
  public subscript(range: Range<Int>) -> Dataset {
    Dataset(images: images[range], labels: labels[range])
  }
}

/// Images and labels of one's own.
///
/// ```swift
/// let data = Dataset(images: Tensor.zeros([3, 8, 8, 1]), labels: Tensor([2, 0, 1]))
/// data[0].label  // 2
/// ```
public struct Dataset: LabeledImages {
  /// `[count, height, width, channels]`, of `uint8` or of a floating-point type.
  public let images: Tensor
  /// `[count]` of integers, in the type in which they were given; in batches they are `int64`.
  public let labels: Tensor

  /// Images with a label each.
  ///
  /// - Parameters:
  ///   - images: `[count, height, width, channels]`; `uint8` where they are many, as it takes a quarter of the
  ///     memory, and batches of it are converted.
  ///   - labels: `[count]` of integers; `int64` is what losses take, and what batches of other types become.
  /// - Traps: where there is not one label for each image, or a type is another.
  public init(images: Tensor, labels: Tensor) {
    require(
      images.rank == 4, "dataset", "not a batch of images", given: "shape \(images.shape)",
      expected: "[count, height, width, channels]", hint: "TensorBatches takes tensors of any shapes")
    require(
      labels.shape.sizes == [images.shape[0]], "dataset", "there is not one label for each image",
      given: "images \(images.shape), labels \(labels.shape)",
      expected: "[count, height, width, channels] and [count]")
    require(
      images.dataType.isFloatingPoint || images.dataType == .uint8, "dataset", "the images are no pixels",
      given: "\(images.dataType)", expected: "uint8, float32 or float64")
    require(
      [.int64, .int32, .uint8].contains(labels.dataType), "dataset", "labels are not integers",
      given: "\(labels.dataType)", expected: "int64, int32 or uint8", hint: "cast(to: .int64) converts")
    self.images = images
    self.labels = labels
  }
}
