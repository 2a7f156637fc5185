/// Computes a value without keeping what its rules need, and computes it again when a pass back comes.
///
/// Memory for the segment's intermediate values is needed only while the segment runs, at the price of running
/// it twice. Gradients reach everything that the block uses. The second run draws the random numbers of the first one
/// again, running statistics are not updated again, and layers are observed by whoever observed them in the first run,
/// and by nobody else.
///
/// The value has the same bits as without a checkpoint. So have gradients, except where the block uses a tensor from
/// outside more than once and the tensor is used again after the block: what the block gives to it is added up before
/// the rest, and the last bits of the sum may differ. So may those of gradients of gradients.
///
/// ```swift
/// var x = images
/// for block in blocks { x = checkpoint { [x] in block(x) } }
/// ```
///
/// - Parameter body: Computes the value, the same whenever it is called, from what wants gradients both times. A pass back
///   calls it on its own thread, which must be one that may use what the block captured.
/// - Returns: The value, recorded as one operator; a leaf, or what was made before the block, as it is.
/// - Traps: where a pass within the block has released the value's graph; in a pass back, where the second run gives a
///   value of another shape or type or one that is not recorded, or draws from a stream of the first run more often,
///   or another count of numbers.
public func checkpoint(_ body: @escaping () -> Tensor) -> Tensor {
  guard Recording.isOn else { return body() }
  let firstOrder = Node.nextOrder
  let draws = RandomDraws()
  let value = Recording.with(\.draws, draws, body)
  // A segment around this one runs it again too.
  Recording.state.draws?.note(draws)
  guard let node = value.node, node.order >= firstOrder, !(node is Leaf) else { return value }
  let sources = sources(of: node, madeBefore: firstOrder)
  let segment = Segment(body: body, draws: draws, layerObserver: LayerObserver.current)
  let (shape, dataType) = (value.shape, value.dataType)
  return value.recorded(as: "checkpoint", sources: sources) { (cotangent: consuming Tensor, wanted) in
    let createsGraph = Recording.isOn
    let firstOrder = Node.nextOrder
    let replay = segment.replayed()
    guard let root = replay.node, replay.shape == shape, replay.dataType == dataType else {
      Failure(
        "checkpoint", "the second run gave another kind of value than the first",
        given: "\(replay.dataType) \(replay.shape)\(replay.isRecorded ? "" : ", not recorded")",
        expected: "\(dataType) \(shape), recorded",
        hint:
          "the block must do the same in the pass back: freeze parameters, and change what it reads, after that"
      ).trap()
    }
    let pass = BackwardPass(operation: "checkpoint", retainsGraph: createsGraph, createsGraph: createsGraph)
    let targets = zip(sources, wanted).map { $1 ? $0 : nil }
    return pass.gradients(from: root, cotangent, at: targets, notBehind: firstOrder)
  }
}

/// The nodes from before a segment that what was recorded in it comes from.
private func sources(of node: Node, madeBefore order: Int) -> [Node] {
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
  var within = [node]
  var outside: [Node] = []
  while let next = within.popLast() {
    if next.isReleased {
      Failure(
        "checkpoint", "the graph has been released",
        given: "a pass back through \(next.name) \(next.shape) in the block",
        expected: "a value whose graph no pass has gone through",
        hint: "pass retainGraph: true to that pass, or compute the value anew"
      ).trap()
    }
    for source in next.sources where seen.insert(ObjectIdentifier(source)).inserted {
      // A parameter that the block makes only once is the same in the second run.
      let isParameter = (source as? Leaf)?.label != nil
      if source.order < order || isParameter { outside.append(source) } else { within.append(source) }
    }
  }
  return outside
}

/// A piece of a program that can be run again with the same random numbers.
///
/// It runs on the thread that walks back, which may use what the block captured, as `checkpoint` asks.
private struct Segment: @unchecked Sendable {
  let body: () -> Tensor
  let draws: RandomDraws
  let layerObserver: AnyObject?

  func replayed() -> Tensor {
    Recording.with(isOn: true) {
      Recording.with(\.leavesStatistics, true) {
        LayerObserver.with(layerObserver) {
          Recording.with(\.replayedObserver, layerObserver) { draws.replaying(body) }
        }
      }
    }
  }
}
