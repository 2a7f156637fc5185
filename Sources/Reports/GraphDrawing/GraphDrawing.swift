import AdjointAutodiff
import AdjointData

/// A picture of a recorded graph: operators from top to bottom, each with its parameters beside it, the shapes of
/// what goes from one to the next, and a box around the operators of each layer.
///
/// ```swift
/// try GraphDrawing(model.observingLayers { model(images) }.recordedGraph).write(to: "model.svg")
/// ```
///
/// Boxes come from the paths that operators bear while a module observes its layers, and nest as the paths do. A
/// layer that is used twice has two. Operators without a path are drawn with those recorded just before and just
/// after, as far as the paths of these agree.
///
/// In SVG, what goes from one operator to several, or from several to one, is drawn as one line for as long as it
/// leads the same way. So a tensor that is used all along a sequence has a line beside it, which forks at each use.
public struct GraphDrawing: Sendable {
  private let scene: GraphScene

  /// A picture of a graph.
  public init(_ graph: RecordedGraph) {
    scene = GraphScene(graph)
  }

  /// The graph in the language of Graphviz, which lays it out in its own way.
  public var dot: String { GraphInDOT(scene).document }

  /// The graph as a document of Scalable Vector Graphics that depends on nothing else.
  public var svg: String { GraphInSVG(scene).document }

  /// Writes the picture to a file, as Graphviz's text where the name ends in `.dot`, and as a picture that any
  /// browser shows where it ends in `.svg`. A file of that name is replaced.
  ///
  /// - Throws: `DataError` where the name ends otherwise, or the file cannot be written; what was there before is
  ///   then still there.
  public func write(to path: String) throws(DataError) {
    let document: String
    switch path.split(separator: "/").last?.split(separator: ".").last {
    case "dot": document = dot
    case "svg": document = svg
    default:
      throw DataError(
        file: path, operation: "graphDrawing", problem: "no such kind of picture",
        given: "another ending", expected: "a name that ends in .dot or .svg")
    }
    try Files.write(Array(document.utf8), to: path, operation: "graphDrawing")
  }
}
