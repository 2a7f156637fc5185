/// How numbers and texts are written in Scalable Vector Graphics.
enum SVG {
  /// A coordinate to a hundredth of a pixel.
  static func text(_ coordinate: Double) -> String { "\((coordinate * 100).rounded() / 100)" }

  /// A text at a place, with the attributes that say how it looks.
  static func label(_ text: String, x: Double, y: Double, _ style: String) -> String {
    "<text x=\"\(self.text(x))\" y=\"\(self.text(y))\" \(style)>\(escaped(text))</text>"
  }

  /// A text with the characters replaced that would end it.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
