/// What a subscript may say about an axis: an integer, a range, a stepped range, or one of the constants.
///
/// Integers and bounds below 0 count from the end of the axis.
public enum TensorIndex: Sendable {
  /// One position; the axis goes.
  case position(Int)
  /// The positions from `start` up to, not with, `end`, `step` apart; nil bounds stand for the axis's ends.
  case range(start: Int?, end: Int?, step: Int)
  /// A new axis of size 1.
  case newAxis
  /// As many whole axes as the other entries leave.
  case ellipsis

  /// The whole axis.
  public static let all = TensorIndex.range(start: nil, end: nil, step: 1)

  /// The positions of a range, `step` apart.
  public static func every(_ step: Int, in range: Range<Int>) -> TensorIndex {
    .range(start: range.lowerBound, end: range.upperBound, step: step)
  }

  /// The positions up to and with `last`. The largest number, which is beyond any axis, has no next.
  fileprivate static func range(start: Int?, through last: Int) -> TensorIndex {
    .range(start: start, end: last == -1 ? nil : last == .max ? last : last + 1, step: 1)
  }
}

/// A Swift value that can stand in a tensor's subscript.
public protocol TensorIndexConvertible {
  /// What it says about its axis.
  var tensorIndex: TensorIndex { get }
}

extension TensorIndex: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { self }
}

extension Int: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { .position(self) }
}

extension Range<Int>: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { .range(start: lowerBound, end: upperBound, step: 1) }
}

extension ClosedRange<Int>: TensorIndexConvertible {
  public var tensorIndex: TensorIndex {
    .range(start: lowerBound, through: upperBound)
  }
}

extension PartialRangeFrom<Int>: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { .range(start: lowerBound, end: nil, step: 1) }
}

extension PartialRangeUpTo<Int>: TensorIndexConvertible {
  public var tensorIndex: TensorIndex { .range(start: nil, end: upperBound, step: 1) }
}

extension PartialRangeThrough<Int>: TensorIndexConvertible {
  public var tensorIndex: TensorIndex {
    .range(start: nil, through: upperBound)
  }
}

extension Tensor {
  /// The elements at the given places, as a view; setting replaces them.
  ///
  /// Axes that are not named are taken whole. The value set is broadcast to the places; gradients pass to it and
  /// to the elements that stay.
  ///
  /// ```swift
  /// images[0]                                     // the first image
  /// images[TensorIndex.ellipsis, 0]               // the first channel of all
  /// images[2..<5, (-3)..., TensorIndex.all, TensorIndex.newAxis]
  /// x[1, 2] = Tensor(5.0)                         // of the type of x, here float32
  /// ```
  ///
  /// - Traps: where a position is outside its axis, a range reaches beyond it, there are more entries than axes, or
  ///   what is set has another type or does not broadcast.
  public subscript(_ indices: any TensorIndexConvertible...) -> Tensor {
    get {
      sliced(StridedSlice(indices.map(\.tensorIndex), of: shape, "subscript"))
    }
    set {
      let slice = StridedSlice(indices.map(\.tensorIndex), of: shape, "subscript")
      require(
        newValue.shape.broadcasts(to: slice.shape), "subscript", "the value does not broadcast to its place",
        given: "shape \(newValue.shape)", expected: "\(slice.shape), or what broadcasts to it")
      replace(slice, with: newValue.broadcast(to: slice.shape))
    }
  }

  /// Every `step`-th position of each axis between bounds.
  ///
  /// - Parameters:
  ///   - starts: The first position of each axis; below 0 counts from the end.
  ///   - ends: Where to stop, not included; below 0 counts from the end.
  ///   - steps: The distance between positions, 1 or more; nil stands for 1.
  /// - Traps: where a bound is outside its axis, a step is below 1, or the lists are not as long as there are axes.
  public func sliced(starts: [Int], ends: [Int], steps: [Int]? = nil) -> Tensor {
    let steps = steps ?? starts.map { _ in 1 }
    require(
      starts.count == rank && ends.count == rank && steps.count == rank, "sliced",
      "the bounds are not one an axis",
      given: "\(starts.count) starts, \(ends.count) ends and \(steps.count) steps for shape \(shape)",
      expected: "\(rank) of each")
    let indices = starts.indices.map { TensorIndex.range(start: starts[$0], end: ends[$0], step: steps[$0]) }
    return sliced(StridedSlice(indices, of: shape, "sliced"))
  }
}
