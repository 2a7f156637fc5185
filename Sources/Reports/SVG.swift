/// How numbers and texts are written in Scalable Vector Graphics.
enum SVG {
  /// A coordinate to a hundredth of a pixel.
  static func text(_ coordinate: Double) -> String { "\((coordinate * 100).rounded() / 100)" }

  /// A text at a place, with the attributes that say how it looks.
  static func label(_ text: String, x: Double, y: Double, _ style: String) -> String {
    "<text x=\"\(self.text(x))\" y=\"\(self.text(y))\" \(style)>\(escaped(text))</text>"
  }

  /// A text with the characters replaced that would end it, or that no document may hold.
  ///
  /// It goes by scalars, as a parser does: `<` and a mark that combines with it are one character.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.unicodeScalars.append(allowed(scalar))
      }
    }
    return escaped
  }

  /// A scalar, or the sign for one that cannot be shown where XML does not allow it, not even escaped.
  ///
  /// - Source: Extensible Markup Language (XML) 1.0, fifth edition, 2008, production 2.
  static func allowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\t", "\n", "\r", " "..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...: scalar
    default: "\u{FFFD}"
    }
  }
}
