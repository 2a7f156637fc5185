import AdjointAutodiff
import Testing

/// Small examples that introductions to convolutional networks work by hand.
@Suite struct WorkedExampleTests {
  private func image(_ rows: [[Double]]) -> Tensor {
    Tensor(rows).reshaped(to: [1, rows.count, rows[0].count, 1])
  }

  @Test func aDifferenceFilterOverOneToNine() {
    let output = image([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
      .convolved(with: Tensor([[0.0, 1], [-1, 0]]).reshaped(to: [2, 2, 1, 1]))
    #expect(output.shape == [1, 2, 2, 1])
    #expect(output.scalars(as: Float.self) == [-2, -2, -2, -2])
  }

  @Test func poolingOneToSixteen() {
    let sixteen = Tensor.range(1..<17, dataType: .float32).reshaped(to: [1, 4, 4, 1])
    #expect(sixteen.maxPooled(kernelSize: 2).scalars(as: Float.self) == [6, 8, 14, 16])
  }

  @Test func oneFilterGivesOneMapAndTwoGiveTwo() {
    let image = Tensor.ones([1, 32, 32, 3])
    let one = image.convolved(with: .ones([5, 5, 3, 1]))
    #expect(one.shape == [1, 28, 28, 1])
    #expect(image.convolved(with: .ones([5, 5, 3, 2])).shape == [1, 28, 28, 2])
    // With ones throughout, an output counts its multiplications.
    #expect(one.scalars(as: Float.self).allSatisfy { $0 == 75 })
  }

  @Test func aFeatureMatchesByTheMeanOfItsProducts() {
    let feature: [[Double]] = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    var twoWrong = feature
    (twoWrong[0][0], twoWrong[1][2]) = (-1, 1)
    let filter = Tensor(feature).reshaped(to: [3, 3, 1, 1]) / 9
    #expect(image(feature).convolved(with: filter).isClose(to: Tensor([[[[1.0]]]])))
    #expect(image(twoWrong).convolved(with: filter).isClose(to: Tensor([[[[5 / 9.0]]]])))
  }

  @Test func partialWindowsTakeSevenToFour() {
    let seven = Tensor.range(0..<49, dataType: .float32).reshaped(to: [1, 7, 7, 1])
    #expect(seven.maxPooled(kernelSize: 2, keepsPartialWindows: true).shape == [1, 4, 4, 1])
    #expect(seven.maxPooled(kernelSize: 2).shape == [1, 3, 3, 1])
  }
}
