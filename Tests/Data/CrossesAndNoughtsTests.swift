import AdjointAutodiff
import Testing

@testable import AdjointData

@Suite struct CrossesAndNoughtsTests {
  @Test func shapesAndTypes() {
    let data = CrossesAndNoughts(count: 5, size: 12, seed: 1)
    #expect(data.images.shape == [5, 12, 12, 1])
    #expect(data.images.dataType == .float32)
    #expect(data.labels.shape == [5])
    #expect(data.labels.dataType == .int64)
    #expect(data.count == 5)
    #expect(CrossesAndNoughts(count: 0, seed: 1).images.shape == [0, 28, 28, 1])
  }

  @Test func theSameSeedGivesTheSameImagesOnEveryMachine() {
    let pixels = CrossesAndNoughts(count: 7, size: 19, seed: 42).images.scalars(as: Float.self)
    let hash = SHA256.hash(pixels.flatMap(\.bitPattern.bigEndianBytes))
    #expect(hash == "817633563fc760cbe1b47d5a326e83e127e3fa80e980b3bdfc9a5a49c7e8d4b1")
  }

  @Test func anImageDoesNotDependOnHowManyThereAre() {
    let few = CrossesAndNoughts(count: 3, size: 16, seed: 9)
    let many = CrossesAndNoughts(count: 6, size: 16, seed: 9)
    #expect(many[0..<3].images.scalars(as: Float.self) == few.images.scalars(as: Float.self))
    #expect(many[0..<3].labels.scalars(as: Int.self) == few.labels.scalars(as: Int.self))
    let other = CrossesAndNoughts(count: 3, size: 16, seed: 10)
    #expect(other.images.scalars(as: Float.self) != few.images.scalars(as: Float.self))
  }

  @Test func bothMarksAreDrawnWithinTheImage() {
    let data = CrossesAndNoughts(count: 60, size: 20, noise: 0, seed: 3)
    let labels = data.labels.scalars(as: Int.self)
    #expect((20...40).contains(labels.reduce(0, +)))
    #expect(labels.allSatisfy { $0 == 0 || $0 == 1 })
    for index in 0..<data.count {
      let pixels = data.images[index].scalars(as: Float.self)
      #expect(pixels.allSatisfy { (0...1).contains($0) })
      #expect((0.03...0.5).contains(pixels.reduce(0, +) / 400))
      // At the center of its ink, a cross has the most of it and a nought has none.
      let total = pixels.reduce(0, +)
      let x = zip(pixels.indices, pixels).reduce(0) { $0 + Float($1.0 % 20) * $1.1 } / total
      let y = zip(pixels.indices, pixels).reduce(0) { $0 + Float($1.0 / 20) * $1.1 } / total
      let middle = pixels[Int(y.rounded()) * 20 + Int(x.rounded())]
      #expect(labels[index] == 1 ? middle > 0.4 : middle < 0.1)
    }
  }

  @Test func moreThanCanBeCountedIsTooMuch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CrossesAndNoughts(count: 1 << 40, size: 1 << 20, seed: 1)
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("crossesAndNoughts: there are too many pixels; given 1099511627776 images"))
  }
}
