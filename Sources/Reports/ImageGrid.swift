import AdjointAutodiff
import AdjointData

/// Images side by side in one picture, to look at: samples of a data set, the filters of a layer, its maps.
///
/// ```swift
/// try ImageGrid(batch.images, columns: 8, magnification: 2).write(to: "batch.png")
/// ```
public struct ImageGrid: Sendable {
  /// Which value is drawn black and which white.
  public enum Normalization: Sendable {
    /// The least and the greatest value of each image.
    case perImage
    /// The least and the greatest value of all images.
    case shared
    /// The bounds of a range, such as `0...1`; what is outside is drawn as the nearer bound.
    case range(ClosedRange<Double>)
  }

  private let picture: PNG

  /// A picture of images.
  ///
  /// - Parameters:
  ///   - images: `[count, height, width, channels]` with at least one image, and 1 or 3 channels: gray, or red,
  ///     green and blue.
  ///   - columns: How many images stand side by side; nil makes about as many rows as columns.
  ///   - padding: The white pixels between images, and around them all.
  ///   - magnification: How many pixels wide and high a pixel of the images is drawn.
  ///   - normalization: Which value is drawn black and which white.
  /// - Traps: where the images have another shape, or a number is out of its range.
  public init(
    _ images: Tensor, columns: Int? = nil, padding: Int = 2, magnification: Int = 1,
    normalization: Normalization = .shared
  ) {
    require(
      images.rank == 4 && images.count > 0 && [1, 3].contains(images.shape[3]), "imageGrid",
      "these are not images", given: "\(images.shape)", expected: "[count, height, width, 1 or 3], not empty")
    require(
      (columns ?? 1) >= 1 && padding >= 0 && magnification >= 1, "imageGrid", "no such layout",
      given: "\(columns ?? 1) columns, padding \(padding), magnification \(magnification)",
      expected: "1 or more, 0 or more, 1 or more")
    self.init(
      images.scalars(as: Float.self), count: images.shape[0], height: images.shape[1],
      width: images.shape[2], channels: images.shape[3], columns: columns, padding: padding,
      magnification: magnification, normalization: normalization)
  }

  /// The picture's width in pixels.
  public var width: Int { picture.width }
  /// The picture's height in pixels.
  public var height: Int { picture.height }

  /// The picture as a PNG file.
  public var png: [UInt8] { picture.bytes }

  /// Writes the picture as a PNG file. A file of that name is replaced.
  ///
  /// - Throws: `DataError` where the file cannot be written; what was there before is then still there.
  public func write(to path: String) throws(DataError) {
    try Files.write(png, to: path, operation: "png")
  }

  /// - Parameter values: The images' values, count × height × width × channels.
  init(
    _ values: [Float], count: Int, height: Int, width: Int, channels: Int, columns: Int?, padding: Int,
    magnification: Int, normalization: Normalization
  ) {
    let columns = min(columns ?? Self.squareColumns(count), count)
    let rows = (count + columns - 1) / columns
    let (tileHeight, tileWidth) = (height * magnification, width * magnification)
    let paper: UInt8 = 255
    var picture = PNG(
      width: columns * (tileWidth + padding) + padding, height: rows * (tileHeight + padding) + padding,
      channels: channels, filledWith: paper)

    let size = height * width * channels
    let scales = Self.scales(values, imageSize: size, normalization)
    for image in 0..<count {
      let top = padding + image / columns * (tileHeight + padding)
      let left = padding + image % columns * (tileWidth + padding)
      for y in 0..<tileHeight {
        var target = ((top + y) * picture.width + left) * channels
        let row = image * size + y / magnification * width * channels
        for x in 0..<tileWidth {
          let source = row + x / magnification * channels
          for channel in 0..<channels {
            picture.pixels[target] = scales[image].level(of: values[source + channel])
            target += 1
          }
        }
      }
    }
    self.picture = picture
  }

  private static func squareColumns(_ count: Int) -> Int {
    Int(Double(count).squareRoot().rounded(.up))
  }

  private static func scales(
    _ values: [Float], imageSize: Int, _ normalization: Normalization
  ) -> [GrayScale] {
    let starts = stride(from: 0, to: values.count, by: imageSize)
    return switch normalization {
    case .perImage: starts.map { GrayScale(spanning: values[$0..<$0 + imageSize]) }
    case .shared: starts.map { [scale = GrayScale(spanning: values[...])] _ in scale }
    case .range(let range): starts.map { _ in GrayScale(black: range.lowerBound, white: range.upperBound) }
    }
  }
}
