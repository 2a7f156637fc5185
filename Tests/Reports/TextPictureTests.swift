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
  }
}
