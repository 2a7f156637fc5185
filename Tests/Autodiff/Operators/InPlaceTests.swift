import AdjointAutodiff
import TestSupport
import Testing

@Suite struct InPlaceTests {
  static let cases: [OperatorCase] = {
    let (x, y) = (sample([2, 3]), sample([3], in: 0.5..<2, seed: 2))
    return [
      OperatorCase("+=", x, y) { changed($0, +=, $1) },
      OperatorCase("-=", x, y) { changed($0, -=, $1) },
      OperatorCase("*=", x, y) { changed($0, *=, $1) },
      OperatorCase("/=", x, y) { changed($0, /=, $1) },
      OperatorCase("with numbers", x, y) { x, y in
        var result = x * y
        result += 3
        result -= 1
        result *= 2
        result /= 5
        return result.squared()
      },
    ]
  }()

  /// Operators whose rules change their cotangent in its own memory where they may.
  static let pastViews: [OperatorCase] = {
    let (x, y) = (sample([2, 3]), sample([4, 3], seed: 2))
    let weights = sample([3, 6], seed: 3)
    @Sendable func joined(_ x: Tensor, _ y: Tensor) -> Tensor {
      Tensor.concatenate([Tensor.ones([1, 3], dataType: y.dataType), x.tanh(), y.tanh() * 3])
    }
    return [
      OperatorCase("join", x, y) { joined($0, $1).squared() },
      OperatorCase("join of one", y) { y in
        Tensor.concatenate([Tensor.ones([1, 3], dataType: y.dataType), y.leakyRelu()]).squared()
      },
      OperatorCase("transposition", x) { $0.sigmoid().transposed().matrixProduct($0).squared() },
      OperatorCase("broadcast", sample([3]), y) { ($0.tanh() + $1).squared() },
      OperatorCase("product", x, sample([2, 3], seed: 4)) { ($0.absolute() * $1.squared()).squareRoot() },
      OperatorCase("matrix product", x) { x in
        x.clamped(to: -1...1).matrixProduct(weights.cast(to: x.dataType)).silu()
      },
    ]
  }()

  @Test(arguments: pastViews) func hasBothDerivativesPast(_ operation: OperatorCase) { operation.check() }

  /// The square of a tensor after an operator has changed it.
  private static func changed(_ x: Tensor, _ change: (inout Tensor, Tensor) -> Void, _ y: Tensor) -> Tensor {
    var result = x
    change(&result, y)
    return result.squared()
  }

  @Test(arguments: cases) func hasBothDerivatives(_ operation: OperatorCase) { operation.check() }

  @Test func aConstantThatMeetsARecordedTensorIsRecorded() {
    let x = Tensor([1, 2], dataType: .float64).withGradient()
    var sum = Tensor([10, 20], dataType: .float64)
    sum += x
    sum.squared().sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [22, 44])
  }

  @Test func nobodyElseSeesTheChange() {
    let x = Tensor([1, 2], dataType: .float64)
    var (y, leaf) = (x, x.withGradient())
    y += x
    #expect(x.scalars(as: Double.self) == [1, 2] && y.scalars(as: Double.self) == [2, 4])
    let before = leaf
    let square = leaf.squared()
    leaf += x
    square.sum().backward()
    #expect(before.gradient!.scalars(as: Double.self) == [2, 4])
  }

  @Test func theShapeIsThatOfTheOperator() {
    var sum = Tensor([1, 2, 3], dataType: .float64)
    sum += Tensor([[4, 5, 6]], dataType: .float64)
    #expect(sum.shape == [1, 3] && sum.scalars(as: Double.self) == [5, 7, 9])
  }

  @Test func numbersChangeWhatNobodyElseHolds() {
    let x = Tensor([[1, 2, 3], [4, 5, 6]], dataType: .int32)
    var (y, part, turned) = (x, x[1...], x.transposed())
    y += 10
    part *= 2
    turned -= 1
    #expect(x.scalars(as: Int.self) == [1, 2, 3, 4, 5, 6])
    #expect(y.scalars(as: Int.self) == [11, 12, 13, 14, 15, 16])
    #expect(part.scalars(as: Int.self) == [8, 10, 12])
    #expect(turned.scalars(as: Int.self) == [0, 3, 1, 4, 2, 5])
    y /= 4
    #expect(y.scalars(as: Int.self) == [2, 3, 3, 3, 3, 4])

    func last() -> Tensor { Tensor([[1, 2, 3], [4, 5, 6]], dataType: .float64)[1...] }
    func turnedOne() -> Tensor { Tensor([[1, 2, 3], [4, 5, 6]], dataType: .float64).transposed() }
    (part, turned) = (last(), turnedOne())
    part -= 1
    turned *= 2
    #expect(part.scalars(as: Double.self) == [3, 4, 5])
    #expect(turned.scalars(as: Double.self) == [2, 8, 4, 10, 6, 12])
  }

  @Test func rulesLeaveAloneWhatOthersHold() {
    var (seen, numbers): ([Tensor], [[Double]]) = ([], [])
    func watched(_ x: Tensor) -> Tensor {
      x.onGradient { gradient in
        seen.append(gradient)
        numbers.append(gradient.scalars(as: Double.self))
        return nil
      }
    }
    let x = sample([5, 3]).withGradient()
    let cotangent = sample([5, 3], seed: 2)
    let given = cotangent.scalars(as: Double.self)
    let y = watched(watched(watched(watched(x.leakyRelu()) * 3).tanh()).squared())
    let first = gradients(of: y, withRespectTo: [x], cotangent: cotangent, retainGraph: true)
    let second = gradients(of: y, withRespectTo: [x], cotangent: cotangent)
    #expect(cotangent.scalars(as: Double.self) == given)
    #expect(seen.count == 8 && seen.map { $0.scalars(as: Double.self) } == numbers)
    #expect(first[0].scalars(as: Double.self) == second[0].scalars(as: Double.self))
  }

  @Test func aRuleMayChangeItsCotangent() {
    let x = Tensor([1, 2, 3], dataType: .float64).withGradient()
    let tripled = withoutRecording { x * 3 }
      .recorded(
        as: "tripled",
        GradientPath(to: x) { (cotangent: consuming Tensor) in
          cotangent *= 3
          return cotangent
        })
    tripled.squared().sum().backward()
    #expect(x.gradient!.scalars(as: Double.self) == [18, 36, 54])
  }
}
