import CAdjointKernels

/// An operation of one input, numbered as in the kernels' table, whose header says what each computes.
package enum UnaryOperation: Int, Sendable, CaseIterable {
  case negate, absolute, sign, square, reciprocal, sqrt, rsqrt
  case exp, expm1, log, log1p
  case sin, cos, tan, sinh, cosh, tanh, asin, acos, atan, erf
  case floor, ceil, round
  /// Parameter: the exponent.
  case powerScalar
  /// Powers that take less than any: within 2 ulp too, and with the special cases of C's pow.
  case cube, inverseSquare, powerHalf, powerMinusHalf
  /// Parameters: the least and the greatest value.
  case clamp
  case sigmoid, logSigmoid, softplus, relu, relu6
  /// Parameter: the slope below 0.
  case leakyRelu
  /// Parameter: the scale below 0.
  case elu
  case selu, gelu, geluTanh, silu, mish, hardSwish, hardSigmoid
  /// Parameters: the least and the greatest value.
  case hardTanh
  case softsign
  /// Parameter: how far the square reaches.
  case huber
  /// Of bools only.
  case not

  /// Whether an element costs many times what its memory traffic does.
  var isCostly: Bool {
    switch self {
    case .negate, .absolute, .sign, .square, .reciprocal, .sqrt, .rsqrt, .floor, .ceil, .round, .cube,
      .inverseSquare, .powerHalf, .powerMinusHalf, .clamp, .relu, .relu6, .leakyRelu, .hardSwish,
      .hardSigmoid, .hardTanh, .softsign, .huber, .not:
      false
    default: true
    }
  }
}

/// An operation of two inputs, numbered as in the kernels' table. A gradient takes the forward operation's
/// input, or its output where said, then the cotangent, and the forward operation's parameters.
package enum BinaryOperation: Int, Sendable {
  case add, subtract, multiply
  /// Integers toward zero, and 0 where the divisor is 0.
  case divide
  case maximum, minimum, power, atan2, prelu
  /// Takes the other factor.
  case multiplyGradient
  /// Takes the divisor.
  case divideGradient
  case absoluteGradient, squareGradient
  /// Takes the forward operation's output.
  case sqrtGradient
  case reluGradient, relu6Gradient, leakyReluGradient, eluGradient, seluGradient, geluGradient,
    geluTanhGradient
  case siluGradient, mishGradient, softplusGradient, logSigmoidGradient
  case hardSwishGradient, hardSigmoidGradient, hardTanhGradient, softsignGradient
  /// Takes the forward operation's output.
  case sigmoidGradient
  /// Takes the forward operation's output.
  case tanhGradient
  case huberGradient, clampGradient
  /// Of bools only.
  case and, or

  /// Whether an element costs many times what its memory traffic does.
  var isCostly: Bool {
    switch self {
    case .power, .atan2, .eluGradient, .seluGradient, .geluGradient, .geluTanhGradient, .siluGradient,
      .mishGradient, .softplusGradient, .logSigmoidGradient:
      true
    default: false
    }
  }
}

/// A comparison of two numbers, numbered as in the kernels' table. With NaN only `notEqual` holds.
package enum Comparison: Int, Sendable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}
