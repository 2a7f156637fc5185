import AdjointAutodiff
import Testing

@Suite struct TruthTests {
  @Test func anyAndAllAlongAxes() {
    let x = Tensor([[true, false, true], [false, false, true]])
    #expect(x.any(axes: [0]).scalars(as: Bool.self) == [true, false, true])
    #expect(x.all(axes: [0]).scalars(as: Bool.self) == [false, false, true])
    #expect(x.transposed().any(axes: [0], keepsAxes: true).shape == [1, 2])
    #expect(x.any().scalar())
    #expect(x.all().scalar() == false)
    let nothing = Tensor([Bool](), shape: [0])
    #expect(nothing.any().scalar() == false)
    #expect(nothing.all().scalar())
  }

  @Test func numbersAtTheEndsOfATypeAreCompared() {
    func truths(_ tensor: Tensor) -> [Bool] { tensor.scalars() }
    #expect(truths(Tensor([0, 255], dataType: .uint8) .== 255) == [false, true])
    #expect(truths(Tensor([0, 255], dataType: .uint8) .> -0.0) == [false, true])
    #expect(truths(Tensor([Int.min, 7]) .== -0x1p63) == [true, false])
    #expect(truths(Tensor([true, false]) .== 1) == [true, false])
    #expect(truths(Tensor([2.5, -.infinity]) .< .infinity) == [true, true])
  }

  @Test func combinesTruthsElementByElement() {
    func truths(_ tensor: Tensor) -> [Bool] { tensor.scalars() }
    let x = Tensor([true, true, false, false])
    let y = Tensor([true, false, true, false])
    #expect(truths(x.logicalAnd(y)) == [true, false, false, false])
    #expect(truths(x.logicalOr(y)) == [true, true, true, false])
    #expect(truths(x.logicalNot()) == [false, false, true, true])
    #expect(truths(x[TensorIndex.every(2, in: 0..<4)].logicalNot()) == [false, true])
    let column = Tensor([[true], [false]])
    #expect(truths(column.logicalAnd(Tensor([true, false]))) == [true, false, false, false])
    #expect(truths(column.transposed().logicalOr(column)) == [true, true, true, false])
    let nothing = Tensor([Bool](), shape: [0, 2])
    #expect(nothing.logicalNot().shape == [0, 2])
    #expect(nothing.logicalAnd(Tensor([true, false])).shape == [0, 2])
  }
}
