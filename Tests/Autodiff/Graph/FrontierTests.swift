import TestSupport
import Testing

@testable import AdjointAutodiff

@Suite struct FrontierTests {
  private static let leaves = (0..<400).map { _ in Leaf(Tensor(0.0)) }

  /// Those whose numbers are 34 or 55 apart, as all Fibonacci numbers, fall on one place of a small table, or on
  /// neighbouring ones; each start is another place, the last ones among them.
  @Test(arguments: [
    Array(0..<40), Array((0..<40).reversed()), (0..<40).map { $0 * 7 % 40 }, (0..<80).map { $0 * 33 % 80 },
    [0, 34, 68, 102, 136, 170, 1], [170, 1, 136, 35, 102, 68, 34, 0], [3, 58, 37, 113, 2, 168, 24],
  ])
  func theLatestMadeComesFirstWithTheSumOfItsCotangents(order: [Int]) {
    for start in stride(from: 0, to: 200, by: 9) { expectLatestFirst(order.map { start + $0 }) }
  }

  private func expectLatestFirst(_ order: [Int]) {
    var frontier = Frontier()
    for index in order { frontier.add(Tensor(Double(index)), at: Self.leaves[index]) }
    for index in order.reversed() { frontier.add(Tensor(100.0), at: Self.leaves[index]) }
    for index in order.sorted().reversed() {
      let (node, cotangent) = frontier.popLatest()!
      #expect(node === Self.leaves[index])
      #expect(cotangent.scalar(as: Int.self) == 100 + index)
    }
    let isEmpty = frontier.popLatest() == nil
    #expect(isEmpty)
  }

  @Test func whatArrivesBetweenTwoTakesItsPlace() {
    var frontier = Frontier()
    var popped: [Int] = []
    func add(_ index: Int) { frontier.add(Tensor(1.0), at: Self.leaves[index]) }
    func pop() {
      let node = frontier.popLatest()!.node
      popped.append(Self.leaves.firstIndex { $0 === node }!)
    }
    for index in [30, 20, 10] { add(index) }
    pop()
    for index in [5, 15, 25, 15] { add(index) }
    pop()
    for index in [24, 1, 10] { add(index) }
    for _ in 0..<6 { pop() }
    #expect(popped == [30, 25, 24, 20, 15, 10, 5, 1])
    let isEmpty = frontier.popLatest() == nil
    #expect(isEmpty)
  }
}
