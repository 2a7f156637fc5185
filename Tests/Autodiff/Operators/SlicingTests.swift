import AdjointAutodiff
import TestSupport
import Testing

@Suite struct SlicingTests {
  static let cases: [OperatorCase] = {
    let (x, y) = (sample([4, 2, 3]), sample([4, 2, 3], seed: 2))
    return [
      OperatorCase("overlapping slices", x) { x in
        overlapping(x).reduce(x.squared()) { $0 + $1.squared().sum() }
      },
      OperatorCase("overlapping slices of a value", x) { x in
        overlapping(x.squared()).reduce(x) { $0 * ($1.sum() + 1) }
      },
      // What comes back to both operands of the sum is one tensor, to which only one of them adds.
      OperatorCase("slices of an operand", x, y) { x, y in
        let slices = overlapping(x)
        return slices.reduce((x + y).sum()) { $0 + $1.squared().sum() }
      },
      OperatorCase("slices of a value that is an operand", x, y) { x, y in
        let value = x.squared()
        let slices = overlapping(value)
        return slices.reduce((value + y).sum()) { $0 + $1.squared().sum() }
      },
      OperatorCase("slices of what was repeated", sample([3, 1])) { x in
        let wide = x.broadcast(to: [2, 3, 4])
        return wide[1].squared() + wide[0, TensorIndex.all, ..<1] + wide
      },
      OperatorCase("replaced step by step", x, y) { x, y in
        var states = x
        for step in 1..<4 { states[step] = (states[step - 1] * y[step]).tanh() }
        return states
      },
      OperatorCase("replaced after an operator that reads its output", x, y) { x, y in
        var value = x.tanh()
        let before = value.sum()
        value[TensorIndex.all, 1, TensorIndex.every(2, in: 0..<3)] = y[TensorIndex.all, 0, 1...2]
        return value.squared().sum() + before
      },
      OperatorCase("replaced by a part of itself", x) { x in
        var value = x
        value[..<2, TensorIndex.all, 1...] = value[2..., TensorIndex.all, ..<2]
        return value.squared()
      },
    ]
  }()

  private static func overlapping(_ x: Tensor) -> [Tensor] {
    [
      x[1], x[TensorIndex.all, -1], x[1..<4, 0, TensorIndex.every(2, in: 0..<3)],
      x[2, TensorIndex.newAxis, 1...],
      x[TensorIndex.ellipsis, 2], x[3, 1, 1], x[2..<2],
    ]
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func whatNobodyElseHoldsIsReplacedInPlace() {
    let x = sample([2, 3]).withGradient()
    var (whole, parts) = (Tensor.zeros([4, 2, 3], dataType: .float64), x.squared())
    let memory = (whole.region.pointer, parts.region.pointer)
    for place in 0..<4 { whole[place] = x * 2 }
    parts[1, 1...] = x[0, ..<2]
    #expect(memory == (whole.region.pointer, parts.region.pointer))

    let before = whole
    whole[0] = x
    #expect(before.region.pointer == memory.0 && whole.region.pointer != memory.0)
    #expect(before[0].scalars(as: Double.self) == (x * 2).scalars(as: Double.self))
  }

  @Test func aCotangentThatIsAddedToStaysAsItWas() {
    let x = sample([4, 3]).withGradient()
    let cotangent = sample([4, 3], seed: 2)
    let numbers = cotangent.scalars(as: Double.self)
    let first = x[0]
    let sum = x + Tensor.concatenate([first, x[1..<4].reshaped(to: [9])]).reshaped(to: [4, 3])
    _ = gradients(of: sum, withRespectTo: [x], cotangent: cotangent)
    #expect(cotangent.scalars(as: Double.self) == numbers)
  }
}
