import AdjointAutodiff
import TestSupport

extension MisuseTests {
  /// Mistakes in making, reading and converting tensors.
  static let tensors: [Mistake] = [
    Mistake("tensor: the number of scalars is not the shape's; given 3 scalars for shape [2, 2]") {
      Tensor([1, 2, 3], shape: [2, 2])
    },
    Mistake("tensor: a scalar does not have the form of its elements; given Int16 of 2 bytes for int32") {
      Tensor([Int16(1), 2], shape: [2])
    },
    Mistake("tensor: a scalar does not have the form of its elements; given Int16 of 2 bytes for int32") {
      Tensor([1, 2]).scalars(as: Int16.self)
    },
    Mistake("tensor: the nested arrays are ragged; given 3 scalars where the first entries have shape [2, 2]")
    {
      Tensor([[1, 2], [3]])
    },
    Mistake("tensor: the type does not hold the number; given 300.0 for uint8") {
      Tensor([[7, 300], [0, 255]], dataType: .uint8)
    },
    Mistake("tensor: the type does not hold the number; given -3.0 for uint8") {
      Tensor([2.5, -3, 4], dataType: .uint8)
    },
    Mistake("tensor: the type does not hold the number; given nan for int32") {
      Tensor([Float.nan, 1], dataType: .int32)
    },
    Mistake("tensor: the type does not hold the number; given 3000000000.0 for int32") {
      Tensor(3_000_000_000, dataType: .int32)
    },
    Mistake("range: the type does not hold the number; given 257.0 for uint8") {
      Tensor.range(254..<258, dataType: .uint8)
    },
    Mistake("range: the type does not hold the number; given -1.0 for uint8") {
      Tensor.range(from: 3, to: -2, by: -1, dataType: .uint8)
    },
    Mistake("filled: the type does not hold the number; given 1e+19 for int64") {
      Tensor.filled(with: 1e19, shape: [2], dataType: .int64)
    },
    Mistake("shape: a size is negative; given [2, -1]") { Shape([2, -1]) },
    Mistake("shape: there are too many elements; given [\(1 << 40), \(1 << 30)]") {
      Tensor.zeros([1 << 40, 1 << 30])
    },
    Mistake("scalar: not a single element; given shape [2]") { Tensor([1, 2]).scalar(as: Int.self) },
    Mistake("range: the step does not lead to the end; given from 0.0 to 1.0 by -0.5") {
      Tensor.range(from: 0, to: 1, by: -0.5)
    },
    Mistake("range: the step does not lead to the end; given from 0.0 to 1.0 by inf") {
      Tensor.range(from: 0, to: 1, by: .infinity)
    },
    Mistake("range: the type does not hold the number; given 1.8e+19 for int64") {
      Tensor.range(from: 0, to: 2e19, by: 9e18, dataType: .int64)
    },
    Mistake("range: truth values are not numbers; given bool") { Tensor.range(0..<2, dataType: .bool) },
    Mistake("range: truth values are not numbers; given bool") {
      Tensor.range(from: 0, to: 1, by: 0.5, dataType: .bool)
    },
    Mistake("range: the type does not hold the numbers; given from 0.0 by 0.5 in int64") {
      Tensor.range(from: 0, to: 3, by: 0.5, dataType: .int64)
    },
    Mistake("range: there are too many elements; given from 0.0 to inf by 1.0") {
      Tensor.range(from: 0, to: .infinity, by: 1)
    },
    Mistake("range: there are too many elements; given -5..<\(Int.max)") { Tensor.range(-5..<Int.max) },
    Mistake("linearSpace: truth values are not numbers; given bool") {
      Tensor.linearSpace(from: 0, through: 1, count: 2, dataType: .bool)
    },
    Mistake("identity: the size is negative; given -1") { Tensor.identity(-1) },
    Mistake("shape: there are too many elements; given [\(1 << 32), \(1 << 32)]") {
      Tensor.identity(1 << 32)
    },
    Mistake("subscript: a position is outside its axis; given 3 on axis 0 of shape [3]") {
      Tensor([1, 2, 3])[3]
    },
    Mistake("subscript: a range is outside its axis; given 1..<5 by 1 on axis 0 of [3]") {
      Tensor([1, 2, 3])[1..<5]
    },
    Mistake("subscript: a range is outside its axis; given 0..<\(Int.max) by 1 on axis 0 of [3]") {
      Tensor([1, 2, 3])[0...Int.max]
    },
    Mistake("subscript: a range is outside its axis; given ..<\(Int.max) by 1 on axis 0 of [3]") {
      Tensor([1, 2, 3])[...Int.max]
    },
    Mistake("sliced: a range is outside its axis; given 1..<5 by 1 on axis 0 of [3]") {
      Tensor([1, 2, 3]).sliced(starts: [1], ends: [5])
    },
    Mistake("subscript: too many entries; given 2 axes and 0 ellipses for shape [3]") {
      Tensor([1, 2, 3])[0, 0]
    },
    Mistake("subscript: the types differ; given float32 into int64") {
      var x = Tensor([1, 2, 3])
      x[0] = Tensor(1.5)
      return x
    },
    Mistake("subscript: the value does not broadcast to its place; given shape [7]; expected [2]") {
      var x = Tensor([[1, 2], [3, 4]])
      x[0] = Tensor.zeros([7], dataType: .int64)
      return x
    },
    Mistake("broadcast: the shape does not broadcast; given [2] to [3]") {
      Tensor([1, 2]).broadcast(to: [3])
    },
    Mistake("dropout: the probability is out of range; given 1.0") { Tensor([1.0]).dropout(probability: 1) },
    Mistake("normal: the standard deviation is negative; given -1.0") {
      Tensor.normal([2], standardDeviation: -1)
    },
    Mistake("uniform: nothing can be drawn from the range; given 2.0..<2.0 in float32") {
      Tensor.uniform([2], in: 2..<2)
    },
    Mistake("uniform: nothing can be drawn from the range; given 1.0..<1.00000001 in float32") {
      Tensor.uniform([2], in: 1..<1.00000001)
    },
    Mistake("uniform: nothing can be drawn from the range; given -3e+38..<3e+38 in float32") {
      Tensor.uniform([2], in: -3e38..<3e38)
    },
    Mistake("uniform: the type is not a floating-point one; given int64") {
      Tensor.uniform([2], dataType: .int64)
    },
    Mistake("threadCount: there must be a thread; given 0") { Execution.threadCount = 0 },
    Mistake("cacheLimit: the number of bytes is negative; given -1") { Execution.cacheLimit = -1 },
  ]
}

/// A conformance that does not keep what the protocol says.
extension Int16: TensorScalar {
  public static var scalarType: DataType { .int32 }
}
