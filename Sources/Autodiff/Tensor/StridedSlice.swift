/// Regularly spaced places along each axis of a tensor, and the shape of what lies there.
package struct StridedSlice: Sendable {
  private let starts: [Int]
  private let steps: [Int]
  private let sizes: [Int]
  /// The sizes, without those of axes that a position took and with those of new axes.
  let shape: Shape

  /// Adjacent places.
  ///
  /// - Parameters:
  ///   - shape: How many there are along each axis.
  ///   - starts: The first of each axis.
  init(_ shape: Shape, from starts: [Int]) {
    self.starts = starts
    steps = shape.sizes.map { _ in 1 }
    sizes = shape.sizes
    self.shape = shape
  }

  /// Adjacent places that begin at one along an axis, and at 0 along the others.
  init(_ shape: Shape, from start: Int, axis: Int) {
    self.init(shape, from: shape.sizes.indices.map { $0 == axis ? start : 0 })
  }

  /// The places that indices name in a tensor of the source's shape.
  init(_ indices: [TensorIndex], of source: Shape, _ operation: String) {
    var named = 0
    var ellipses = 0
    for index in indices {
      switch index {
      case .position, .range: named += 1
      case .ellipsis: ellipses += 1
      case .newAxis: break
      }
    }
    require(
      named <= source.rank && ellipses <= 1, operation, "too many entries",
      given: "\(named) axes and \(ellipses) ellipses for shape \(source)",
      expected: "at most \(source.rank) axes and one ellipsis")
    var axes: [AxisPlaces] = []
    var result: [Int] = []
    let rest = source.rank - named
    for index in indices + (ellipses == 0 ? [.ellipsis] : []) {
      switch index {
      case .newAxis:
        result.append(1)
      case .ellipsis:
        let whole = source.sizes[axes.count..<axes.count + rest]
        axes += whole.map { AxisPlaces(start: 0, step: 1, size: $0) }
        result += whole
      case .position(let position):
        axes.append(AxisPlaces(position: position, axis: axes.count, of: source, operation))
      case .range(let start, let end, let step):
        let places = AxisPlaces(start: start, end: end, step: step, axis: axes.count, of: source, operation)
        axes.append(places)
        result.append(places.size)
      }
    }
    starts = axes.map(\.start)
    steps = axes.map(\.step)
    sizes = axes.map(\.size)
    shape = Shape(unchecked: result)
  }

  /// Where the first place lies in memory of the given strides, and the strides of the result's axes from there.
  func placement(strides: [Int]) -> (offset: Int, strides: [Int]) {
    let offset = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
    // Axes of size 1 come and go; nobody steps along them.
    var kept = sizes.indices.lazy.filter { sizes[$0] != 1 }.map { steps[$0] * strides[$0] }.makeIterator()
    return (offset, shape.sizes.map { $0 == 1 ? 1 : kept.next()! })
  }
}

/// Regularly spaced places along one axis.
private struct AxisPlaces {
  let start: Int
  let step: Int
  let size: Int
}

extension AxisPlaces {
  /// One place; below 0 counts from the end.
  init(position: Int, axis: Int, of shape: Shape, _ operation: String) {
    let size = shape.sizes[axis]
    require(
      position >= -size && position < size, operation, "a position is outside its axis",
      given: "\(position) on axis \(axis) of shape \(shape)",
      expected: size == 0 ? "no position: the axis is empty" : "a position in \(-size)...\(size - 1)")
    self.init(start: position < 0 ? position + size : position, step: 1, size: 1)
  }

  /// The places from one up to, not with, another; bounds below 0 count from the end.
  init(start: Int?, end: Int?, step: Int, axis: Int, of shape: Shape, _ operation: String) {
    let size = shape.sizes[axis]
    func resolved(_ bound: Int) -> Int { bound < 0 ? bound + size : bound }
    let first = start.map(resolved) ?? 0
    let last = end.map(resolved) ?? size
    require(
      step >= 1 && first >= 0 && last <= size && first <= last, operation, "a range is outside its axis",
      given:
        "\(start.map(String.init) ?? "")..<\(end.map(String.init) ?? "") by \(step) on axis \(axis) of \(shape)",
      expected: "a range within 0..<\(size), by 1 or more")
    let count = first == last ? 0 : (last - first - 1) / step + 1
    // A step that is never taken may be larger than any distance in memory.
    self.init(start: first, step: count > 1 ? step : 1, size: count)
  }
}
