import AdjointKernels
import Testing

@Suite struct OptimizerUpdateTests {
  @Test func gradientDescentFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.GradientDescent(learningRate: 0.1),
        .init(learningRate: 0.1, weightDecay: 0.01),
        .init(learningRate: 0.1, momentum: 0.9),
        .init(learningRate: 0.2, momentum: 0.8, weightDecay: 0.05, isNesterov: true),
        .init(learningRate: 0.2, momentum: 0.8, dampening: 0.3, weightDecay: 0.05),
      ]
      expectInEveryTable { UpdateFormula.cases(of: steps.map(Self.descent)) }
    }
  }

  @Test func infinitiesStayWithoutDecay() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        let rate = 0.1
        let formulas = [
          Self.descent(.init(learningRate: rate, momentum: 0.9)),
          OptimizerUpdateByAdamTests.adam(.init(learningRate: rate), isAMSGrad: true),
        ]
        return formulas.flatMap { formula in
          [ElementType.float32, .float64].flatMap { type in
            // One vector, and the rest of a second one.
            let values = (0..<19).map { [-Double.infinity, .infinity, .nan][$0 % 3] }
            let zeros = Array(repeating: 0.0, count: 19)
            return formula.cases(values: values, gradients: [zeros, zeros], type)
          }
        }
      }
    }
  }

  static func descent(_ step: OptimizerUpdate.GradientDescent) -> UpdateFormula {
    UpdateFormula(
      "gradient descent", memory: step.momentum == 0 ? [] : [("velocity", .nan)], tolerance: (1e-6, 1e-15)
    ) { arrays, time in
      OptimizerUpdate.apply(
        step, gradient: arrays.gradient, parameter: arrays.parameter, velocity: arrays.memory.first,
        isFirstStep: time == 1, count: arrays.count, type: arrays.type)
    } change: { p, gradient, memory, time in
      var g = gradient + (step.weightDecay == 0 ? 0 : step.weightDecay * p)
      if step.momentum != 0 {
        memory[0] = time == 1 ? g : step.momentum * memory[0] + (1 - step.dampening) * g
        g = step.isNesterov ? g + step.momentum * memory[0] : memory[0]
      }
      p -= step.learningRate * g
    }
  }
}
