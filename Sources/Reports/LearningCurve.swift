import AdjointData

/// A line chart of how losses or accuracies change in training, as a picture that any browser shows.
///
/// ```swift
/// let chart = LearningCurve(
///   title: "A small network on MNIST", verticalLabel: "loss",
///   series: [
///     .init(name: "training", values: [0.42, 0.13, 0.08]),
///     .init(name: "test", values: [0.20, 0.11, 0.09]),
///   ])
/// try chart.write(to: "loss.svg")
/// ```
public struct LearningCurve: Sendable {
  /// One line of the chart.
  public struct Series: Sendable {
    /// What the legend says.
    public let name: String
    /// The line's points from left to right. One that is not finite, or beyond 10³⁰⁰, leaves a gap.
    public let points: [Point]

    /// A line through values at 1, 2, 3 and so on, such as one for each epoch.
    public init(name: String, values: [Double]) {
      self.init(
        name: name, points: values.enumerated().map { Point(x: Double($0.offset + 1), y: $0.element) })
    }

    /// A line through points.
    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A value and where it was taken.
  public struct Point: Sendable {
    /// The epoch or step.
    public let x: Double
    /// The value.
    public let y: Double

    /// A value and where it was taken.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    /// Whether the point can be drawn: between numbers that are larger still, distances would be infinite.
    var isDrawable: Bool { abs(x) <= 1e300 && abs(y) <= 1e300 }
  }

  /// What the chart shows.
  public let title: String
  /// What the horizontal axis counts.
  public let horizontalLabel: String
  /// What the vertical axis measures.
  public let verticalLabel: String
  /// The lines.
  public let series: [Series]

  /// A chart of lines.
  public init(title: String, horizontalLabel: String = "epoch", verticalLabel: String, series: [Series]) {
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.series = series
  }

  /// The chart as a document of Scalable Vector Graphics that depends on nothing else.
  public var svg: String { LineChart(self).document }

  /// Writes the chart to a file, whose name should end in `.svg`. A file of that name is replaced.
  ///
  /// - Throws: `DataError` where the file cannot be written; what was there before is then still there.
  public func write(to path: String) throws(DataError) {
    try Files.write(Array(svg.utf8), to: path, operation: "svg")
  }
}
