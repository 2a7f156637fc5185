import AdjointAutodiff

extension OperatorTable {
  static let shapes: [String: Entry] = [
    "reshape": { try [$0.x.reshaped(to: $0.attributes.integers("shape"))] },
    "transpose": { try [$0.x.transposed($0.attributes.integers("permutation"))] },
    "broadcast": { try [$0.x.broadcast(to: Shape($0.attributes.integers("shape")))] },
    "squeeze": { try [$0.x.squeezed(axis: $0.axis)] },
    "expandDims": { try [$0.x.expandedDimensions(at: $0.axis)] },
    "slice": {
      let (starts, ends) = try ($0.attributes.integers("starts"), $0.attributes.integers("ends"))
      return try [$0.x.sliced(starts: starts, ends: ends, steps: $0.attributes.integers("steps"))]
    },
    "concatenate": { try [.concatenate($0.inputsInOrder, axis: $0.axis)] },
    "stack": { try [.stack($0.inputsInOrder, axis: $0.axis)] },
    "split": {
      let pieces = try $0.x.split(sizes: $0.attributes.integers("sizes"), axis: $0.axis)
      return [pieces[try $0.attributes.integer("returned")]]
    },
    "flip": { try [$0.x.flipped(axes: $0.axes)] },
    "roll": { try [$0.x.rolled(by: $0.attributes.integers("shifts"), axes: $0.axes)] },
    "tile": { try [$0.x.tiled(by: $0.attributes.integers("multiples"))] },
    "repeat": { try [$0.x.repeated(count: $0.attributes.integer("count"), axis: $0.axis)] },
    "pad": { try [$0.x.padded(widths: $0.attributes.widths("widths"), mode: $0.paddingMode)] },
    "gather": { try [$0.x.gathered(at: $0.indices, axis: $0.axis)] },
    "take": { try [$0.x.taken(at: $0.indices, axis: $0.axis)] },
    "scatterAdd": { try [$0.x.adding($0.updates, at: $0.indices, axis: $0.axis)] },
    "lowerTriangle": { try [$0.x.lowerTriangle(diagonal: $0.attributes.integer("diagonal"))] },
    "upperTriangle": { try [$0.x.upperTriangle(diagonal: $0.attributes.integer("diagonal"))] },
    "oneHot": { try [$0.indices.oneHot(depth: $0.attributes.integer("depth"), dataType: $0.dataType)] },
  ]
}

extension OperatorCall {
  /// The inputs in the order of their names.
  fileprivate var inputsInOrder: [Tensor] {
    inputs.sorted { $0.key < $1.key }.map(\.value)
  }

  fileprivate var paddingMode: PaddingMode {
    get throws {
      switch try attributes.word("mode") {
      case "constant": .constant(try attributes.number("value"))
      case "reflect": .reflect
      case "edge": .edge
      case let word: throw CaseError("there is no such way to pad: \(word)")
      }
    }
  }
}
