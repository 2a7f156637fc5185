import AdjointAutodiff
import Synchronization

/// A tensor that belongs to a module and is saved with it, but is not trained: running statistics, counters.
public final class StateTensor: Sendable {
  private let content: Mutex<Tensor>

  /// A state with an initial value.
  public init(_ value: Tensor) {
    content = Mutex(value.detached())
  }

  /// The present value, never recorded.
  ///
  /// - Traps: where it is set to a value of another shape or type.
  public var value: Tensor {
    get { content.withLock { $0 } }
    set {
      content.withLock { present in
        require(
          newValue.shape == present.shape && newValue.dataType == present.dataType, "state",
          "a state keeps its shape and type", given: "\(newValue.dataType) \(newValue.shape)",
          expected: "\(present.dataType) \(present.shape)")
        present = newValue.detached()
      }
    }
  }
}
