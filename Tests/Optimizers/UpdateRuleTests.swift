import AdjointAutodiff
import AdjointOptimizers
import TestSupport
import Testing

/// Every rule against the same arithmetic on plain numbers.
@Suite struct UpdateRuleTests {
  struct Rule: Sendable {
    let name: String
    let optimizer: @Sendable ([Parameter]) -> any ParameterwiseOptimizer
    /// The values after steps with the given gradients.
    let expected: @Sendable (_ values: [Double], _ gradients: [[Double]]) -> [Double]

    /// A rule that treats each element by itself; the closure changes it by the gradient of each step, from 1.
    static func elementwise<Memory>(
      _ name: String, _ memory: @escaping @Sendable @autoclosure () -> Memory,
      _ optimizer: @escaping @Sendable ([Parameter]) -> any ParameterwiseOptimizer,
      step: @escaping @Sendable (_ p: inout Double, _ g: Double, _ t: Double, _ memory: inout Memory) -> Void
    ) -> Rule {
      Rule(name: name, optimizer: optimizer) { values, gradients in
        values.indices.map { index in
          var (value, memory) = (values[index], memory())
          for (t, gradient) in gradients.enumerated() {
            step(&value, gradient[index], Double(t + 1), &memory)
          }
          return value
        }
      }
    }
  }

  static let rules: [Rule] = [
    .elementwise(
      "SGD", 0.0,
      { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.2, weightDecay: 0.3) },
      step: { p, g, t, velocity in
        let g = g + 0.3 * p
        velocity = t == 1 ? g : 0.9 * velocity + 0.8 * g
        p -= 0.1 * velocity
      }),
    .elementwise(
      "Adam with decoupled decay", (0.0, 0.0, 0.0),
      {
        Adam(
          $0, learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-3, weightDecay: 0.3,
          decouplesWeightDecay: true, usesAMSGrad: true)
      },
      step: { p, g, t, m in
        p *= 1 - 0.1 * 0.3
        m.0 = 0.8 * m.0 + 0.2 * g
        m.1 = 0.9 * m.1 + 0.1 * g * g
        m.2 = max(m.2, m.1)
        p -= 0.1 * m.0 / (1 - power(0.8, t)) / ((m.2 / (1 - power(0.9, t))).squareRoot() + 1e-3)
      }),
    .elementwise(
      "RMSprop", (0.0, 0.0, 0.0),
      {
        RMSprop(
          $0, learningRate: 0.1, smoothing: 0.7, epsilon: 1e-2, momentum: 0.6, isCentered: true,
          weightDecay: 0.3)
      },
      step: { p, g, _, m in
        let g = g + 0.3 * p
        m.0 = 0.7 * m.0 + 0.3 * g * g
        m.1 = 0.7 * m.1 + 0.3 * g
        m.2 = 0.6 * m.2 + g / ((m.0 - m.1 * m.1).squareRoot() + 1e-2)
        p -= 0.1 * m.2
      }),
    .elementwise(
      "Adagrad", 0.5,
      {
        Adagrad(
          $0, learningRate: 0.1, learningRateDecay: 0.2, epsilon: 1e-2, initialSum: 0.5, weightDecay: 0.3)
      },
      step: { p, g, t, sum in
        let g = g + 0.3 * p
        sum += g * g
        p -= 0.1 / (1 + (t - 1) * 0.2) * g / (sum.squareRoot() + 1e-2)
      }),
    .elementwise(
      "Adadelta", (0.0, 0.0),
      { Adadelta($0, learningRate: 0.5, smoothing: 0.7, epsilon: 1e-2, weightDecay: 0.3) },
      step: { p, g, _, m in
        let g = g + 0.3 * p
        m.0 = 0.7 * m.0 + 0.3 * g * g
        let delta = (m.1 + 1e-2).squareRoot() / (m.0 + 1e-2).squareRoot() * g
        m.1 = 0.7 * m.1 + 0.3 * delta * delta
        p -= 0.5 * delta
      }),
    .elementwise(
      "Adamax", (0.0, 0.0),
      { Adamax($0, learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-2, weightDecay: 0.3) },
      step: { p, g, t, m in
        let g = g + 0.3 * p
        m.0 = 0.8 * m.0 + 0.2 * g
        m.1 = max(0.9 * m.1, abs(g) + 1e-2)
        p -= 0.1 / (1 - power(0.8, t)) * m.0 / m.1
      }),
    .elementwise(
      "NAdam", (0.0, 0.0, 1.0),
      {
        NAdam(
          $0, learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-2, momentumDecay: 1, weightDecay: 0.3,
          decouplesWeightDecay: true)
      },
      step: { p, g, t, m in
        p *= 1 - 0.1 * 0.3
        let (mu, next) = (0.8 * (1 - 0.5 * power(0.96, t)), 0.8 * (1 - 0.5 * power(0.96, t + 1)))
        m.0 = 0.8 * m.0 + 0.2 * g
        m.1 = 0.9 * m.1 + 0.1 * g * g
        m.2 *= mu
        let size = (m.1 / (1 - power(0.9, t))).squareRoot() + 1e-2
        p -= 0.1 * ((1 - mu) / (1 - m.2) * g + next / (1 - m.2 * next) * m.0) / size
      }),
    .elementwise(
      "RAdam", (0.0, 0.0),
      { RAdam($0, learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-2, weightDecay: 0.3) },
      step: { p, g, t, m in
        let g = g + 0.3 * p
        m.0 = 0.8 * m.0 + 0.2 * g
        m.1 = 0.9 * m.1 + 0.1 * g * g
        let kept = power(0.9, t)
        let length = 19 - 2 * t * kept / (1 - kept)
        let rectification = ((length - 4) * (length - 2) * 19 / (15 * 17 * length)).squareRoot()
        let trust = rectification * (1 - kept).squareRoot() / (m.1.squareRoot() + 1e-2)
        p -= 0.1 * m.0 / (1 - power(0.8, t)) * (length > 5 ? trust : 1)
      }),
    .elementwise(
      "Lion", 0.0,
      { Lion($0, learningRate: 0.1, betas: (0.7, 0.9), weightDecay: 0.3) },
      step: { p, g, _, mean in
        let direction = 0.7 * mean + 0.3 * g
        p -= 0.1 * ((direction > 0 ? 1 : direction < 0 ? -1 : 0) + 0.3 * p)
        mean = 0.9 * mean + 0.1 * g
      }),
    Rule(
      name: "LAMB",
      optimizer: { LAMB($0, learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-2, weightDecay: 0.3) },
      expected: { values, gradients in
        var (p, mean, square) = (values, values.map { _ in 0.0 }, values.map { _ in 0.0 })
        for (t, gradient) in gradients.enumerated() {
          let directions = p.indices.map { index in
            mean[index] = 0.8 * mean[index] + 0.2 * gradient[index]
            square[index] = 0.9 * square[index] + 0.1 * gradient[index] * gradient[index]
            let size = (square[index] / (1 - power(0.9, Double(t + 1)))).squareRoot() + 1e-2
            return mean[index] / (1 - power(0.8, Double(t + 1))) / size + 0.3 * p[index]
          }
          let ratio = norm(p) / norm(directions)
          for index in p.indices { p[index] -= 0.1 * ratio * directions[index] }
        }
        return p
      }),
  ]

  @Test(arguments: rules.indices) func ruleIsThatOfPlainNumbers(_ index: Int) {
    let rule = Self.rules[index]
    let parameter = Parameter(sample([3, 2], seed: 1))
    let initial = parameter.value.scalars(as: Double.self)
    let gradients = (0..<12).map { sample([3, 2], seed: 2 + UInt64($0)) }
    let optimizer = rule.optimizer([parameter])
    for gradient in gradients {
      parameter.gradient = gradient
      optimizer.step()
      #expect(parameter.gradient == nil)
    }
    let expected = Tensor(
      rule.expected(initial, gradients.map { $0.scalars() }), shape: [3, 2], dataType: .float64)
    #expect(
      parameter.value.isClose(to: expected, relativeTolerance: 1e-11, absoluteTolerance: 1e-13),
      "\(rule.name): \(parameter.value) instead of \(expected)")
    #expect(optimizer.stepCount == 12)
  }

  /// What is remembered, saved and put into a new optimizer, continues the run bit for bit.
  @Test(arguments: rules.indices) func progressContinuesARun(_ index: Int) {
    let (one, other) = (Parameter(sample([5])), Parameter(sample([5])))
    var optimizer = Self.rules[index].optimizer([one])
    let whole = Self.rules[index].optimizer([other])
    for step in 0..<10 {
      if step == 6 {
        let resumed = Self.rules[index].optimizer([one])
        resumed.progress.stepCount = optimizer.progress.stepCount
        resumed.progress.states = optimizer.progress.states
        optimizer = resumed
      }
      one.gradient = sample([5], seed: UInt64(step))
      other.gradient = sample([5], seed: UInt64(step))
      optimizer.step()
      whole.step()
    }
    #expect(one.value.scalars(as: Double.self) == other.value.scalars(as: Double.self))
  }

  @Test(arguments: rules.indices) func parametersWithoutGradientsStay(_ index: Int) {
    let (frozen, unused, empty) = (Parameter(sample([2])), Parameter(sample([3])), Parameter(sample([0])))
    let before = [frozen, unused].map { $0.value.scalars(as: Double.self) }
    let optimizer = Self.rules[index].optimizer([frozen, unused, empty])
    frozen.isTrainable = false
    frozen.gradient = .ones(like: frozen.value)
    empty.gradient = .ones(like: empty.value)
    optimizer.step()
    #expect([frozen, unused].map { $0.value.scalars(as: Double.self) } == before)
    #expect(optimizer.progress.states.map(\.stepCount) == [0, 0, 1])
  }

  /// A mask of -∞, and what is no number already, have no part in a step whose gradient leaves them alone.
  @Test(arguments: undecayed.indices) func withoutDecayNothingIsAddedToTheGradient(_ index: Int) {
    for dataType in [DataType.float32, .float64] {
      let parameter = Parameter(Tensor([-Double.infinity, 1, .infinity], dataType: dataType))
      let broken = Parameter(Tensor([Double.nan, 1], dataType: dataType))
      let optimizer = Self.undecayed[index]([parameter, broken])
      for _ in 0..<3 {
        parameter.gradient = Tensor([0, 0.5, 0], dataType: dataType)
        broken.gradient = Tensor([0, 0.5], dataType: dataType)
        optimizer.step()
      }
      let values = parameter.value.scalars(as: Double.self)
      #expect(values[0] == -.infinity && values[1] < 1 && values[2] == .infinity)
      #expect(broken.value[1].scalar(as: Double.self) < 1)
      for tensor in optimizer.progress.states.flatMap({ Array($0.tensors.values) }) {
        #expect(tensor.isFinite().all().scalar())
      }
    }
  }

  private static let undecayed: [@Sendable ([Parameter]) -> any ParameterwiseOptimizer] = [
    { SGD($0, learningRate: 0.1, momentum: 0.9) }, { Adam($0) }, { Adam($0, decouplesWeightDecay: true) },
    { Adam($0, usesAMSGrad: true) }, { RMSprop($0, momentum: 0.9, isCentered: true) }, { Adagrad($0) },
    { Adadelta($0) }, { Adamax($0) }, { NAdam($0) }, { NAdam($0, decouplesWeightDecay: true) }, { RAdam($0) },
    { RAdam($0, decouplesWeightDecay: true) }, { LAMB($0, weightDecay: 0) }, { Lion($0) },
  ]

  /// Rounding takes the running variance in float32 below 0 near step 1,170.
  @Test(arguments: [DataType.float32, .float64]) func centeredStepsStayNumbers(dataType: DataType) {
    let parameter = Parameter(.zeros([2, 3], dataType: dataType))
    let gradient = Tensor([[0.1, -0.3, 0.7], [1.1, -1.3, 1e3]], dataType: dataType)
    let optimizer = RMSprop([parameter], isCentered: true)
    for _ in 0..<2_000 {
      parameter.gradient = gradient
      optimizer.step()
    }
    #expect(parameter.value.isFinite().all().scalar())
    #expect((parameter.value.sign() .== -gradient.sign()).all().scalar())
  }

  /// A copy of what is remembered does not change with later steps.
  @Test(arguments: rules.indices) func progressIsAValue(_ index: Int) {
    let parameter = Parameter(sample([4]))
    let optimizer = Self.rules[index].optimizer([parameter])
    parameter.gradient = sample([4])
    optimizer.step()
    let tensors = optimizer.progress.states[0].tensors
    let numbers = tensors.mapValues { $0.scalars(as: Double.self) }
    parameter.gradient = sample([4], seed: 2)
    optimizer.step()
    #expect(tensors.mapValues { $0.scalars(as: Double.self) } == numbers)
  }

  /// A rule may be called with any gradient of the value's shape, such as a mean that was broadcast.
  @Test func gradientsMayBeViews() {
    let rules: [([Parameter]) -> any ParameterwiseOptimizer] = [
      { SGD($0, learningRate: 0.1, momentum: 0.9) }, { Adam($0) }, { Adamax($0) }, { NAdam($0) },
      { RAdam($0) },
      { RMSprop($0, momentum: 0.5, isCentered: true) }, { Adagrad($0) }, { Adadelta($0) }, { Lion($0) },
      { LAMB($0) },
    ]
    let views = [
      Tensor([[1.0, -2], [3, 4], [-5, 6]]).transposed(), Tensor([0.5, 1, -1]).broadcast(to: [2, 3]),
    ]
    for make in rules {
      for view in views {
        func updated(by gradient: Tensor) -> [Float] {
          let optimizer = make([Parameter(.ones([2, 3]))])
          var value = Tensor.ones([2, 3]), state = ParameterState()
          for count in 1...2 {
            state.stepCount = count
            optimizer.update(&value, gradient: gradient, state: &state)
          }
          return value.scalars()
        }
        #expect(updated(by: view) == updated(by: Tensor(view.scalars(as: Float.self), shape: [2, 3])))
      }
    }
  }
}

/// The squares of these elements are too large, or too small, for their type.
@Test(arguments: [3e25, 3e-25]) func lambMeasuresExtremeParameters(size: Double) {
  let parameter = Parameter(Tensor([size, 4 * size / 3], dataType: .float32))
  let optimizer = LAMB([parameter], learningRate: 0.1, weightDecay: 0)
  parameter.gradient = .ones([2])
  optimizer.step()
  let length = 5 * size / 3 * 0.1 / 2.0.squareRoot()
  let expected = Tensor([size - length, 4 * size / 3 - length], dataType: .float32)
  #expect(parameter.value.detached().isClose(to: expected, absoluteTolerance: 0))
}

/// What AMSGrad remembered is left alone by Adam without it, and takes no part in its steps.
@Test func adamWithoutAMSGradLeavesItsMemoryAlone() {
  let (one, other) = (Parameter(sample([4])), Parameter(sample([4])))
  let (restored, plain) = (Adam([one]), Adam([other]))
  let largest = Tensor.filled(with: 9, shape: [4], dataType: .float64)
  restored.progress.states[0].tensors["largestSquare"] = largest
  for step in 0..<3 {
    (one.gradient, other.gradient) = (sample([4], seed: UInt64(step)), sample([4], seed: UInt64(step)))
    restored.step()
    plain.step()
  }
  #expect(largest.scalars(as: Double.self) == [9, 9, 9, 9])
  #expect(one.value.scalars(as: Double.self) == other.value.scalars(as: Double.self))
}

private func power(_ base: Double, _ exponent: Double) -> Double {
  (0..<Int(exponent)).reduce(1) { product, _ in product * base }
}

private func norm(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}
