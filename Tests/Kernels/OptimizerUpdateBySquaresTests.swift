import AdjointKernels
import Testing

@Suite struct OptimizerUpdateBySquaresTests {
  @Test func rmspropFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.RMSprop(learningRate: 0.1),
        .init(learningRate: 0.1, smoothing: 0.7, epsilon: 1e-2, weightDecay: 0.1),
        .init(learningRate: 0.1, smoothing: 0.7, epsilon: 1e-2, momentum: 0.6, weightDecay: 0.1),
      ]
      expectInEveryTable {
        UpdateFormula.cases(
          of: steps.flatMap { step in [false, true].map { Self.rmsprop(step, isCentered: $0) } })
      }
    }
  }

  @Test func adagradFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.Adagrad(learningRate: 0.1),
        .init(learningRate: 0.1, epsilon: 1e-2, weightDecay: 0.1),
      ]
      expectInEveryTable {
        UpdateFormula.cases(of: steps.flatMap { step in [0, 0.5].map { Self.adagrad(step, first: $0) } })
      }
    }
  }

  @Test func adadeltaFollowsItsFormula() async {
    await #expect(processExitsWith: .success) {
      let steps = [
        OptimizerUpdate.Adadelta(learningRate: 1),
        .init(learningRate: 0.5, smoothing: 0.7, epsilon: 1e-2, weightDecay: 0.1),
      ]
      expectInEveryTable { UpdateFormula.cases(of: steps.map(Self.adadelta)) }
    }
  }

  /// Rounding takes the variance of such gradients below 0.
  @Test func varianceIsHeldAtZero() async {
    await #expect(processExitsWith: .success) {
      expectInEveryTable {
        [ElementType.float32, .float64].map { type in
          let count = 19
          let (square, mean) = (0.25, 0.5 + 1e-3)
          let arrays = [0.0, square, mean].map { Region(Array(repeating: $0, count: count), type) }
          // Nothing is moved, so that the variance is square - mean² < 0.
          OptimizerUpdate.apply(
            OptimizerUpdate.RMSprop(learningRate: 1, smoothing: 1, epsilon: 0.125),
            gradient: Region(Array(repeating: 0.5, count: count), type), parameter: arrays[0],
            square: arrays[1], mean: arrays[2], velocity: nil, count: count, type: type)
          return KernelCase(
            "held \(type)", arrays[0].doubles(count, type), Array(repeating: -4, count: count))
        }
      }
    }
  }

  private static let tolerance = (float32: 2e-5, float64: 1e-12)

  static func rmsprop(_ step: OptimizerUpdate.RMSprop, isCentered: Bool) -> UpdateFormula {
    let (mean, velocity) = (isCentered ? 1 : nil, step.momentum == 0 ? nil : isCentered ? 2 : 1)
    return UpdateFormula(
      "RMSprop",
      memory: [("square", 0)] + (isCentered ? [("mean", 0)] : [])
        + (velocity == nil ? [] : [("velocity", 0)]),
      tolerance: tolerance
    ) { arrays, _ in
      OptimizerUpdate.apply(
        step, gradient: arrays.gradient, parameter: arrays.parameter, square: arrays.memory[0],
        mean: mean.map { arrays.memory[$0] }, velocity: velocity.map { arrays.memory[$0] },
        count: arrays.count, type: arrays.type)
    } change: { p, gradient, memory, _ in
      let g = decayed(gradient, p, step.weightDecay)
      memory[0] = step.smoothing * memory[0] + (1 - step.smoothing) * g * g
      var spread = memory[0]
      if let mean {
        memory[mean] = step.smoothing * memory[mean] + (1 - step.smoothing) * g
        spread -= memory[mean] * memory[mean]
      }
      var direction = g / (spread.squareRoot() + step.epsilon)
      if let velocity {
        direction += step.momentum * memory[velocity]
        memory[velocity] = direction
      }
      p -= step.learningRate * direction
    }
  }

  static func adagrad(_ step: OptimizerUpdate.Adagrad, first: Double) -> UpdateFormula {
    UpdateFormula("Adagrad", memory: [("sum", first)], tolerance: tolerance) { arrays, _ in
      OptimizerUpdate.apply(
        step, gradient: arrays.gradient, parameter: arrays.parameter, sum: arrays.memory[0],
        count: arrays.count, type: arrays.type)
    } change: { p, gradient, memory, _ in
      let g = decayed(gradient, p, step.weightDecay)
      memory[0] += g * g
      p -= step.learningRate * g / (memory[0].squareRoot() + step.epsilon)
    }
  }

  static func adadelta(_ step: OptimizerUpdate.Adadelta) -> UpdateFormula {
    UpdateFormula("Adadelta", memory: [("square", 0), ("stepSquare", 0)], tolerance: tolerance) { arrays, _ in
      OptimizerUpdate.apply(
        step, gradient: arrays.gradient, parameter: arrays.parameter, square: arrays.memory[0],
        stepSquare: arrays.memory[1], count: arrays.count, type: arrays.type)
    } change: { p, gradient, memory, _ in
      let g = decayed(gradient, p, step.weightDecay)
      memory[0] = step.smoothing * memory[0] + (1 - step.smoothing) * g * g
      let size = (memory[0] + step.epsilon).squareRoot()
      let direction = (memory[1] + step.epsilon).squareRoot() / size * g
      memory[1] = step.smoothing * memory[1] + (1 - step.smoothing) * direction * direction
      p -= step.learningRate * direction
    }
  }
}

private func decayed(_ gradient: Double, _ p: Double, _ weightDecay: Double) -> Double {
  weightDecay == 0 ? gradient : gradient + weightDecay * p
}
