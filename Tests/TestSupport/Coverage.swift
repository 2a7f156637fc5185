import AdjointAutodiff

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Notes which operators a check went through, for the table in `Documentation/Coverage.md`.
///
/// Appends to the file that the environment variable `ADJOINT_COVERAGE` names, a line for each operator of a case:
/// name, orders of derivatives, types, layouts and shapes of the operands, and the case, with tabs between.
enum Coverage {
  static func note(_ operation: OperatorCase) {
    guard let file = getenv("ADJOINT_COVERAGE") else { return }
    let lines = Set(Coverage.lines(of: operation)).sorted().map { "\($0)\n" }.joined()
    let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    precondition(descriptor >= 0, "ADJOINT_COVERAGE: cannot write to \(String(cString: file))")
    // One call, so that lines of tests that run at the same time do not mix.
    precondition(lines.utf8.count == lines.withCString { write(descriptor, $0, strlen($0)) })
    close(descriptor)
  }

  /// Operators that gave the value have had both derivatives checked; those that only gave its gradients, the
  /// first, which is a part of the second of the value. Inputs without elements show that nothing goes wrong, but
  /// no derivative.
  private static func lines(of operation: OperatorCase) -> [String] {
    let leaves = operation.inputs.map { $0.withGradient() }
    let output = operation.function(leaves)
    let forward = output.recordedGraph
    let cotangent = sample(output.shape).cast(to: output.dataType).withGradient()
    let gradients = AdjointAutodiff.gradients(
      of: output, withRespectTo: leaves, cotangent: cotangent, createGraph: true, unconnected: .zeros)
    let names = Set(forward.operations.map(\.name))
    let backward = RecordedGraph(of: gradients)
    let isEmpty = operation.inputs.allSatisfy { $0.count == 0 }
    return lines(of: forward, orders: isEmpty ? "" : "1,2", operation) { _ in true }
      + lines(of: backward, orders: isEmpty ? "" : "1", operation) { !names.contains($0) }
  }

  private static func lines(
    of graph: RecordedGraph, orders: String, _ operation: OperatorCase, where isIncluded: (String) -> Bool
  ) -> [String] {
    graph.operations.filter { !$0.isLeaf && isIncluded($0.name) }.map { applied in
      let operands = applied.inputs.map { graph.operations[$0] }
      let layouts = layouts(of: applied, operands).joined(separator: ",")
      let shapes = operands.map { "\($0.shape)" }.joined(separator: " ")
      return [applied.name, orders, "float64,float32", layouts, shapes, operation.name].joined(
        separator: "\t")
    }
  }

  private static func layouts(
    of applied: RecordedGraph.Operation, _ operands: [RecordedGraph.Operation]
  ) -> [String] {
    let shapes = operands.map(\.shape)
    // The case's own inputs and the cotangent are checked laid out otherwise too.
    let isStrided = operands.contains { $0.isLeaf && $0.shape.contains { $0 > 1 } }
    let isBroadcast =
      shapes.contains { $0 != applied.shape } && shapes.allSatisfy { $0.stretches(to: applied.shape) }
      && (applied.name == "broadcast" || applied.shape.isMet(by: shapes))
    return ["contiguous"] + (isStrided ? ["strided"] : []) + (isBroadcast ? ["broadcast"] : [])
      + (shapes.contains { $0.contains(1) } ? ["size 1"] : [])
      + (shapes.contains { $0.contains(0) } ? ["empty"] : [])
  }
}

extension Shape {
  /// Whether broadcasting takes this shape to another, or the two are one.
  fileprivate func stretches(to other: Shape) -> Bool {
    rank <= other.rank && zip(reversed(), other.reversed()).allSatisfy { $0 == $1 || $0 == 1 }
  }

  /// Whether every size is that of an operand, as it is where operands are broadcast to each other.
  fileprivate func isMet(by operands: [Shape]) -> Bool {
    reversed().enumerated().allSatisfy { position, size in
      operands.contains { $0.rank > position && $0[$0.rank - 1 - position] == size }
    }
  }
}
