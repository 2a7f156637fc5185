/// A part of a whole, as per cent with two decimals.
public func percent(_ part: Double) -> String { "\(decimal(part * 100, places: 2)) %" }

/// A number with a fixed number of decimals.
public func decimal(_ number: Double, places: Int = 4) -> String {
  guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
  let scale = (0..<places).reduce(1) { product, _ in product * 10 }
  let (whole, fraction) = Int((abs(number) * Double(scale)).rounded()).quotientAndRemainder(dividingBy: scale)
  return "\(number < 0 ? "-" : "")\(whole).\(String(scale + fraction).dropFirst())"
}
