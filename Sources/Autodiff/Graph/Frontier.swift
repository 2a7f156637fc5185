/// The nodes that a backward pass has reached and not yet passed, each with the sum of the cotangents that have
/// arrived, latest made first.
///
/// A node is made after all its inputs, so by the time it is the latest in the frontier, every operator that
/// used its output has been passed and its cotangent is complete. The graph itself carries no marks: two
/// threads may walk graphs that share nodes.
struct Frontier {
  private struct Entry {
    let node: Node
    var cotangent: Tensor
  }

  /// The latest of all, where it is known. A chain of operators passes through here and never enters the heap.
  private var front: Entry?
  /// A binary heap of the others' creation orders, the largest first.
  private var orders: [Int] = []
  /// Open addressing with linear probing.
  private var slots: [Entry?] = Array(repeating: nil, count: 16)

  /// Adds a cotangent to those that have arrived at a node.
  mutating func add(_ cotangent: consuming Tensor, at node: Node) {
    if front?.node === node {
      front!.cotangent += cotangent
      return
    }
    let entry = Entry(node: node, cotangent: cotangent)
    guard node.order > front?.node.order ?? orders.first ?? -1 else { return insert(entry) }
    if let passed = front.take() { insert(passed) }
    front = entry
  }

  /// Changes the sum of the cotangents that have arrived at a node; false where none has.
  ///
  /// The latest of all is left to ``add(_:at:)``: when it came, there was nobody left who would change it.
  mutating func change(at node: Node, _ body: (inout Tensor) -> Void) -> Bool {
    let slot = slot(of: node.order)
    guard slots[slot] != nil else { return false }
    body(&slots[slot]!.cotangent)
    return true
  }

  /// Takes out the node that was made last.
  mutating func popLatest() -> (node: Node, cotangent: Tensor)? {
    guard let entry = front.take() ?? removeFirst() else { return nil }
    return (entry.node, entry.cotangent)
  }

  private mutating func insert(_ entry: consuming Entry) {
    let slot = slot(of: entry.node.order)
    if slots[slot] != nil {
      slots[slot]!.cotangent += entry.cotangent
      return
    }
    slots[slot] = entry
    push(entry.node.order)
    if orders.count * 2 > slots.count { grow() }
  }

  private mutating func removeFirst() -> Entry? {
    guard let order = popOrder() else { return nil }
    let slot = slot(of: order)
    defer { closeGap(at: slot) }
    return slots[slot].take()
  }

  /// Where the search for an order begins: multiplied by 2⁶⁴ over the golden ratio, its highest bits. The lowest bits of
  /// the order itself would crowd where runs of consecutive ones, such as many leaves and what is made of them, overlap.
  private func home(of order: Int) -> Int {
    let scattered = UInt64(truncatingIfNeeded: order) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: scattered >> UInt64(slots.count.leadingZeroBitCount + 1))
  }

  private func slot(of order: Int) -> Int {
    let mask = slots.count - 1
    var slot = home(of: order)
    while let entry = slots[slot], entry.node.order != order { slot = (slot + 1) & mask }
    return slot
  }

  /// Moves entries that were displaced past the emptied slot back, so that probing still finds them.
  private mutating func closeGap(at emptied: Int) {
    let mask = slots.count - 1
    var gap = emptied
    var slot = (gap + 1) & mask
    while let entry = slots[slot] {
      if (slot - home(of: entry.node.order)) & mask >= (slot - gap) & mask {
        slots.swapAt(gap, slot)
        gap = slot
      }
      slot = (slot + 1) & mask
    }
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: nil, count: old.count * 2)
    for case let entry? in old { slots[slot(of: entry.node.order)] = entry }
  }

  private mutating func push(_ order: Int) {
    orders.append(order)
    var child = orders.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard orders[parent] < orders[child] else { break }
      orders.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func popOrder() -> Int? {
    guard let latest = orders.first else { return nil }
    let last = orders.removeLast()
    guard !orders.isEmpty else { return latest }
    orders[0] = last
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < orders.count {
        if orders[child] > orders[largest] { largest = child }
      }
      guard largest != parent else { return latest }
      orders.swapAt(parent, largest)
      parent = largest
    }
  }
}
