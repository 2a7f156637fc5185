import AdjointAutodiff

extension OperatorTable {
  static let arithmetic: [String: Entry] = [
    "add": { try [$0.x + $0.y] },
    "subtract": { try [$0.x - $0.y] },
    "multiply": { try [$0.x * $0.y] },
    "divide": { try [$0.x / $0.y] },
    "negate": { try [-$0.x] },
    "pow": { try [$0.x.raised(to: $0.y)] },
    "powScalar": { try [$0.x.raised(to: $0.attributes.number("exponent"))] },
    "square": { try [$0.x.squared()] },
    "reciprocal": { try [$0.x.reciprocal()] },
    "absolute": { try [$0.x.absolute()] },
    "maximum": { try [Tensor.maximum($0.x, $0.y)] },
    "minimum": { try [Tensor.minimum($0.x, $0.y)] },
    "clamp": { try [$0.x.clamped(to: $0.attributes.number("min")...$0.attributes.number("max"))] },
    "where": { try [$0.y.replacing(with: $0.x, where: $0.condition)] },
  ]

  static let elementary: [String: Entry] = [
    "exp": { try [$0.x.exp()] },
    "expm1": { try [$0.x.expMinusOne()] },
    "log": { try [$0.x.log()] },
    "log1p": { try [$0.x.logOnePlus()] },
    "sqrt": { try [$0.x.squareRoot()] },
    "rsqrt": { try [$0.x.reciprocalSquareRoot()] },
    "sin": { try [$0.x.sin()] },
    "cos": { try [$0.x.cos()] },
    "tan": { try [$0.x.tan()] },
    "asin": { try [$0.x.asin()] },
    "acos": { try [$0.x.acos()] },
    "atan": { try [$0.x.atan()] },
    "atan2": { try [Tensor.atan2($0.x, $0.y)] },
    "sinh": { try [$0.x.sinh()] },
    "cosh": { try [$0.x.cosh()] },
    "tanh": { try [$0.x.tanh()] },
    "erf": { try [$0.x.erf()] },
  ]

  static let activations: [String: Entry] = [
    "relu": { try [$0.x.relu()] },
    "relu6": { try [$0.x.relu6()] },
    "leakyRelu": { try [$0.x.leakyRelu(negativeSlope: $0.attributes.number("negativeSlope"))] },
    "prelu": { try [$0.x.prelu(slopes: $0.alpha)] },
    "elu": { try [$0.x.elu(alpha: $0.attributes.number("alpha"))] },
    "selu": { try [$0.x.selu()] },
    "gelu": { try [$0.x.gelu()] },
    "geluTanh": { try [$0.x.gelu(isApproximate: true)] },
    "silu": { try [$0.x.silu()] },
    "mish": { try [$0.x.mish()] },
    "hardSwish": { try [$0.x.hardSwish()] },
    "hardSigmoid": { try [$0.x.hardSigmoid()] },
    "hardTanh": { try [$0.x.hardTanh()] },
    "sigmoid": { try [$0.x.sigmoid()] },
    "logSigmoid": { try [$0.x.logSigmoid()] },
    "softplus": { try [$0.x.softplus()] },
    "softsign": { try [$0.x.softsign()] },
  ]
}
