import AdjointAutodiff
import AdjointData
import Testing

@testable import AdjointReports

@Suite struct ImageGridTests {
  @Test func tilesAreLaidOutInRowsWithPaddingAround() throws {
    // Three gray images, 1 high and 2 wide, twice as large, in two columns with a pixel between.
    let grid = try decoded(
      ImageGrid(
        [0, 1, 0.2, 0.4, 1, 0], count: 3, height: 1, width: 2, channels: 1, columns: 2, padding: 1,
        magnification: 2, normalization: .range(0...1)))
    #expect(grid.width == 11)
    #expect(grid.height == 7)
    let blank = [UInt8](repeating: 255, count: 11)
    let first: [UInt8] = [255, 0, 0, 255, 255, 255, 51, 51, 102, 102, 255]
    let second: [UInt8] = [255, 255, 255, 0, 0, 255, 255, 255, 255, 255, 255]
    #expect(grid.pixels == blank + first + first + blank + second + second + blank)
  }

  @Test func channelsStayTogether() throws {
    let grid = try decoded(
      ImageGrid(
        [0, 0.2, 0.4, 0.6, 0.8, 1], count: 1, height: 2, width: 1, channels: 3, columns: nil, padding: 0,
        magnification: 1, normalization: .range(0...1)))
    #expect(grid.colourType == 2)
    #expect(grid.pixels == [0, 51, 102, 153, 204, 255])
  }

  @Test(arguments: [
    (ImageGrid.Normalization.perImage, [0, 255, 0, 255] as [UInt8]),
    (.shared, [0, 51, 204, 255]),
    (.range(-1...6), [36, 73, 182, 219]),
    (.range(1...4), [0, 0, 255, 255]),
    (.range(4...4), [0, 0, 128, 255]),
  ])
  func valuesBecomeLevels(normalization: ImageGrid.Normalization, levels: [UInt8]) throws {
    #expect(try pixels([0, 1, 4, 5], normalization) == levels)
  }

  @Test func valuesThatAreNotFiniteDoNotStretchTheScale() throws {
    #expect(try pixels([.nan, 0, .infinity, 2], .shared) == [0, 0, 255, 255])
    #expect(try pixels([-.infinity, 1, 2, 3], .shared) == [0, 0, 128, 255])
    #expect(try pixels([.nan, .nan, .nan, .nan], .shared) == [0, 0, 0, 0])
  }

  /// Where the values are large, a scale around them could hold no others.
  @Test(arguments: [0, 7, -7, 1e17, -1e20, .greatestFiniteMagnitude] as [Float])
  func aFlatImageHasAMiddleShade(value: Float) throws {
    for normalization in [ImageGrid.Normalization.perImage, .shared] {
      #expect(try pixels([value, value, value, value], normalization) == [128, 128, 128, 128])
    }
    #expect(try pixels([value, .nan, .infinity, -.infinity], .shared) == [128, 0, 255, 0])
  }

  @Test func aScaleOfNoFiniteValuesIsBlack() throws {
    #expect(try pixels([.nan, .infinity, -.infinity, .nan], .shared) == [0, 0, 0, 0])
  }

  @Test func tensorsOfImagesAreDrawn() throws {
    let images = Tensor((0..<90).map { UInt8($0) }, shape: [5, 3, 2, 3])
    let grid = ImageGrid(images, padding: 1, magnification: 3)
    #expect([grid.width, grid.height] == [22, 21])
    let picture = try decoded(grid)
    #expect([picture.width, picture.height] == [22, 21])
    #expect(picture.colourType == 2)
    #expect(ImageGrid(images, columns: 100, padding: 0).width == 10)
  }

  @Test func mistakesTrap() async {
    await #expect(processExitsWith: .failure) { _ = ImageGrid(Tensor.zeros([2, 3, 3, 2])) }
    await #expect(processExitsWith: .failure) { _ = ImageGrid(Tensor.zeros([0, 3, 3, 1])) }
    await #expect(processExitsWith: .failure) { _ = ImageGrid(Tensor.zeros([2, 3, 3, 1]), columns: 0) }
  }

  /// Two images of two pixels, side by side.
  private func pixels(_ values: [Float], _ normalization: ImageGrid.Normalization) throws -> [UInt8] {
    try decoded(
      ImageGrid(
        values, count: 2, height: 1, width: 2, channels: 1, columns: 2, padding: 0, magnification: 1,
        normalization: normalization)
    ).pixels
  }

  private func decoded(_ grid: ImageGrid) throws -> DecodedPNG {
    try DecodedPNG(grid.png)
  }
}
