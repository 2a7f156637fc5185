import AdjointAutodiff

extension MisuseTests {
  /// Mistakes in elementwise operators, activations, losses and normalizations.
  static let catalogue: [Mistake] = [
    Mistake("erf: the type is not a floating-point one; given int64") { Tensor([1, 2]).erf() },
    Mistake("raised: the types differ; given float32 and float64") {
      Tensor([1.5]).raised(to: Tensor([2], dataType: .float64))
    },
    Mistake("atan2: shapes do not broadcast; given [2] and [3]") {
      Tensor.atan2(.ones([2]), .ones([3]))
    },
    Mistake("prelu: the slopes are not one number a channel; given slopes [2], input [2, 3]") {
      Tensor.ones([2, 3]).prelu(slopes: .ones([2]))
    },
  ]
}
