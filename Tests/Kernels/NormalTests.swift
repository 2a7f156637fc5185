import AdjointKernels
import Foundation
import Testing

@Suite struct NormalTests {
  @Test func geluOfFloat32IsExactToTheLastBitsOfAProbability() async {
    await #expect(processExitsWith: .success) {
      expectGelu(Float.self, last: 0x1p-23, downTo: -7.99)
    }
  }

  @Test func geluOfFloat64IsExactToTheLastBitsOfAProbability() async {
    await #expect(processExitsWith: .success) {
      expectGelu(Double.self, last: 0x1p-52, downTo: -36.9)
    }
  }

  @Test func geluHasItsLimitsAndKeepsSigns() async {
    await #expect(processExitsWith: .success) {
      expectEnds(Float.self)
      expectEnds(Double.self)
    }
  }
}

/// gelu and its derivative.
private func gelu<Real: TestedReal & BitwiseComparable>(_ x: [Real]) -> (values: [Real], slopes: [Real]) {
  let (type, count) = (Real.elementType, x.count)
  let values = Buffer(byteCount: count * type.byteCount)
  let slopes = Buffer(byteCount: count * type.byteCount)
  Elementwise.unary(.gelu, Region(of: x), into: values, count: count, type: type)
  Elementwise.binary(
    .geluGradient, Region(of: x), Region(of: x.map { _ in 1 as Real }), into: slopes, count: count,
    type: type)
  return (values.array(of: Real.self, count: count), slopes.array(of: Real.self, count: count))
}

/// Errors over the whole range, of gelu relative to x, of the slope absolute; and far down their signs and order.
private func expectGelu<Real: TestedReal & BitwiseComparable>(
  _ type: Real.Type, last: Double, downTo lowest: Double
) {
  // Even steps, numbers near 0, and both sides of each border between the segments of float32.
  var x = (-7_000...7_000).map { Real($0) / 500 + Real($0) * 1e-9 }
  x += (0..<200).flatMap { step in [-1, 1].map { Real($0) * Real(exp(-Double(step) / 4)) } }
  x += (1...12).flatMap { border in
    let place = Real(border) * 4 / 5
    return [-1, 1].flatMap { [$0 * place.nextDown, $0 * place, $0 * place.nextUp] }
  }
  let down = Array(stride(from: -2.6, through: lowest, by: -0.01)).map { Real($0) }
  inEveryTable { place in
    let (values, slopes) = gelu(x)
    for (x, (value, slope)) in zip(x, zip(values, slopes)) {
      let exact = Reference(x)
      let probability = erfc(-exact * Reference(0.5).squareRoot()) / 2
      let density = exp(-exact * exact / 2) / (2 * Reference.pi).squareRoot()
      let error = abs(Reference(value) - exact * probability)
      #expect(error <= Reference(last) * abs(exact), "gelu(\(x)) is \(value) in \(place)")
      let slopeError = abs(Reference(slope) - probability - exact * density)
      #expect(slopeError <= Reference(last), "the slope at \(x) is \(slope) in \(place)")
    }
    let far = gelu(down)
    for (index, x) in down.enumerated() {
      #expect(far.values[index] < 0 && far.slopes[index] < 0, "at \(x) in \(place)")
      guard index > 0 else { continue }
      #expect(far.values[index] > far.values[index - 1], "gelu at \(x) in \(place)")
      #expect(far.slopes[index] > far.slopes[index - 1], "the slope at \(x) in \(place)")
    }
    return [values, slopes, far.values, far.slopes]
  }
}

private func expectEnds<Real: TestedReal & BitwiseComparable>(_ type: Real.Type) {
  let high: [Real] = [40, 1e30, .greatestFiniteMagnitude, .infinity]
  let low = high.map { -$0 }
  inEveryTable { place in
    let (above, below) = (gelu(high), gelu(low))
    #expect(above.values == high && above.slopes == high.map { _ in 1 }, "\(place)")
    #expect(below.values == low.map { _ in 0 } && below.slopes == low.map { _ in 0 }, "\(place)")
    #expect(below.values.allSatisfy { $0.sign == .minus }, "\(place)")
    let (zeros, none) = (gelu([0, -0.0] as [Real]), gelu([Real.nan]))
    #expect(zeros.values == [0, 0] && zeros.values.map(\.sign) == [.plus, .minus], "\(place)")
    #expect(zeros.slopes.allSatisfy { abs($0 - 0.5) <= Real(0x1p-23) }, "\(place)")
    #expect(none.values[0].isNaN && none.slopes[0].isNaN, "\(place)")
    return [above.values, above.slopes, below.values, below.slopes, zeros.values, zeros.slopes]
  }
}
