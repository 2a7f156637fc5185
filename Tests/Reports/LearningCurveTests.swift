import AdjointReports
import Testing

@Suite struct LearningCurveTests {
  @Test func theDocumentIsWellFormedAndComplete() throws {
    let curve = LearningCurve(
      title: "Loss < 1 & falling", verticalLabel: "loss",
      series: [
        .init(name: "training", values: [0.9, 0.5, 0.3, 0.2]),
        .init(name: "<test> & \"more\"", values: [1, 0.6, 0.45, 0.41]),
      ])
    let document = try SVGDocument(curve.svg)
    #expect(document.count(of: "path") == 2)
    #expect(document.count(of: "circle") == 8)
    for text in ["Loss < 1 & falling", "training", "<test> & \"more\"", "epoch", "loss", "1.0", "4"] {
      #expect(document.texts.contains(text))
    }
  }

  @Test func textsOfAnyScalarsAreWellFormed() throws {
    let title = "a\u{1b}[1m<\u{338}&\u{301}>\u{20d2}]]>\u{0}\u{ffff}\t\u{1f600}"
    let series = LearningCurve.Series(name: "\u{7}\u{fffe}", values: [1, 2])
    let document = try SVGDocument(LearningCurve(title: title, verticalLabel: "v", series: [series]).svg)
    #expect(
      document.texts.contains("a\u{fffd}[1m<\u{338}&\u{301}>\u{20d2}]]>\u{fffd}\u{fffd}\t\u{1f600}"))
    #expect(document.texts.contains("\u{fffd}\u{fffd}"))
  }

  @Test func valuesThatAreNotFiniteLeaveGaps() throws {
    let values = [1, .nan, 3, 2, .infinity, 1]
    let document = try SVGDocument(
      LearningCurve(title: "t", verticalLabel: "v", series: [.init(name: "s", values: values)]).svg)
    #expect(document.count(of: "circle") == 4)
    #expect(document.paths == 3)
    #expect(!document.source.contains("nan") && !document.source.contains("inf"))
  }

  @Test func pointsWithoutNeighboursHaveDotsInLongCurves() throws {
    var values = (0..<40).map { $0 % 2 == 0 ? Double($0) : .nan }
    values[1] = 0.5
    let document = try SVGDocument(
      LearningCurve(title: "t", verticalLabel: "v", series: [.init(name: "s", values: values)]).svg)
    // All but the three that a line joins.
    #expect(document.count(of: "circle") == 18)
  }

  /// Beyond these, a difference is infinite or 0, and no ticks are found.
  @Test(arguments: [
    [1e300, -1e300], [.leastNormalMagnitude / 2_048, 0], [.leastNonzeroMagnitude], [1, 1.0.nextUp],
  ])
  func extremeValuesAreDrawn(values: [Double]) throws {
    let far = [Double.greatestFiniteMagnitude, -1.7e308]
    let series = LearningCurve.Series(name: "s", values: far + values)
    let document = try SVGDocument(LearningCurve(title: "t", verticalLabel: "v", series: [series]).svg)
    #expect(document.count(of: "circle") == values.count)
    #expect(!document.source.contains("nan") && !document.source.contains("inf"))
  }

  @Test(arguments: [[], [.nan], [0], [5], [-3, -3]])
  func fewOrEqualValuesAreDrawn(values: [Double]) throws {
    let curve = LearningCurve(title: "t", verticalLabel: "v", series: [.init(name: "s", values: values)])
    let document = try SVGDocument(curve.svg)
    #expect(document.count(of: "circle") == values.filter(\.isFinite).count)
    #expect(!document.source.contains("nan") && !document.source.contains("inf"))
  }

  @Test func aChartWithoutLinesIsDrawn() throws {
    let document = try SVGDocument(LearningCurve(title: "t", verticalLabel: "v", series: []).svg)
    #expect(document.texts.contains("t"))
  }

  @Test func longLinesHaveNoDots() throws {
    let series = LearningCurve.Series(name: "s", values: (0..<500).map { 1 / Double($0 + 1) })
    let document = try SVGDocument(LearningCurve(title: "t", verticalLabel: "v", series: [series]).svg)
    #expect(document.count(of: "circle") == 0)
    #expect(document.count(of: "path") == 1)
  }
}
