/// One number for every spatial axis, or one for each: `3` or `[3, 5]`.
public struct Extents: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// The numbers as given.
  public let values: [Int]

  /// The same number for every axis.
  public init(_ value: Int) { values = [value] }

  /// One number for each axis, height before width.
  public init(_ values: [Int]) { self.values = values }

  public init(integerLiteral value: Int) { values = [value] }
  public init(arrayLiteral values: Int...) { self.values = values }

  /// Of larger numbers not all products could be counted.
  static let largest = Int(Int32.max)

  /// One number for each of the axes. Traps where there are neither one nor as many, or one is too small or too large.
  package func resolved(
    axes: Int, atLeast minimum: Int = 1, _ operation: @autoclosure () -> String,
    _ what: @autoclosure () -> String
  ) -> [Int] {
    require(
      values.count == 1 || values.count == axes, operation(), "\(what()) is not one number for each axis",
      given: "\(values)", expected: "one number, or \(axes)")
    require(
      values.allSatisfy { $0 >= minimum }, operation(), "\(what()) is too small", given: "\(values)",
      expected: "\(minimum) or more")
    require(
      values.allSatisfy { $0 <= Self.largest }, operation(), "\(what()) is too large", given: "\(values)",
      expected: "at most \(Self.largest)")
    return values.count == axes ? values : Array(repeating: values[0], count: axes)
  }
}

/// How many positions an axis is extended by, at its two ends.
public struct PaddingWidths: Sendable, Hashable {
  /// Before the first position.
  public var before: Int
  /// After the last position.
  public var after: Int

  /// Different widths at the two ends.
  public init(before: Int, after: Int) {
    self.before = before
    self.after = after
  }

  /// The same width at both ends.
  public init(_ width: Int) { self.init(before: width, after: width) }

  var total: Int { before + after }
}

/// How far an image is extended before windows slide over it.
public enum Padding: Sendable, Hashable {
  /// Not at all: every window lies within the image.
  case valid
  /// So that there are ⌈size / stride⌉ windows along each axis; an odd position goes after.
  case same
  /// By the given widths, for each spatial axis.
  case explicit([PaddingWidths])

  /// By the same width at both ends of every spatial axis.
  public static func symmetric(_ width: Int) -> Padding { .explicit([PaddingWidths(width)]) }

  /// One pair of widths for each of the axes. Traps where there are neither one nor as many, or one is below 0.
  fileprivate static func resolved(
    _ widths: [PaddingWidths], axes: Int, _ operation: @autoclosure () -> String
  ) -> [PaddingWidths] {
    require(
      (widths.count == 1 || widths.count == axes) && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      operation(), "the padding does not fit the spatial axes",
      given: "\(widths.map { [$0.before, $0.after] })",
      expected: "one pair of widths of 0 or more, or \(axes)")
    require(
      widths.allSatisfy { max($0.before, $0.after) <= Extents.largest }, operation(),
      "the padding is too large", given: "\(widths.map { [$0.before, $0.after] })",
      expected: "widths of at most \(Extents.largest)")
    return widths.count == axes ? widths : Array(repeating: widths[0], count: axes)
  }
}

/// What is said of windows before there is an image, and so maybe not yet of how many axes.
extension Extents {
  /// Traps where the numbers could be no axes' at all, or one is too small.
  ///
  /// - Parameter axes: The number of spatial axes; nil for any of 1 to 3.
  package func check(
    axes: Int? = nil, atLeast minimum: Int = 1, _ operation: @autoclosure () -> String,
    _ what: @autoclosure () -> String
  ) {
    let axes = axes ?? min(max(values.count, 1), 3)
    _ = resolved(axes: axes, atLeast: minimum, operation(), what())
  }
}

extension Padding {
  /// Traps where the widths could be no axes' at all, or one is below 0.
  ///
  /// - Parameter axes: The number of spatial axes; nil for any of 1 to 3.
  package func check(axes: Int? = nil, _ operation: @autoclosure () -> String) {
    guard case .explicit(let widths) = self else { return }
    _ = Self.resolved(widths, axes: axes ?? min(max(widths.count, 1), 3), operation())
  }
}

/// Windows that slide over the spatial axes of an image, with everything resolved to one number an axis.
package struct Windows: Sendable, Hashable {
  package let imageSize: [Int]
  package let kernelSize: [Int]
  package let strides: [Int]
  package let dilations: [Int]
  package let padding: [PaddingWidths]

  package init(
    over imageSize: [Int], kernelSize: [Int], strides: [Int], dilations: [Int], padding: Padding,
    _ operation: @autoclosure () -> String
  ) {
    Self.requirePlaces(kernelSize, operation())
    let reaches = zip(kernelSize, dilations).map { ($0 - 1) * $1 + 1 }
    let widths = Self.widths(padding, imageSize, reaches, strides, operation())
    self.init(
      imageSize: imageSize, kernelSize: kernelSize, strides: strides, dilations: dilations, padding: widths)
    for axis in imageSize.indices {
      require(
        imageSize[axis] + widths[axis].total >= reaches[axis], operation(),
        "the window is larger than the padded image",
        given: "window \(reaches) on image \(imageSize) with padding \(widths.map { [$0.before, $0.after] })",
        expected: "at most the padded size",
        hint: imageSize[axis] > 0 ? "padding: .same extends the image" : "the image is empty")
    }
  }

  /// Windows with the given numbers, which are not checked.
  init(imageSize: [Int], kernelSize: [Int], strides: [Int], dilations: [Int], padding: [PaddingWidths]) {
    self.imageSize = imageSize
    self.kernelSize = kernelSize
    self.strides = strides
    self.dilations = dilations
    self.padding = padding
  }

  /// Traps where a window has no places.
  static func requirePlaces(_ kernelSize: [Int], _ operation: @autoclosure () -> String) {
    require(
      kernelSize.allSatisfy { $0 >= 1 }, operation(), "the window has no places",
      given: "window \(kernelSize)",
      expected: "1 or more along each axis")
  }

  /// From the first place that a window looks at to the last, both included.
  package var reaches: [Int] { zip(kernelSize, dilations).map { ($0 - 1) * $1 + 1 } }

  /// How many windows lie within the padded image along each axis.
  package var outputSize: [Int] {
    imageSize.indices.map { (imageSize[$0] + padding[$0].total - reaches[$0]) / strides[$0] + 1 }
  }

  /// How far each axis is extended, where windows reach as far as said.
  static func widths(
    _ padding: Padding, _ imageSize: [Int], _ reaches: [Int], _ strides: [Int],
    _ operation: @autoclosure () -> String
  ) -> [PaddingWidths] {
    switch padding {
    case .valid:
      return imageSize.map { _ in PaddingWidths(0) }
    case .same:
      return imageSize.indices.map { axis in
        let windows = (imageSize[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (windows - 1) * strides[axis] + reaches[axis] - imageSize[axis])
        return PaddingWidths(before: total / 2, after: total - total / 2)
      }
    case .explicit(let widths):
      return Padding.resolved(widths, axes: imageSize.count, operation())
    }
  }
}
