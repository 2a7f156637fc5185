/// The walk from an output back through the graph, one node at a time, latest made first.
struct BackwardPass {
  /// The operation that messages name.
  let operation: String
  /// Whether nodes keep what they hold, so that another pass can follow.
  let retainsGraph: Bool
  /// Whether the pass itself is recorded, so that gradients have gradients.
  let createsGraph: Bool
  /// The nodes on the way to those whose gradients are wanted; nil for all.
  var relevant: Set<ObjectIdentifier>?

  /// Walks back from an output with its cotangent. `visit` sees every node with its whole cotangent, and says
  /// whether to go on behind it.
  func run(from root: Node, _ cotangent: consuming Tensor, visit: (Node, Tensor) -> Bool) {
    Recording.state.hasPassedBack = true
    var frontier = Frontier()
    frontier.add(cotangent, at: root)
    Recording.with(isOn: createsGraph) {
      Recording.with(\.isPassingBack, true) {
        Recording.with(\.gradientOf, nil) {
          while let (node, cotangent) = frontier.popLatest() {
            guard visit(node, cotangent) else { continue }
            pass(node, consume cotangent, into: &frontier)
          }
        }
      }
    }
  }

  private func pass(_ node: Node, _ cotangent: consuming Tensor, into frontier: inout Frontier) {
    if relevant != nil, !node.isReleased, !node.sources.contains(where: isRelevant) { return }
    if Anomalies.areWatchedAnywhere { Recording.state.gradientOf = node.name }
    switch node.open(releasing: !retainsGraph) {
    case .leaf:
      return
    case .released:
      failReleased(node)
    case .paths(let paths, let output):
      pass(consume cotangent, output, by: paths, of: node, into: &frontier)
    case .joint(let sources, let pull):
      let wanted = sources.map { $0.map(isRelevant) ?? false }
      // Who looks for anomalies wants to see the cotangent as it came.
      let original = Anomalies.areWatched ? cotangent : nil
      let gradients = pull(consume cotangent, wanted)
      require(
        gradients.count == sources.count, node.name, "the rule gave the wrong number of gradients",
        given: "\(gradients.count)", expected: "\(sources.count), one an input")
      for case ((let source?, let gradient?), true) in zip(zip(sources, gradients), wanted) {
        if let original { Anomalies.check(gradient, of: original, inGradientOf: node) }
        deliver(gradient, to: source, from: node, into: &frontier)
      }
    }
  }

  /// The last path has the cotangent to itself, and may change it in place.
  private func pass(
    _ cotangent: consuming Tensor, _ output: Tensor?, by paths: consuming Paths, of node: Node,
    into frontier: inout Frontier
  ) {
    switch consume paths {
    case .one(let path):
      follow(path, consume cotangent, output, of: node, into: &frontier)
    case .two(let first, let second) where isRelevant(second.source):
      follow(first, copy cotangent, output, of: node, into: &frontier)
      follow(second, consume cotangent, output, of: node, into: &frontier)
    case .two(let first, _):
      follow(first, consume cotangent, output, of: node, into: &frontier)
    case .several(let paths):
      for path in paths.dropLast() { follow(path, copy cotangent, output, of: node, into: &frontier) }
      follow(paths[paths.count - 1], consume cotangent, output, of: node, into: &frontier)
    }
  }

  private func follow(
    _ path: GradientPath, _ cotangent: consuming Tensor, _ output: Tensor?, of node: Node,
    into frontier: inout Frontier
  ) {
    guard isRelevant(path.source), !adds(cotangent, by: path, into: &frontier) else { return }
    let original = Anomalies.areWatched ? cotangent : nil
    guard let gradient = path.gradient(consume cotangent, output, of: node) else { return }
    if let original { Anomalies.check(gradient, of: original, inGradientOf: node) }
    deliver(gradient, to: path.source, from: node, into: &frontier)
  }

  /// Whether the path could add its gradient to those that have arrived, and has.
  private func adds(_ cotangent: Tensor, by path: GradientPath, into frontier: inout Frontier) -> Bool {
    guard case .cotangentOrAddition(_, to: let add) = path.pull, !createsGraph, !Anomalies.areWatched else {
      return false
    }
    return frontier.change(at: path.source) { add(cotangent, &$0) }
  }

  private func deliver(
    _ gradient: consuming Tensor, to source: Node, from node: Node, into frontier: inout Frontier
  ) {
    require(
      gradient.dataType == source.dataType, node.name, "the rule gave a gradient of another type",
      given: "a gradient of \(gradient.dataType)", expected: "the input's \(source.dataType)")
    if gradient.shape == source.shape {
      frontier.add(gradient, at: source)
      return
    }
    require(
      source.shape.broadcasts(to: gradient.shape), node.name, "the rule gave a gradient of another shape",
      given: "a gradient \(gradient.shape)", expected: "the input's \(source.shape), or what it broadcasts to"
    )
    frontier.add(gradient.summed(to: source.shape), at: source)
  }

  private func isRelevant(_ node: Node) -> Bool {
    relevant?.contains(ObjectIdentifier(node)) ?? true
  }

  private func failReleased(_ node: Node) -> Never {
    Failure(
      operation, "the graph has been released",
      given: "a second pass back through \(node.name) \(node.shape)",
      expected: "a graph that no pass has gone through",
      hint: "pass retainGraph: true to the first pass, or compute the value anew"
    ).trap()
  }
}
