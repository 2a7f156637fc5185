/// What an operator does to its output last, while it writes it: without a pass over memory of its own.
///
/// Values have the same bits as those of the operator, the addition and the activation one after the other;
/// gradients too, but for the order in which those of a tensor used several times are added. A graph shows the
/// operator and then the activation, except that a batch normalization of a batch is one operation whose name
/// has both.
public enum OutputActivation: Sendable, Hashable {
  /// Nothing.
  case identity
  /// max(0, x), as ``Tensor/relu()`` has it.
  case relu

  /// Whether kernels apply it. While anomalies are looked for they do not, so that each operator shows what it gave.
  var isFused: Bool { self == .relu && !Anomalies.areWatched }
}

extension Tensor {
  /// This output of an operator, then an addition and an activation, as operators of their own.
  package func followed(adding addend: Tensor?, activation: OutputActivation) -> Tensor {
    let sum = addend.map { self + $0 } ?? self
    switch activation {
    case .identity: return sum
    case .relu: return sum.relu()
    }
  }

  /// This output of an operator with the activation, which the operator's kernel may have applied already: then
  /// only the graph does not yet say so.
  func activated(by activation: OutputActivation, isRectified: Bool) -> Tensor {
    isRectified ? detached().recorded(asReluOf: self) : followed(adding: nil, activation: activation)
  }
}

/// Whether operators on these may be replaced by others that give the same numbers within rounding: nothing is
/// recorded, and nobody watches.
package func mayRewriteOperators(on operands: [Tensor?]) -> Bool {
  !Anomalies.areWatched && !(Recording.isOn && operands.contains { $0?.isRecorded == true })
}
