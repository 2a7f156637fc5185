import AdjointKernels
import Foundation
import Testing

@Suite struct OptimizerUpdateTests {
  static let counts = [0, 1, 37]

  @Test func gradientDescentFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.GradientDescent(learningRate: 0.1),
        .init(learningRate: 0.1, weightDecay: 0.01),
        .init(learningRate: 0.1, momentum: 0.9),
        .init(learningRate: 0.2, momentum: 0.8, dampening: 0.3, weightDecay: 0.05),
        .init(learningRate: 0.2, momentum: 0.8, weightDecay: 0.05, isNesterov: true),
      ]
      expectInEveryTable {
        steps.flatMap { step in
          Self.counts.flatMap { count in
            [ElementType.float32, .float64].flatMap { Self.descent(step, count: count, $0) }
          }
        } + Self.descent(steps[3], count: 70_001, .float32)
      }
    }
  }

  @Test func adamFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.Adam(learningRate: 0.1),
        .init(learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1),
        .init(learningRate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.1, isDecoupled: true),
      ]
      expectInEveryTable {
        steps.flatMap { step in
          Self.counts.flatMap { count in
            [ElementType.float32, .float64].flatMap { type in
              [false, true].flatMap { Self.adam(step, count: count, isAMSGrad: $0, type) }
            }
          }
        } + Self.adam(steps[1], count: 70_001, isAMSGrad: true, .float32)
      }
    }
  }

  @Test func infinitiesStayWithoutDecay() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].flatMap { type in
          // One vector, and the rest of a second one.
          let values = (0..<19).map { [-Double.infinity, .infinity, .nan][$0 % 3] }
          let zeros = Array(repeating: 0.0, count: 19)
          let parameter = Region(values, type)
          let (mean, square, largest) = (Region(zeros, type), Region(zeros, type), Region(zeros, type))
          OptimizerUpdate.apply(
            OptimizerUpdate.Adam(learningRate: 0.1), stepCount: 1, gradient: Region(zeros, type),
            parameter: parameter, mean: mean, square: square, largest: largest, count: 19, type: type)
          let found = [("parameter", parameter, values), ("mean", mean, zeros), ("square", square, zeros)]
          return (found + [("largest", largest, zeros)]).map {
            KernelCase("\($0) \(type)", $1.doubles(19, type), $2, tolerance: 0)
          }
        }
      }
    }
  }

  static func descent(
    _ step: OptimizerUpdate.GradientDescent, count: Int, _ type: ElementType
  ) -> [KernelCase] {
    var (p, v) = (Samples.reals(count), Array(repeating: Double.nan, count: count))
    let parameter = Region(p, type)
    let velocity = step.momentum == 0 ? nil : Region(v, type)
    for time in 1...3 {
      let gradient = Samples.reals(count, seed: UInt64(1 + time))
      OptimizerUpdate.apply(
        step, gradient: Region(gradient, type), parameter: parameter, velocity: velocity,
        isFirstStep: time == 1, count: count, type: type)
      for i in 0..<count {
        var g = gradient[i] + step.weightDecay * p[i]
        if step.momentum != 0 {
          v[i] = time == 1 ? g : step.momentum * v[i] + (1 - step.dampening) * g
          g = step.isNesterov ? g + step.momentum * v[i] : v[i]
        }
        p[i] -= step.learningRate * g
      }
    }
    let tolerance = type == .float32 ? 1e-6 : 1e-15
    let result = KernelCase("parameter \(type)", parameter.doubles(count, type), p, tolerance: tolerance)
    guard let velocity else { return [result] }
    return [result, KernelCase("velocity \(type)", velocity.doubles(count, type), v, tolerance: tolerance)]
  }

  static func adam(
    _ step: OptimizerUpdate.Adam, count: Int, isAMSGrad: Bool, _ type: ElementType
  ) -> [KernelCase] {
    let zeros = Array(repeating: 0.0, count: count)
    var (p, m, v, l) = (Samples.reals(count), zeros, zeros, zeros)
    let (parameter, mean, square) = (Region(p, type), Region(m, type), Region(v, type))
    let largest = isAMSGrad ? Region(l, type) : nil
    for time in 1...4 {
      // Gradients shrink, so that the largest square is not the last.
      let gradient = Samples.reals(count, seed: UInt64(1 + time)).map { $0 / Double(time * time) }
      OptimizerUpdate.apply(
        step, stepCount: time, gradient: Region(gradient, type), parameter: parameter, mean: mean,
        square: square,
        largest: largest, count: count, type: type)
      let (correction1, correction2) = (1 - pow(step.beta1, Double(time)), 1 - pow(step.beta2, Double(time)))
      for i in 0..<count {
        let g = gradient[i] + (step.isDecoupled ? 0 : step.weightDecay * p[i])
        if step.isDecoupled { p[i] *= 1 - step.learningRate * step.weightDecay }
        m[i] = step.beta1 * m[i] + (1 - step.beta1) * g
        v[i] = step.beta2 * v[i] + (1 - step.beta2) * g * g
        l[i] = max(l[i], v[i])
        let divisor = ((isAMSGrad ? l[i] : v[i]) / correction2).squareRoot() + step.epsilon
        p[i] -= step.learningRate * (m[i] / correction1) / divisor
      }
    }
    let tolerance = type == .float32 ? 2e-5 : 1e-12
    return [
      ("parameter", parameter, p), ("mean", mean, m), ("square", square, v),
      ("largest", largest ?? square, isAMSGrad ? l : v),
    ]
    .map { KernelCase("\($0) \(type)", $1.doubles(count, type), $2, tolerance: tolerance) }
  }
}
