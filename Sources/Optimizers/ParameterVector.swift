import AdjointAutodiff

/// One number for each element of all parameters: a place, a gradient or a direction.
struct ParameterVector: Sendable {
  var parts: [Tensor]

  /// The sum of the products of elements.
  func dot(_ other: ParameterVector) -> Double {
    zip(parts, other.parts).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar(as: Double.self) }
  }

  /// This, and another times a number; of 0 times infinity nothing is added.
  func adding(_ factor: Double, times other: ParameterVector) -> ParameterVector {
    if factor == 0 { return self }
    return ParameterVector(parts: zip(parts, other.parts).map { $0 + $1 * factor })
  }

  /// The largest magnitude of any element.
  var largestMagnitude: Double {
    parts.filter { $0.count > 0 }.map { $0.absolute().max().scalar(as: Double.self) }.max() ?? 0
  }

  /// The sum of all magnitudes.
  var sumOfMagnitudes: Double {
    parts.reduce(0) { $0 + $1.absolute().sum().scalar(as: Double.self) }
  }

  static func - (x: ParameterVector, y: ParameterVector) -> ParameterVector { x.adding(-1, times: y) }

  static func * (x: ParameterVector, factor: Double) -> ParameterVector {
    ParameterVector(parts: x.parts.map { $0 * factor })
  }
}
