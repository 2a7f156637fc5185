import AdjointAutodiff

/// How far a result may be from what was expected: by `absolute + relative · |expected|` in each element.
struct Tolerance {
  let relative: Double
  let absolute: Double

  /// What single precision can be held to where everything, the inputs too, was rounded to it.
  ///
  /// A result here is a sum of at most about 1000 products of numbers around 1, so its rounding errors add up to
  /// some √1000 · 2⁻²⁴ ≈ 2 · 10⁻⁶ of the largest terms. These are as large as the largest elements, whatever
  /// cancels in the others; hence 10⁻⁵ of the largest element. Second derivatives divide several times by numbers
  /// with such errors, which leaves 10⁻⁴ of an element.
  static func singlePrecision(for expected: Tensor, drift: Double) -> Tolerance {
    let largest = expected.scalars(as: Double.self).map(abs).max() ?? 0
    return Tolerance(relative: 1e-4, absolute: drift + 1e-5 * max(1, largest))
  }

  /// What second derivatives may be off besides, in single precision: all of an element may cancel, as in the
  /// deviation of two numbers, and the terms are larger than any that is known here by their distance's inverse.
  static let driftOfSecondDerivatives = 1e-4

  /// What is wrong with a result, if anything.
  func problem(_ what: String, _ result: Tensor, _ expected: Tensor) -> String? {
    guard result.shape == expected.shape, result.dataType == expected.dataType else {
      return "\(what) is \(result.dataType) \(result.shape) instead of \(expected.dataType) \(expected.shape)"
    }
    let pairs = zip(result.scalars(as: Double.self), expected.scalars(as: Double.self))
    let wrong = pairs.enumerated().filter { _, pair in
      pair.0 != pair.1 && !(abs(pair.0 - pair.1) <= absolute + relative * abs(pair.1))
    }
    guard let (index, (result, expected)) = wrong.max(by: { abs($0.1.0 - $0.1.1) < abs($1.1.0 - $1.1.1) })
    else { return nil }
    return
      "\(what): \(wrong.count) elements differ, the worst, number \(index), is \(result) instead of \(expected)"
  }
}
