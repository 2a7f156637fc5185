/// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
struct AxisTicks {
  /// What the ticks are multiples of: `digit` · 10^`exponent`.
  private let digit: Int
  private let exponent: Int
  private let multiples: ClosedRange<Int>

  /// Ticks of which the first and the last enclose the range.
  ///
  /// - Parameters:
  ///   - range: The values to be drawn.
  ///   - count: About how many intervals to make.
  ///   - isWhole: Whether there is to be no tick between whole numbers.
  init(enclosing range: ClosedRange<Double>, count: Int, isWhole: Bool = false) {
    let wanted = max((range.upperBound - range.lowerBound) / Double(count), isWhole ? 1 : 0)
    var (digit, exponent) = (1, 0)
    while Self.value(1, 1, exponent) > wanted { exponent -= 1 }
    while Self.value(1, 1, exponent + 1) <= wanted { exponent += 1 }
    for candidate in [1, 2, 5, 10] where Self.value(1, digit, exponent) < wanted { digit = candidate }
    if digit == 10 { (digit, exponent) = (1, exponent + 1) }
    self.digit = digit
    self.exponent = exponent
    let step = Self.value(1, digit, exponent)
    let first = Int((range.lowerBound / step).rounded(.down))
    multiples = first...max(first + 1, Int((range.upperBound / step).rounded(.up)))
  }

  /// From the first tick to the last.
  var range: ClosedRange<Double> { value(multiples.lowerBound)...value(multiples.upperBound) }

  /// The ticks with their labels, all of the same number of decimals.
  var labels: [(value: Double, text: String)] {
    multiples.map { (value($0), text(of: value($0))) }
  }

  private func value(_ multiple: Int) -> Double { Self.value(multiple, digit, exponent) }

  /// Correctly rounded for exponents down to -22, so that 3 · 0.1 is printed as 0.3.
  private static func value(_ multiple: Int, _ digit: Int, _ exponent: Int) -> Double {
    let power = (0..<abs(exponent)).reduce(1.0) { product, _ in 10 * product }
    return exponent < 0 ? Double(multiple * digit) / power : Double(multiple * digit) * power
  }

  private func text(of value: Double) -> String {
    let magnitude = abs(value)
    let sign = value < 0 ? "\u{2212}" : ""
    if exponent >= 0, magnitude < 1e17 { return "\(sign)\(Int(magnitude))" }
    let text = "\(magnitude)"
    guard let point = text.firstIndex(of: "."), !text.contains("e") else { return sign + text }
    let decimals = text.distance(from: point, to: text.endIndex) - 1
    return sign + text + String(repeating: "0", count: max(0, -exponent - decimals))
  }
}
