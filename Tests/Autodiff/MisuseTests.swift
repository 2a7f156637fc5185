import AdjointAutodiff
import Synchronization
import TestSupport
import Testing

/// What a programmer got wrong ends the program with a message of four parts.
@Suite struct MisuseTests {
  static let mistakes: [Mistake] = tensors + graphs + operators + images + shapes + catalogue + imageSizes

  static let graphs: [Mistake] = [
    Mistake("backward: the graph has been released; given a second pass back through squared [1]") {
      let y = Tensor([1.0]).withGradient().squared()
      y.backward()
      y.backward()
      return y
    },
    Mistake("gradients: the graph has been released; given a second pass back through squared [1]") {
      let x = Tensor([1.0]).withGradient()
      let y = x.squared()
      _ = gradients(of: y, withRespectTo: [x])
      return gradients(of: y, withRespectTo: [x], unconnected: .zeros)
    },
    Mistake("gradients: the graph has been released; given a second pass back through exp [1]") {
      let x = Tensor([1.0]).withGradient()
      let y = x.exp()
      let z = y * 2 + x
      y.backward()
      return gradients(of: z, withRespectTo: [x])
    },
    Mistake("checkpoint: the graph has been released; given a pass back through multiply [2] in the block") {
      let x = Tensor([1.0, 2]).withGradient()
      return checkpoint {
        let squares = x * x
        _ = gradients(of: squares.sum(), withRespectTo: [x])
        return squares.exp()
      }
    },
    Mistake("random: a second run draws other numbers than the first; given a draw of 3") {
      let x = Tensor.ones([3]).withGradient()
      let count = Mutex(2)
      let y = checkpoint {
        let numbers = count.withLock { Tensor.uniform([$0]) }
        count.withLock { $0 = 3 }
        return x * numbers.sum()
      }
      y.sum().backward()
      return y
    },
    Mistake("checkGradients: the names are not one an input; given 0 names for 1 inputs") {
      checkGradients(at: [Tensor([1.0])], names: []) { $0[0] }
    },
    Mistake("checkGradients: there is no direction; given -1 directions") {
      checkGradients(at: [Tensor([1.0])], directions: -1) { $0[0] }
    },
    Mistake("checkGradients: the type is not a floating-point one; given int64") {
      checkGradients(at: [Tensor([1])]) { $0[0] }
    },
    Mistake("backward: nothing was recorded; given a tensor [1] with no path to a leaf") {
      Tensor([1.0]).backward()
    },
    Mistake("backward: the value is not a single number and there is no cotangent; given shape [2]") {
      (Tensor([1.0, 2]).withGradient() * 2).backward()
    },
    Mistake("backward: the cotangent is not like the value; given float32 [3]; expected float32 [2]") {
      (Tensor([1.0, 2]).withGradient() * 2).backward(.ones([3]))
    },
    Mistake(
      "gradients: there is no path to a tensor; given tensor 0, of shape [1], which is no leaf and was not "
        + "computed from one"
    ) {
      let (x, y) = (Tensor([1.0]), Tensor([2.0]).withGradient())
      return gradients(of: x * y, withRespectTo: [x])
    },
    Mistake(
      "gradients: there is no path to a tensor; given tensor 0, of shape [1], which the value does not depend on"
    ) {
      gradients(of: Tensor([2.0]).withGradient() * 2, withRespectTo: [Tensor([1.0]).withGradient()])
    },
    Mistake("withGradient: the type has no gradients; given int64") { Tensor([1]).withGradient() },
    Mistake("parameter: the type has no gradients; given bool") { Parameter(Tensor([true])) },
    Mistake("weight: a parameter keeps its shape and type; given float32 [3]; expected float32 [2]") {
      Parameter(Tensor([1.0, 2]), name: "weight").value = Tensor([1.0, 2, 3])
    },
    Mistake("weight: a parameter keeps its shape and type; given float64 [2]; expected float32 [2]") {
      Parameter(Tensor([1.0, 2]), name: "weight").update { $0 = $0.cast(to: .float64) }
    },
    Mistake("checkpoint: the second run gave another kind of value than the first; given float32 [3, 4]") {
      let (x, weight) = (Tensor.ones([3, 4]).withGradient(), Parameter(.ones([4])))
      let value = checkpoint { (weight.isTrainable ? x[0..<2] : x).relu() }
      weight.isTrainable = false
      return value.backward(.ones([2, 4]))
    },
    Mistake("given float32 [2, 3], not recorded; expected float32 [2, 3], recorded") {
      let weight = Parameter(.ones([2, 3]))
      let value = checkpoint { weight.value.exp() }
      weight.isTrainable = false
      return value.backward(.ones([2, 3]))
    },
    Mistake("odd: the rule gave a gradient of another shape; given a gradient [3]") {
      let x = Tensor([1.0, 2]).withGradient()
      return x.detached().recorded(as: "odd", GradientPath(to: x) { _ in .ones([3]) }).backward(.ones([2]))
    },
    Mistake("odd: the rule gave a gradient of another type; given a gradient of float64") {
      let x = Tensor([1.0]).withGradient()
      return x.detached().recorded(as: "odd", GradientPath(to: x) { _ in .ones([1], dataType: .float64) })
        .backward()
    },
    Mistake("odd: the rule gave the wrong number of gradients; given 1; expected 2, one an input") {
      let x = Tensor([1.0]).withGradient()
      return x.detached().recorded(as: "odd", from: [x, x]) { cotangent, _ in [cotangent] }.backward()
    },
  ]

  static let operators: [Mistake] = [
    Mistake("add: shapes do not broadcast; given [2, 3] and [2]") { Tensor.ones([2, 3]) + Tensor.ones([2]) },
    Mistake("multiply: the types differ; given float32 and int64") { Tensor([1.0]) * Tensor([1]) },
    Mistake(
      "add: the types differ; given int64 and float32; expected one type. "
        + "Hint: cast(to: .float32) converts the first"
    ) { Tensor([1]) + Tensor([1.5]) },
    Mistake(
      "add: the types differ; given int64 and uint8; expected one type. "
        + "Hint: cast(to: .int64) converts the second"
    ) { Tensor([1]) + Tensor([1], dataType: .uint8) },
    Mistake("add: truth values are not numbers; given bool") { Tensor([true]) + Tensor([false]) },
    Mistake("add: truth values are not numbers; given bool") {
      var x = Tensor([true])
      x += Tensor([false])
      return x
    },
    Mistake("subtract: truth values are not numbers; given bool") { 1 - Tensor([true]) },
    Mistake("maximum: truth values are not numbers; given bool") {
      Tensor.maximum(Tensor([true]), Tensor([false]))
    },
    Mistake("negate: truth values are not numbers; given bool") { -Tensor([true]) },
    Mistake("squared: truth values are not numbers; given bool") { Tensor([true]).squared() },
    Mistake("multiply: the type does not hold the number; given 0.5 beside int64") { Tensor([1, 2]) * 0.5 },
    Mistake(
      "subtract: the type does not hold the number; given -1.0 beside uint8; expected a whole number in 0...255"
    ) {
      -1 - Tensor([1, 2], dataType: .uint8)
    },
    Mistake("less: the type does not hold the number; given 0.5 beside int64") { Tensor([0, 1]) .< 0.5 },
    Mistake("equal: the type does not hold the number; given 300.0 beside uint8") {
      Tensor([0, 255], dataType: .uint8) .== 300
    },
    Mistake("less: the type does not hold the number; given 2147483648.0 beside int32") {
      Tensor([0, 1], dataType: .int32) .< 0x1p31
    },
    Mistake("less: the type does not hold the number; given \(0x1p63) beside int64") {
      Tensor([0, 1]) .< 0x1p63
    },
    Mistake("equal: the type does not hold the number; given 2.0 beside bool; expected 0 or 1") {
      Tensor([true]) .== 2
    },
    Mistake("less: shapes do not broadcast; given [2] and [3]") { Tensor.ones([2]) .< Tensor.ones([3]) },
    Mistake("exp: the type is not a floating-point one; given int64") { Tensor([1]).exp() },
    Mistake("replacing: a mask is not of type bool; given float32") {
      Tensor([1.0]).replacing(with: Tensor([2.0]), where: Tensor([1.0]))
    },
    Mistake("reshaped: the number of elements differs; given [2, 3] to [4, -1]") {
      Tensor.ones([2, 3]).reshaped(to: [4, -1])
    },
    Mistake("reshaped: more than one size is -1; given [2, 3] to [-1, -1]") {
      Tensor.ones([2, 3]).reshaped(to: [-1, -1])
    },
    Mistake("reshaped: a size is negative; given [2, 3] to [-2, -3]") {
      Tensor.ones([2, 3]).reshaped(to: [-2, -3])
    },
    Mistake("shape: there are too many elements; given [\(Int.max), 3]") {
      Tensor.ones([2, 3]).reshaped(to: [.max, 3])
    },
    Mistake("flattened: no such axis; given axis -3 of shape [2, 3]; expected an axis in -2...2") {
      Tensor.ones([2, 3]).flattened(from: -3)
    },
    Mistake("transposed: not a permutation of the axes; given [0, 0] for shape [2, 3]") {
      Tensor.ones([2, 3]).transposed([0, 0])
    },
    Mistake("squeezed: the axis is not of size 1; given axis 0 of shape [2, 3]") {
      Tensor.ones([2, 3]).squeezed(axis: 0)
    },
    Mistake("sum: no such axis; given axis 2 of shape [2, 3]; expected an axis in -2...1") {
      Tensor.ones([2, 3]).sum(axes: [2])
    },
    Mistake("mean: an axis is named twice; given axes [1, -1] of shape [2, 3]") {
      Tensor.ones([2, 3]).mean(axes: [1, -1])
    },
    Mistake("max: there is nothing to reduce; given shape [0, 2] over axes [0]") {
      Tensor.ones([0, 2]).max(axes: [0])
    },
    Mistake("argmax: there is nothing to search; given axis 0 of shape [0]") {
      Tensor.ones([0]).argmax(axis: 0)
    },
    Mistake("matrixProduct: inner sizes differ; given [2, 3] and [4, 5]") {
      Tensor.ones([2, 3]).matrixProduct(.ones([4, 5]))
    },
    Mistake("matrixProduct: batches do not broadcast; given [2, 5, 3] and [4, 3, 6]") {
      Tensor.ones([2, 5, 3]).matrixProduct(.ones([4, 3, 6]))
    },
    Mistake("matrixProduct: an operand is a scalar; given [] and [2]") {
      Tensor(1.0).matrixProduct(.ones([2]))
    },
    Mistake("matrixProduct: the bias is not one number a column; given bias [4]") {
      Tensor.ones([2, 3]).matrixProduct(.ones([3, 5]), bias: .ones([4]))
    },
    Mistake("crossEntropy: labels do not fit the logits; given logits [2, 3], labels [3]") {
      Tensor.ones([2, 3]).crossEntropy(labels: Tensor([0, 1, 2]))
    },
    Mistake("crossEntropy: labels are not int64; given float32") {
      Tensor.ones([2, 3]).crossEntropy(labels: Tensor([0.0, 1.0]))
    },
    Mistake("crossEntropy: a label is not a class; given label \(Int.min) in row 1; expected") {
      Tensor.ones([2, 3]).crossEntropy(labels: Tensor([0, Int.min]))
    },
    Mistake("crossEntropy: a label is not a class; given label 3 in row 1; expected a label in 0..<3.") {
      Tensor.ones([2, 3]).crossEntropy(labels: Tensor([0, 3]))
    },
    Mistake("meanSquaredError: targets are not like the predictions; given predictions [2], targets [2, 1]") {
      Tensor.ones([2]).meanSquaredError(targets: .ones([2, 1]))
    },
  ]

  static let images: [Mistake] = [
    Mistake(
      "conv2D: input channels differ; given input [8, 32, 32, 4], filter [3, 3, 3, 16]; expected input "
        + "[_, _, _, 3]. Hint: the filter's third size is the input's channel count."
    ) {
      Tensor.ones([8, 32, 32, 4]).convolved(with: .ones([3, 3, 3, 16]))
    },
    Mistake(
      "conv2D: input channels differ; given input [8, 3, 32, 32], filter [3, 3, 3, 16]; expected input "
        + "[_, _, _, 3]. Hint: channels are last: movedAxis(from: 1, to: -1) puts them there."
    ) {
      Tensor.ones([8, 3, 32, 32]).convolved(with: .ones([3, 3, 3, 16]))
    },
    Mistake("replacing: the type does not hold the number; given 0.5 beside int64") {
      Tensor([1, 2]).replacing(with: 0.5, where: Tensor([true, false]))
    },
    Mistake("conv2D: ranks do not fit; given input [32, 32, 3], filter [3, 3, 3, 16]") {
      Tensor.ones([32, 32, 3]).convolved(with: .ones([3, 3, 3, 16]))
    },
    Mistake("conv2D: channels do not divide into groups; given 2 groups, input [1, 4, 4, 3]") {
      Tensor.ones([1, 4, 4, 3]).convolved(with: .ones([3, 3, 3, 4]), groups: 2)
    },
    Mistake("conv2D: the bias is not one number an output channel; given bias [3]") {
      Tensor.ones([1, 4, 4, 2]).convolved(with: .ones([3, 3, 2, 5]), bias: .ones([3]))
    },
    Mistake("conv2D: the window is larger than the padded image; given window [5, 5] on image [4, 6]") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([5, 5, 2, 3]))
    },
    Mistake("conv2D: a stride is too small; given [0]; expected 1 or more") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([3, 3, 2, 3]), strides: 0)
    },
    Mistake("conv2D: a dilation is not one number for each axis; given [1, 2, 3]") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([3, 3, 2, 3]), dilations: [1, 2, 3])
    },
    Mistake("conv2D: the padding does not fit the spatial axes; given [[-1, -1]]") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([3, 3, 2, 3]), padding: .symmetric(-1))
    },
    Mistake(
      "conv2D: the types differ; given uint8 and float32; expected one type. Hint: cast(to: .float32) converts the "
        + "first."
    ) {
      Tensor.ones([1, 4, 6, 2], dataType: .uint8).convolved(with: .ones([3, 3, 2, 3]))
    },
    Mistake("conv2D: the types differ; given float32 and float64") {
      Tensor.ones([1, 4, 6, 2]).convolved(with: .ones([3, 3, 2, 3], dataType: .float64))
    },
    Mistake("maxPooled: not a batch of images; given shape [4, 4]") {
      Tensor.ones([4, 4]).maxPooled(kernelSize: 2)
    },
    Mistake(
      "maxPooled: the padding is more than half a window; given padding [[2, 2], [2, 2]], window [3, 3]"
    ) {
      Tensor.ones([1, 6, 6, 1]).maxPooled(kernelSize: 3, padding: .symmetric(2))
    },
    Mistake("averagePooled: the window is larger than the padded image; given window [5, 5] on image [4, 4]")
    {
      Tensor.ones([1, 4, 4, 1]).averagePooled(kernelSize: 5)
    },
    Mistake("batchNormalized: scale is not one number a channel; given scale [3], input [2, 4]") {
      Tensor.ones([2, 4]).batchNormalized(scale: .ones([3]), offset: .zeros([4])).output
    },
    Mistake("batchNormalized: the batch is empty; given shape [0, 4]") {
      Tensor.ones([0, 4]).batchNormalized(scale: .ones([4]), offset: .zeros([4])).output
    },
    Mistake("batchNormalized: epsilon is out of range; given 0.0") {
      Tensor.ones([2, 4]).batchNormalized(scale: .ones([4]), offset: .zeros([4]), epsilon: 0).output
    },
    Mistake("batchNormalized: epsilon is out of range; given -0.1") {
      Tensor.ones([2, 4]).batchNormalized(
        mean: .zeros([4]), variance: .ones([4]), scale: .ones([4]), offset: .zeros([4]), epsilon: -0.1)
    },
    Mistake("rmsNormalized: epsilon is out of range; given 0.0") {
      Tensor.ones([2, 4]).rmsNormalized(epsilon: 0)
    },
    Mistake("layerNormalized: epsilon is out of range; given nan") {
      Tensor.ones([2, 4]).layerNormalized(epsilon: .nan)
    },
    Mistake("instanceNormalized: epsilon is out of range; given 0.0") {
      Tensor.ones([2, 3, 4]).instanceNormalized(epsilon: 0)
    },
    Mistake("groupNormalized: the types differ; given float32 and float64") {
      Tensor.ones([2, 3, 4]).groupNormalized(groups: 2, scale: .ones([4], dataType: .float64))
    },
  ]

  @Test(arguments: mistakes.indices) func endsWithItsMessage(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      MisuseTests.mistakes[index].body()
    }
    Self.mistakes[index].expectMessage(in: result)
  }
}
