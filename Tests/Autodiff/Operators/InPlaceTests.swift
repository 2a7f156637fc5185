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
}
