import AdjointAutodiff
import Testing

@Suite struct RecordedGraphTests {
  @Test func operationsAreListedInTheOrderOfCreation() {
    let x = Tensor([1, 2], dataType: .float64).withGradient()
    let weight = Parameter(.ones([3, 2], dataType: .float64), name: "head.weight")
    let y = x * x
    let graph = (y + weight.value).sum(axes: [0]).recordedGraph
    let parts = graph.operations
    #expect(parts.map(\.index) == [0, 1, 2, 3, 4])
    #expect(parts.map(\.name) == ["leaf", "leaf", "multiply", "add", "sum"])
    #expect(parts.map(\.inputs) == [[], [], [0, 0], [2, 1], [3]])
    #expect(parts.map(\.shape) == [[2], [3, 2], [2], [3, 2], [2]])
    #expect(parts.map(\.isLeaf) == [true, true, false, false, false])
    #expect(parts.map(\.parameterName) == [nil, "head.weight", nil, nil, nil])
    #expect(parts.allSatisfy { $0.dataType == .float64 && $0.layerPath == nil })
    #expect(graph.outputs == [4])
  }

  @Test func graphsOfSeveralTensorsAreOne() {
    let x = Tensor([1.0]).withGradient()
    let (y, z) = (x.exp(), x.sin())
    let graph = RecordedGraph(of: z, y, .ones([2]), z)
    #expect(graph.operations.map(\.name) == ["leaf", "exp", "sin"])
    #expect(graph.outputs == [2, 1, 2])
  }

  @Test func whatWasNotRecordedIsNotInIt() {
    let constant = Tensor.ones([2, 3])
    #expect(constant.exp().recordedGraph.operations.isEmpty)
    let x = Tensor.ones([3]).withGradient()
    #expect((constant * x).recordedGraph.operations.map(\.inputs) == [[], [0]])
  }

  @Test func aRenamedParameterBearsItsNewName() {
    let weight = Parameter(.ones([2]), name: "weight")
    let value = weight.value
    weight.name = "layers.3.weight"
    #expect(value.recordedGraph.operations[0].parameterName == "layers.3.weight")
  }

  @Test func aPassBackLetsGoOfTheGraph() {
    let x = Tensor([1.0, 2]).withGradient()
    let loss = x.exp().sum()
    #expect(loss.recordedGraph.operations.count == 3)
    loss.backward()
    #expect(loss.recordedGraph.operations.map(\.isLeaf) == [false])
  }

  @Test func longChainsNeedNoStack() {
    var y = Tensor([1.0]).withGradient()
    for _ in 0..<100_000 { y = -y }
    #expect(y.recordedGraph.operations.last!.inputs == [99_999])
  }
}
