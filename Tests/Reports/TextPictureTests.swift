import AdjointAutodiff
import AdjointReports
import Testing

@Suite struct TextPictureTests {
  @Test func shadesGoFromTheLeastToTheGreatest() {
    let image = Tensor([[0, 9, 4.5], [1, 2, 0]]).reshaped(to: [2, 3, 1])
    #expect(image.textPicture == "  @@++\n..::  ")
  }

  @Test func aFlatImageIsBlank() {
    #expect(Tensor.ones([1, 2]).textPicture == "    ")
    #expect(Tensor([[1e20, 1e20]], dataType: .float64).textPicture == "    ")
  }

  @Test func valuesThatAreNotFiniteDoNotStretchTheScale() {
    #expect(
      Tensor([[.nan, 0, 9, 4.5, .infinity, -.infinity]] as [[Float]]).textPicture == "  " + "  @@++@@  ")
    #expect(Tensor([[Float.nan], [.infinity]]).textPicture == "  \n  ")
    #expect(Tensor([[-1e308, 0, 1.5e308]], dataType: .float64).textPicture.count == 6)
  }
}
