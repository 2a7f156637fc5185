import AdjointAutodiff

/// Functions of numbers whose last bits are the same on every machine, which those of the systems' libraries are
/// not: a training run's numbers follow from them.
extension Double {
  /// The number multiplied by itself so many times.
  func raised(to exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// The power of a number of 0 or more.
  func raised(to exponent: Double) -> Double {
    Tensor(self, dataType: .float64).raised(to: exponent).scalar()
  }

  /// The cosine of an angle in radians.
  var cosine: Double {
    Tensor(self, dataType: .float64).cos().scalar()
  }
}
