import AdjointAutodiff

/// Drawn crosses and noughts: a data set that needs no file and that a small network learns in seconds.
///
/// Each image is turned, scaled, shifted, drawn with a pen of its own and covered with noise. The same seed
/// gives the same images on every machine, and image i does not depend on how many there are.
///
/// ```swift
/// let train = CrossesAndNoughts(count: 1_000, seed: 1)
/// let test = CrossesAndNoughts(count: 200, seed: 2)
/// ```
public struct CrossesAndNoughts: LabeledImages {
  /// `[count, size, size, 1]` of `float32`: 0 is paper, 1 is ink.
  public let images: Tensor
  /// `[count]` of `int64`: 0 is a nought, 1 a cross.
  public let labels: Tensor

  /// Draws images.
  ///
  /// - Parameters:
  ///   - count: How many, 0 or more.
  ///   - size: Their height and width in pixels, 8 or more.
  ///   - noise: The standard deviation of what is added to each pixel, before it is held to 0...1; 0 or more.
  ///   - seed: Any number.
  /// - Traps: where a number is out of range.
  public init(count: Int, size: Int = 28, noise: Double = 0.05, seed: UInt64) {
    require(
      count >= 0 && size >= 8 && noise >= 0, "crossesAndNoughts", "no such images",
      given: "\(count) of size \(size) with noise \(noise)",
      expected: "0 or more, of size 8 or more, with noise of 0 or more")
    guard let pixelCount = Shape.elementCount(of: [count, size, size]) else {
      Failure(
        "crossesAndNoughts", "there are too many pixels", given: "\(count) images of size \(size)",
        expected: "at most \(Shape.mostElements)"
      ).trap()
    }
    var pixels: [Float] = []
    pixels.reserveCapacity(pixelCount)
    var labels: [Int64] = []
    for index in 0..<count {
      var random = Philox(seed: seed, name: "crosses and noughts", sequence: index)
      let isCross = random.next() & 1 == 1
      let mark = Mark(isCross: isCross, size: Double(size), &random)
      for y in 0..<size {
        for x in 0..<size {
          let value = mark.ink(x: Double(x), y: Double(y)) + noise * Self.deviate(&random)
          pixels.append(Float(min(max(value, 0), 1)))
        }
      }
      labels.append(isCross ? 1 : 0)
    }
    images = Tensor(pixels, shape: [count, size, size, 1])
    self.labels = Tensor(labels, shape: [count])
  }

  /// Nearly normal, of standard deviation 1: the sum of the four bytes of a random word.
  private static func deviate(_ random: inout Philox) -> Double {
    let word = random.next()
    let sum = (word & 0xff) + (word >> 8 & 0xff) + (word >> 16 & 0xff) + word >> 24
    let deviation = (4 * (256.0 * 256.0 - 1) / 12).squareRoot()
    return (Double(sum) - 510) / deviation
  }
}

/// A cross or a nought of a certain shape.
///
/// All of it is arithmetic that rounds alike on every machine. The turn is given by the tangent t of half its
/// angle, as its cosine (1 - t²) / (1 + t²) and sine 2t / (1 + t²) are, because the C libraries' differ.
private struct Mark {
  let isCross: Bool
  let center: (x: Double, y: Double)
  let cosine: Double
  let sine: Double
  /// Half the width and the height of a nought, which a cross is a little smaller than.
  let radii: (x: Double, y: Double)
  /// Half the pen's thickness.
  let pen: Double
  let strength: Double

  init(isCross: Bool, size: Double, _ random: inout Philox) {
    self.isCross = isCross
    let shift = -0.1 * size...0.1 * size
    center = ((size - 1) / 2 + random.number(in: shift), (size - 1) / 2 + random.number(in: shift))
    // Up to 25 degrees: a cross turned by 45 would be another mark.
    let tangent = random.number(in: -0.22...0.22)
    cosine = (1 - tangent * tangent) / (1 + tangent * tangent)
    sine = 2 * tangent / (1 + tangent * tangent)
    let radius = size * random.number(in: 0.2...0.35)
    let aspect = random.number(in: 0.8...1.2)
    radii = (radius * aspect, radius / aspect)
    pen = size * random.number(in: 0.02...0.06)
    strength = random.number(in: 0.7...1)
  }

  /// How much of a pixel is inked: all of it inside the pen's stroke, and less across a pixel at its edge.
  func ink(x: Double, y: Double) -> Double {
    let (dx, dy) = (x - center.x, y - center.y)
    let (u, v) = (cosine * dx + sine * dy, cosine * dy - sine * dx)
    let distance = isCross ? min(stroke(u + v, u - v), stroke(u - v, u + v)) : distanceToEllipse(u, v)
    return strength * min(max(pen + 0.5 - distance, 0), 1)
  }

  /// The distance to a stroke on a diagonal, from the sum and the difference of the coordinates.
  private func stroke(_ along: Double, _ across: Double) -> Double {
    let beyond = max(abs(along) - 0.8 * (radii.x + radii.y), 0)
    return ((beyond * beyond + across * across) / 2).squareRoot()
  }

  /// To first order in the distance, which is exact on the ellipse.
  private func distanceToEllipse(_ u: Double, _ v: Double) -> Double {
    let (x, y) = (u / radii.x, v / radii.y)
    let level = (x * x + y * y).squareRoot()
    let (slopeX, slopeY) = (x / radii.x, y / radii.y)
    let slope = (slopeX * slopeX + slopeY * slopeY).squareRoot()
    return slope == 0 ? min(radii.x, radii.y) : abs(level - 1) * level / slope
  }
}
