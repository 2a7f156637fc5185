import AdjointAutodiff

/// Functions of numbers whose last bits are the same on every machine, which those of the systems' libraries are
/// not: a training run's numbers follow from them. Powers by whole numbers are in `Kernels`, where Adam's update
/// needs them too.
extension Double {
  /// The power of a number of 0 or more.
  func raised(to exponent: Double) -> Double {
    Tensor(self, dataType: .float64).raised(to: exponent).scalar()
  }

  /// The cosine of an angle in radians.
  var cosine: Double {
    Tensor(self, dataType: .float64).cos().scalar()
  }
}
