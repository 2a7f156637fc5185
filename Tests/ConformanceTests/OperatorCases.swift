import AdjointAutodiff

/// An operator's inputs, by name, and its attributes.
@dynamicMemberLookup
struct OperatorCall {
  let inputs: [String: Tensor]
  let attributes: Attributes
  /// The type in which the case is computed.
  let dataType: DataType

  /// The input of a name.
  subscript(dynamicMember name: String) -> Tensor {
    get throws {
      guard let input = inputs[name] else { throw CaseError("there is no input \(name)") }
      return input
    }
  }

  var reduction: LossReduction {
    get throws {
      switch try attributes.word("reduction") {
      case "mean": .mean
      case "sum": .sum
      case "none": .none
      case let word: throw CaseError("there is no such reduction: \(word)")
      }
    }
  }
}

/// How each operator of the cases is called here.
enum OperatorTable {
  /// From a call, the outputs, in their order.
  typealias Entry = @Sendable (OperatorCall) throws -> [Tensor]

  private static let families = [
    arithmetic, elementary, activations, linearAlgebra, reductions, shapes, images, pooling, normalization,
    losses,
  ]

  static func entry(_ name: String) throws -> Entry {
    guard let entry = families.lazy.compactMap({ $0[name] }).first else {
      throw CaseError("there is no such operator: \(name)")
    }
    return entry
  }
}

extension ConformanceCase {
  /// Outputs, gradients as training computes them and as they are computed to be differentiated again, and second
  /// derivatives.
  func operatorProblems(in dataType: DataType) throws -> [String] {
    let differentiable = try details.words("differentiable")
    var inputs = try tensors(under: "input.", in: dataType)
    for name in differentiable { inputs[name] = inputs[name]?.withGradient() }
    let attributes = try details.attributes("attributes")
    let call = OperatorCall(inputs: inputs, attributes: attributes, dataType: dataType)
    let outputs = try OperatorTable.entry(details.word("op"))(call)
    let names = try details.words("outputs")
    guard outputs.count == names.count else {
      throw CaseError("\(outputs.count) outputs instead of \(names)")
    }

    var problems = try zip(names, outputs).compactMap { try problem("output.\($0)", $1, in: dataType) }
    if differentiable.isEmpty { return problems }

    let variables = try differentiable.map { try call[dynamicMember: $0] }
    let cotangent = try tensor("cotangent", in: dataType)
    let isTwiceDifferentiable = try details.truth("second_order")
    for createGraph in isTwiceDifferentiable ? [false, true] : [false] {
      let slopes = gradients(
        of: outputs[0], withRespectTo: variables, cotangent: cotangent, retainGraph: true,
        createGraph: createGraph, unconnected: .zeros)
      problems += try zip(differentiable, slopes).compactMap { name, slope in
        try problem("gradient.\(name)", slope, in: dataType)
      }
      guard createGraph else { continue }
      let probed = try zip(differentiable, slopes).map { name, slope in
        (slope * (try tensor("probe.\(name)", in: dataType))).sum()
      }
      let total = probed.dropFirst().reduce(probed[0], +)
      let curvatures = gradients(of: total, withRespectTo: variables, unconnected: .zeros)
      problems += try zip(differentiable, curvatures).compactMap { name, curvature in
        try problem("second.\(name)", curvature, in: dataType, drift: Tolerance.driftOfSecondDerivatives)
      }
    }
    return problems
  }
}
