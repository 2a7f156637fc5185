import AdjointKernels
import Synchronization

/// One recorded operator application: where its output came from, and how gradients go back there.
///
/// A tensor holds the node that gave it, and a node's rule holds the nodes of the inputs, so a graph lives
/// exactly as long as somebody holds a tensor that came out of it. Nodes are shared between threads and change
/// once, when a backward pass releases them.
package class Node: @unchecked Sendable {
  package let name: String
  /// When the node was made, counted over the process: an input's is always below its output's.
  package let order: Int
  package let shape: Shape
  package let dataType: DataType
  /// The dotted path of the layer that computed the output, where layers were being observed.
  package let layerPath: String?
  /// Guards `rule` while more than one thread may know of this node.
  private let lock = Mutex(())
  private var rule: Rule

  private static let made = Atomic<Int>(0)
  private static let freed = Atomic<Int>(0)

  /// The number of nodes that exist in the process, leaves included.
  package static var liveCount: Int {
    made.load(ordering: .relaxed) - freed.load(ordering: .relaxed)
  }

  /// The order that the next node made will have, or a lower one.
  static var nextOrder: Int { made.load(ordering: .relaxed) }

  init(name: String, shape: Shape, dataType: DataType, rule: Rule, layerPath: String?) {
    self.name = name
    order = Self.made.add(1, ordering: .relaxed).oldValue
    self.shape = shape
    self.dataType = dataType
    self.layerPath = layerPath
    self.rule = rule
  }

  deinit {
    Self.freed.add(1, ordering: .relaxed)
    // The rule is handed over whole: a reference that stayed here would release the next node on this stack.
    if rule.hasSources { Demolition.tearDown(rule.take()) }
  }

  /// The rule; `releasing` leaves nothing behind but a mark.
  func open(releasing: Bool) -> Rule {
    lock.withLock { _ in releasing ? rule.take() : rule }
  }

  package var sources: [Node] { lock.withLock { _ in rule.sources } }

  /// Nodes and all that they came from, in the order in which they were made.
  ///
  /// - Parameter firstOrder: What was made before this place in the order is looked at and not followed.
  static func behind(_ roots: [Node], madeFrom firstOrder: Int = 0) -> [Node] {
    var seen: Set<ObjectIdentifier> = []
    var found = roots.filter { seen.insert(ObjectIdentifier($0)).inserted }
    var next = 0
    while next < found.count {
      if found[next].order >= firstOrder {
        for source in found[next].sources where seen.insert(ObjectIdentifier(source)).inserted {
          found.append(source)
        }
      }
      next += 1
    }
    return found.sorted { $0.order < $1.order }
  }

  /// Whether a pass back has let go of the rule, and so of the sources.
  var isReleased: Bool {
    lock.withLock { _ in if case .released = rule { true } else { false } }
  }
}

/// A node with no inputs, at which gradients end and add up.
package final class Leaf: Node, @unchecked Sendable {
  private let collected = Mutex<Tensor?>(nil)
  private let ownLabel: Mutex<String?>

  package init(_ value: Tensor, label: String? = nil) {
    ownLabel = Mutex(label)
    super.init(
      name: "leaf", shape: value.shape, dataType: value.dataType, rule: .leaf,
      layerPath: Recording.circumstances.layerPath)
  }

  /// The parameter's name, where the leaf is that of a parameter.
  package var label: String? {
    get { ownLabel.withLock { $0 } }
    set { ownLabel.withLock { $0 = newValue } }
  }

  package var gradient: Tensor? {
    get { collected.withLock { $0 } }
    set { collected.withLock { $0 = newValue } }
  }

  package func accumulate(_ gradient: Tensor) {
    collected.withLock { sum in
      if sum == nil {
        sum = gradient
      } else {
        sum! += gradient
      }
    }
  }
}

/// How a node passes a cotangent of its output back.
enum Rule: Sendable {
  /// Nothing lies behind: the gradient stays here.
  case leaf
  /// A path for each input that wants a gradient, and the output where one of them reads it.
  case paths(Paths, output: Tensor?)
  /// One rule that gives all gradients at once; nil sources want none.
  case joint([Node?], JointPullback)
  /// A backward pass has been here and has let go of all it held.
  case released

  var hasSources: Bool {
    switch self {
    case .leaf, .released: false
    case .paths, .joint: true
    }
  }

  var sources: [Node] {
    switch self {
    case .leaf, .released: []
    case .paths(let paths, _): paths.sources
    case .joint(let sources, _): sources.compactMap { $0 }
    }
  }

  /// Moves the rule out; a leaf stays a leaf.
  mutating func take() -> Rule {
    guard hasSources else { return self }
    var taken = Rule.released
    swap(&taken, &self)
    return taken
  }
}

/// Gives the gradients of all inputs of an operator at once.
///
/// The second argument says which inputs want a gradient; the result has one entry an input, nil for none. A
/// rule that declares the cotangent `consuming` may change it in place where nobody else holds it.
public typealias JointPullback = @Sendable (_ cotangent: consuming Tensor, _ wanted: [Bool]) -> [Tensor?]

/// Lets go of graphs one node at a time, since a chain of a million nodes that each release the next would
/// overflow the stack.
private enum Demolition {
  /// A thread's own, so nobody else can look while it changes.
  final class Site {
    @exclusivity(unchecked) var rules: [Rule] = []
    @exclusivity(unchecked) var isActive = false
  }

  static let site = ThreadLocal { Site() }

  static func tearDown(_ rule: consuming Rule) {
    let site = site.value
    site.rules.append(consume rule)
    guard !site.isActive else { return }
    site.isActive = true
    while let next = site.rules.popLast() {
      // Releasing the rule may release further nodes, which leave theirs in the list.
      _ = consume next
    }
    site.isActive = false
  }
}
