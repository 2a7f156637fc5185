import AdjointKernels
import Synchronization

/// A source of random numbers that is the same on every machine: a seed and a name determine every draw.
///
/// Numbers are computed from a counter (Philox 4×32-10), so a stream is two integers and a position, and two
/// streams of different names have nothing to do with each other.
///
/// - Source: Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, 2011,
///   doi:10.1145/2063384.2063405.
public final class RandomStream: Sendable {
  /// What a stream's future depends on; save it with a checkpoint.
  public struct State: Sendable, Hashable, Codable {
    /// What the seed and the name come to.
    public var key: UInt64
    /// How many blocks of random numbers have been drawn.
    public var position: UInt64

    /// A state as saved.
    public init(key: UInt64, position: UInt64) {
      self.key = key
      self.position = position
    }
  }

  private let content: Mutex<State>

  /// The stream that is used where none is named.
  public static let standard = RandomStream(seed: 0)

  /// A stream at its beginning.
  ///
  /// - Parameters:
  ///   - seed: Any number.
  ///   - name: What tells this stream from others of the same seed.
  public init(seed: UInt64, name: String = "") {
    content = Mutex(State(key: Self.key(seed: seed, name: name), position: 0))
  }

  /// Where the stream is.
  public var state: State {
    get { content.withLock { $0 } }
    set { content.withLock { $0 = newValue } }
  }

  /// Starts the stream anew from a seed and a name.
  public func restart(seed: UInt64, name: String = "") {
    state = State(key: Self.key(seed: seed, name: name), position: 0)
  }

  /// A new stream that depends on where this one is and on a name, and on nothing drawn from it later.
  public func split(name: String) -> RandomStream {
    let (key, counter) = draw(1)
    return RandomStream(seed: Self.mixed(key ^ Self.mixed(counter)), name: name)
  }

  /// Takes the counters that a draw of so many numbers uses up, and returns the key and the first of them.
  package func draw(_ count: Int) -> (key: UInt64, counter: UInt64) {
    let recording = Recording.state
    let drawn =
      recording.redraws?.next(of: self, count: count)
      ?? content.withLock { state in
        defer { state.position &+= Random.counterCount(count) }
        return (state.key, state.position)
      }
    recording.draws?.note(self, drawn, count: count)
    return drawn
  }

  /// The seed and the name's bytes, mixed so that similar ones give unrelated keys (the finalizer of
  /// SplitMix64 after each byte).
  private static func key(seed: UInt64, name: String) -> UInt64 {
    name.utf8.reduce(mixed(seed)) { mixed($0 ^ UInt64($1)) }
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
