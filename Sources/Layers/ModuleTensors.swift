import AdjointAutodiff

extension Module {
  /// The values of all parameters and states by their dotted paths, never recorded: what is saved of a model.
  ///
  /// ```swift
  /// try SafetensorsFile(tensors: model.tensors).write(to: "model.safetensors")
  /// ```
  public var tensors: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: places.map { ($0.path, $0.value) })
  }

  /// Sets all parameters and states to the tensors of their dotted paths, or none of them. Gradients that were collected
  /// for the values before are dropped.
  ///
  /// ```swift
  /// try model.load(SafetensorsFile(contentsOf: "model.safetensors").tensors)
  /// ```
  ///
  /// - Parameter tensors: As ``tensors`` gives them: one for each parameter and state, and no others.
  /// - Throws: `Failure` with the paths where one is missing, is left over, or has another shape or type.
  public func load(_ tensors: [String: Tensor]) throws(Failure) {
    try check(tensors)
    for parameter in parameters { parameter.gradient = nil }
    for place in places { place.set(tensors[place.path]!) }
  }

  /// Throws what ``load(_:)`` would throw.
  public func check(_ tensors: [String: Tensor]) throws(Failure) {
    let places = places
    let paths = Set(places.map(\.path))
    let missing = places.map(\.path).filter { tensors[$0] == nil }
    let surplus = tensors.keys.filter { !paths.contains($0) }.sorted()
    let others = places.compactMap { place -> String? in
      guard let tensor = tensors[place.path] else { return nil }
      let (found, expected) = (Self.described(tensor), Self.described(place.value))
      return found == expected ? nil : "\(place.path) \(found) for \(expected)"
    }
    try Failure.throwIfAny(
      missing: missing, leftOver: surplus, different: others, "the tensors are not those of the model",
      expected: "one of the same shape and type for each of the \(places.count) parameters and states",
      hint: others.isEmpty ? nil : "cast(to:) converts types")
  }

  private static func described(_ tensor: Tensor) -> String { "\(tensor.dataType) \(tensor.shape)" }

  private var places: [TensorPlace] {
    members.compactMap { member in
      switch member.content {
      case .parameter(let parameter):
        TensorPlace(path: member.path, value: parameter.value.detached()) { parameter.value = $0 }
      case .state(let state): TensorPlace(path: member.path, value: state.value) { state.value = $0 }
      case .stream, .module: nil
      }
    }
  }
}

/// Where a model keeps a tensor.
private struct TensorPlace {
  let path: String
  let value: Tensor
  let set: (Tensor) -> Void
}
