import AdjointAutodiff
import AdjointOptimizers

/// How each optimizer of the cases is made here, from PyTorch's own options.
enum OptimizerTable {
  private typealias Entry = @Sendable ([Parameter], Attributes) throws -> any Optimizer

  static func optimizer(
    _ name: String, of parameters: [Parameter], options: Attributes
  ) throws -> any Optimizer {
    guard let entry = entries[name] else { throw CaseError("there is no such optimizer: \(name)") }
    return try entry(parameters, options)
  }

  private static let entries: [String: Entry] = [
    "SGD": {
      SGD(
        $0, learningRate: try $1.number("lr"), momentum: try $1.number("momentum"),
        dampening: try $1.number("dampening"), usesNesterov: try $1.truth("nesterov"),
        weightDecay: try $1.number("weight_decay"))
    },
    "Adam": adam,
    "AdamW": adam,
    "RMSprop": {
      RMSprop(
        $0, learningRate: try $1.number("lr"), smoothing: try $1.number("alpha"),
        epsilon: try $1.number("eps"), momentum: try $1.number("momentum"),
        isCentered: try $1.truth("centered"), weightDecay: try $1.number("weight_decay"))
    },
    "Adagrad": {
      Adagrad(
        $0, learningRate: try $1.number("lr"), learningRateDecay: try $1.number("lr_decay"),
        epsilon: try $1.number("eps"), initialSum: try $1.number("initial_accumulator_value"),
        weightDecay: try $1.number("weight_decay"))
    },
    "Adadelta": {
      Adadelta(
        $0, learningRate: try $1.number("lr"), smoothing: try $1.number("rho"),
        epsilon: try $1.number("eps"), weightDecay: try $1.number("weight_decay"))
    },
    "NAdam": {
      NAdam(
        $0, learningRate: try $1.number("lr"), betas: try $1.betas, epsilon: try $1.number("eps"),
        momentumDecay: try $1.number("momentum_decay"), weightDecay: try $1.number("weight_decay"),
        decouplesWeightDecay: try $1.truth("decoupled_weight_decay"))
    },
    "RAdam": {
      RAdam(
        $0, learningRate: try $1.number("lr"), betas: try $1.betas, epsilon: try $1.number("eps"),
        weightDecay: try $1.number("weight_decay"),
        decouplesWeightDecay: try $1.truth("decoupled_weight_decay"))
    },
    "Adamax": {
      let (mean, largest) = try $1.betas
      return Adamax(
        $0, learningRate: try $1.number("lr"), betas: (mean, largest), epsilon: try $1.number("eps"),
        weightDecay: try $1.number("weight_decay"))
    },
  ]

  private static let adam: Entry = {
    Adam(
      $0, learningRate: try $1.number("lr"), betas: try $1.betas, epsilon: try $1.number("eps"),
      weightDecay: try $1.number("weight_decay"),
      decouplesWeightDecay: try $1.truth("decoupled_weight_decay"), usesAMSGrad: try $1.truth("amsgrad"))
  }
}

extension Attributes {
  fileprivate var betas: (mean: Double, square: Double) {
    get throws {
      let betas = try numbers("betas")
      guard betas.count == 2 else { throw CaseError("betas are not two numbers") }
      return (betas[0], betas[1])
    }
  }
}

extension ConformanceCase {
  /// The parameters after each step.
  func optimizerProblems(in dataType: DataType) throws -> [String] {
    let parameters = try tensors(under: "initial.", in: dataType).map { Parameter($1, name: $0) }
    let optimizer = try OptimizerTable.optimizer(
      details.word("optimizer"), of: parameters, options: details.attributes("options"))
    return try (0..<details.integer("steps")).flatMap { step in
      for parameter in parameters {
        parameter.gradient = try tensor("gradient.\(step).\(parameter.name)", in: dataType)
      }
      optimizer.step()
      return try parameters.compactMap {
        try problem("after.\(step).\($0.name)", $0.value.detached(), in: dataType)
      }
    }
  }
}
