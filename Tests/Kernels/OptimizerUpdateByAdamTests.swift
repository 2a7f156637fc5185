import AdjointKernels
import Foundation
import Testing

@Suite struct OptimizerUpdateByAdamTests {
  @Test func adamFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        UpdateFormula.cases(
          of: Self.steps.flatMap { step in [false, true].map { Self.adam(step, isAMSGrad: $0) } })
      }
    }
  }

  @Test func adamaxFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable { UpdateFormula.cases(of: Self.steps.map(Self.adamax)) }
    }
  }

  @Test func nadamFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable { UpdateFormula.cases(of: Self.steps.map(Self.nadam)) }
    }
  }

  @Test func radamFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable { UpdateFormula.cases(of: Self.steps.map(Self.radam)) }
    }
  }

  /// Where the decay is part of the gradient, what that rounds is divided by no less than epsilon.
  private static let steps = [
    OptimizerUpdate.Adam(learningRate: 0.1),
    .init(learningRate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.1, isDecoupled: true),
    .init(learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-2, weightDecay: 0.1),
  ]
  private static let tolerance = (float32: 2e-5, float64: 1e-12)

  static func adam(_ step: OptimizerUpdate.Adam, isAMSGrad: Bool) -> UpdateFormula {
    UpdateFormula(
      "Adam", memory: [("mean", 0), ("square", 0)] + (isAMSGrad ? [("largest", 0)] : []), tolerance: tolerance
    ) { arrays, time in
      OptimizerUpdate.apply(
        step, stepCount: time, gradient: arrays.gradient, parameter: arrays.parameter, mean: arrays.memory[0],
        square: arrays.memory[1], largest: isAMSGrad ? arrays.memory[2] : nil, count: arrays.count,
        type: arrays.type)
    } change: { p, gradient, memory, time in
      let g = step.decays(&p, gradient)
      step.move(&memory, toward: g)
      if isAMSGrad { memory[2] = max(memory[2], memory[1]) }
      p -= step.learningRate * step.corrected(memory[0], time) / step.size(memory.last!, time)
    }
  }

  static func adamax(_ step: OptimizerUpdate.Adam) -> UpdateFormula {
    UpdateFormula("Adamax", memory: [("mean", 0), ("largest", 0)], tolerance: tolerance) { arrays, time in
      OptimizerUpdate.applyAsAdamax(
        step, stepCount: time, gradient: arrays.gradient, parameter: arrays.parameter, mean: arrays.memory[0],
        largest: arrays.memory[1], count: arrays.count, type: arrays.type)
    } change: { p, gradient, memory, time in
      let g = step.decays(&p, gradient)
      memory[0] = step.beta1 * memory[0] + (1 - step.beta1) * g
      memory[1] = max(step.beta2 * memory[1], abs(g) + step.epsilon)
      p -= step.learningRate * step.corrected(memory[0], time) / memory[1]
    }
  }

  static func nadam(_ step: OptimizerUpdate.Adam) -> UpdateFormula {
    UpdateFormula("NAdam", memory: [("mean", 0), ("square", 0)], tolerance: tolerance) { arrays, time in
      OptimizerUpdate.applyAsNAdam(
        step, stepCount: time, parts: (0.7, 0.4 * Double(time)), gradient: arrays.gradient,
        parameter: arrays.parameter, mean: arrays.memory[0], square: arrays.memory[1], count: arrays.count,
        type: arrays.type)
    } change: { p, gradient, memory, time in
      let g = step.decays(&p, gradient)
      step.move(&memory, toward: g)
      let direction = 0.7 * g + 0.4 * Double(time) * memory[0]
      p -= step.learningRate * direction / step.size(memory[1], time)
    }
  }

  /// Two steps without trust in the square, and two with it.
  static func radam(_ step: OptimizerUpdate.Adam) -> UpdateFormula {
    UpdateFormula("RAdam", memory: [("mean", 0), ("square", 0)], tolerance: tolerance) { arrays, time in
      OptimizerUpdate.applyAsRAdam(
        step, stepCount: time, trust: time > 2 ? 0.3 : nil, gradient: arrays.gradient,
        parameter: arrays.parameter, mean: arrays.memory[0], square: arrays.memory[1], count: arrays.count,
        type: arrays.type)
    } change: { p, gradient, memory, time in
      let g = step.decays(&p, gradient)
      step.move(&memory, toward: g)
      let trust = time > 2 ? 0.3 / (memory[1].squareRoot() + step.epsilon) : 1
      p -= step.learningRate * step.corrected(memory[0], time) * trust
    }
  }
}

extension OptimizerUpdate.Adam {
  /// The gradient with the decay in it, or the gradient itself where the parameter decays.
  fileprivate func decays(_ p: inout Double, _ gradient: Double) -> Double {
    guard isDecoupled else { return gradient + (weightDecay == 0 ? 0 : weightDecay * p) }
    p *= 1 - learningRate * weightDecay
    return gradient
  }

  fileprivate func move(_ memory: inout [Double], toward g: Double) {
    memory[0] = beta1 * memory[0] + (1 - beta1) * g
    memory[1] = beta2 * memory[1] + (1 - beta2) * g * g
  }

  fileprivate func corrected(_ mean: Double, _ time: Int) -> Double { mean / (1 - pow(beta1, Double(time))) }

  fileprivate func size(_ square: Double, _ time: Int) -> Double {
    (square / (1 - pow(beta2, Double(time)))).squareRoot() + epsilon
  }
}
