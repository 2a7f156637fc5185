/// What was drawn from random streams, in order, to be drawn again. One thread at a time uses it: the one that computes a
/// segment, and then the one that walks back through it.
final class RandomDraws: @unchecked Sendable {
  fileprivate struct Draw {
    let key: UInt64
    let counter: UInt64
    let count: Int
  }

  /// The streams are held, so that no other takes an identifier.
  private var streams: [ObjectIdentifier: (stream: RandomStream, draws: [Draw])] = [:]

  func note(_ stream: RandomStream, _ drawn: (key: UInt64, counter: UInt64), count: Int) {
    let draw = Draw(key: drawn.key, counter: drawn.counter, count: count)
    streams[ObjectIdentifier(stream), default: (stream, [])].draws.append(draw)
  }

  func note(_ others: RandomDraws) {
    for (identifier, other) in others.streams {
      streams[identifier, default: (other.stream, [])].draws += other.draws
    }
  }

  /// Calls `body`, in which this thread draws the same again. The streams stay where they are: other threads may be
  /// drawing from them.
  func replaying<Result>(_ body: () -> Result) -> Result {
    Recording.with(\.redraws, Redraws(draws: streams.mapValues { $0.draws[...] })) {
      Recording.with(\.draws, nil, body)
    }
  }

  /// How far a second run has come.
  final class Redraws {
    private var draws: [ObjectIdentifier: ArraySlice<Draw>]

    fileprivate init(draws: [ObjectIdentifier: ArraySlice<Draw>]) { self.draws = draws }

    /// The next draw from a stream; nil where the first run knew nothing of it.
    func next(of stream: RandomStream, count: Int) -> (key: UInt64, counter: UInt64)? {
      let identifier = ObjectIdentifier(stream)
      guard draws[identifier] != nil else { return nil }
      let next = draws[identifier]!.popFirst()
      require(
        next?.count == count, "random", "a second run draws other numbers than the first",
        given: "a draw of \(count)", expected: next.map { "one of \($0.count)" } ?? "none",
        hint: "what is run again, such as a checkpoint's block, must do the same each time")
      return (next!.key, next!.counter)
    }
  }
}
