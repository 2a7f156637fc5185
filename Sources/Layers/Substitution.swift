import AdjointAutodiff

extension Module {
  /// Calls `body` while parameters stand for other tensors, which keep their places in a graph: the module as a function
  /// of its weights, to learn how to learn, or to compute weights by another network.
  ///
  /// ```swift
  /// let (paths, values) = (model.namedParameters.map(\.path), model.parameters.map(\.value))
  /// let loss = model(support.images).crossEntropy(labels: support.labels)
  /// let slopes = gradients(of: loss, withRespectTo: values, createGraph: true)
  /// let weights = Dictionary(uniqueKeysWithValues: zip(paths, zip(values, slopes).map { $0 - 0.1 * $1 }))
  /// model.substituting(weights) { model(query.images).crossEntropy(labels: query.labels) }.backward()
  /// ```
  ///
  /// Other threads that use the module meanwhile compute with them too. A checkpoint in `body` must be walked back
  /// within `body`, as its segment is computed again.
  ///
  /// - Parameters:
  ///   - tensors: What some of the parameters stand for, by their dotted paths.
  ///   - body: What to compute.
  /// - Returns: What `body` returns.
  /// - Traps: where there is no parameter of a path, or a tensor has another shape or type.
  public func substituting<Result>(
    _ tensors: [String: Tensor], _ body: () throws -> Result
  ) rethrows -> Result {
    let parameters = Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.path, $0.parameter) })
    let unknown = tensors.keys.filter { parameters[$0] == nil }.sorted()
    require(
      unknown.isEmpty, "substituting", "there is no such parameter",
      given: unknown.joined(separator: ", "), expected: "paths that namedParameters has")
    let replaced = tensors.map { path, tensor in
      (parameter: parameters[path]!, former: parameters[path]!.substitute(tensor))
    }
    defer { for (parameter, former) in replaced { parameter.substitute(former) } }
    return try body()
  }
}
