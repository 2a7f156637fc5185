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

  @Test func lionFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      // Of these numbers the sign is that of an exact sum, in float32 too.
      let steps = [
        OptimizerUpdate.Lion(learningRate: 0.1, beta1: 0.5, beta2: 0.75),
        .init(learningRate: 0.1, beta1: 0.75, beta2: 0.5, weightDecay: 0.3),
      ]
      expectInEveryTable { UpdateFormula.cases(of: steps.map(Self.lion)) }
    }
  }

  @Test func infinitiesStayWithoutDecay() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        let rate = 0.1
        let formulas = [
          Self.descent(.init(learningRate: rate, momentum: 0.9)), Self.lion(.init(learningRate: rate)),
          OptimizerUpdateByAdamTests.adam(.init(learningRate: rate), isAMSGrad: true),
          OptimizerUpdateByAdamTests.adamax(.init(learningRate: rate)),
          OptimizerUpdateByAdamTests.nadam(.init(learningRate: rate, weightDecay: 0.5, isDecoupled: true)),
          OptimizerUpdateByAdamTests.radam(.init(learningRate: rate)),
          OptimizerUpdateBySquaresTests.rmsprop(.init(learningRate: rate, momentum: 0.9), isCentered: true),
          OptimizerUpdateBySquaresTests.adagrad(.init(learningRate: rate), first: 0),
          OptimizerUpdateBySquaresTests.adadelta(.init(learningRate: rate)),
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

  static func lion(_ step: OptimizerUpdate.Lion) -> UpdateFormula {
    UpdateFormula("Lion", memory: [("mean", 0)], tolerance: (1e-6, 1e-15)) { arrays, _ in
      OptimizerUpdate.apply(
        step, gradient: arrays.gradient, parameter: arrays.parameter, mean: arrays.memory[0],
        count: arrays.count, type: arrays.type)
    } change: { p, g, memory, _ in
      let ahead = step.beta1 * memory[0] + (1 - step.beta1) * g
      memory[0] = step.beta2 * memory[0] + (1 - step.beta2) * g
      let direction: Double = ahead > 0 ? 1 : ahead < 0 ? -1 : 0
      p -= step.learningRate * (direction + (step.weightDecay == 0 ? 0 : step.weightDecay * p))
    }
  }
}
