import AdjointAutodiff
import Testing

@Suite struct TruthTests {
  @Test func anyAndAllAlongAxes() {
    let x = Tensor([[true, false, true], [false, false, true]])
    #expect(x.any(axes: [0]).scalars() == [true, false, true])
    #expect(x.all(axes: [0]).scalars() == [false, false, true])
    #expect(x.transposed().any(axes: [0], keepsAxes: true).shape == [1, 2])
    #expect(x.any().scalar())
    #expect(x.all().scalar() == false)
    let nothing = Tensor([Bool](), shape: [0])
    #expect(nothing.any().scalar() == false)
    #expect(nothing.all().scalar())
  }
}
