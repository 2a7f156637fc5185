import AdjointAutodiff

/// A layer that can do the work of layers after it while it writes its output.
protocol Fusing: Layer {
  /// The output of this layer, then of those in front of `followers` that it takes along, which it removes.
  func callAsFunction(_ input: Tensor, takingAlong followers: inout ArraySlice<any Layer>) -> Tensor
}

extension Convolution: Fusing {
  func callAsFunction(_ input: Tensor, takingAlong followers: inout ArraySlice<any Layer>) -> Tensor {
    let norm = followers.takeNorm()
    return self(input, normalizedBy: norm, activation: followers.takeActivation())
  }
}

extension BatchNorm: Fusing {
  func callAsFunction(_ input: Tensor, takingAlong followers: inout ArraySlice<any Layer>) -> Tensor {
    self(input, activation: followers.takeActivation())
  }
}

extension Dense: Fusing {
  func callAsFunction(_ input: Tensor, takingAlong followers: inout ArraySlice<any Layer>) -> Tensor {
    self(input, activation: followers.takeActivation())
  }
}

extension ArraySlice<any Layer> {
  fileprivate mutating func takeNorm() -> BatchNorm? {
    guard let norm = first as? BatchNorm else { return nil }
    removeFirst()
    return norm
  }

  fileprivate mutating func takeActivation() -> OutputActivation {
    guard let activation = (first as? Activation)?.asOutputActivation else { return .identity }
    removeFirst()
    return activation
  }
}
