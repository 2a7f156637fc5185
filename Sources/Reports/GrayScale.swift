/// A linear map of values to shades of gray, of which black is 0 and white is 1.
struct GrayScale {
  let black: Double
  let white: Double
  /// The shade of the one value that is both.
  private let flatShade: Double

  init(black: Double, white: Double, flatShade: Double = 0.5) {
    self.black = black
    self.white = white
    self.flatShade = flatShade
  }

  /// From the least to the greatest of the finite values.
  ///
  /// - Parameter flatShade: The shade of all, where they are the same.
  init<Value: BinaryFloatingPoint>(spanning values: ArraySlice<Value>, flatShade: Double = 0.5) {
    var (least, greatest) = (Value.infinity, -Value.infinity)
    for value in values where value.isFinite {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    self.init(black: Double(least), white: Double(greatest), flatShade: flatShade)
  }

  /// 0 to 1; what lies outside of the scale has the shade of its end, and NaN that of black.
  func shade<Value: BinaryFloatingPoint>(of value: Value) -> Double {
    let value = Double(value)
    if value == black, value == white { return flatShade }
    let shade = (value - black) / (white - black)
    return shade.isNaN ? 0 : min(max(shade, 0), 1)
  }

  /// The shade in 256 steps.
  func level<Value: BinaryFloatingPoint>(of value: Value) -> UInt8 {
    UInt8((255 * shade(of: value)).rounded())
  }
}
