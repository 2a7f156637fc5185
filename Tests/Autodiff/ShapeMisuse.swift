import AdjointAutodiff
import TestSupport

extension MisuseTests {
  /// Mistakes in operators that rearrange, index, reduce and sort.
  static let shapes: [Mistake] = joining + rearranging + indexing + reducing + multiplying

  private static let joining: [Mistake] = [
    Mistake("concatenate: there is nothing to join; given no tensor") { Tensor.concatenate([]) },
    Mistake("concatenate: shapes differ in another axis; given [[2, 3], [2, 4]] along axis 0") {
      Tensor.concatenate([.ones([2, 3]), .ones([2, 4])])
    },
    Mistake("concatenate: shapes differ in another axis; given [[2, 3], [2]] along axis 1") {
      Tensor.concatenate([.ones([2, 3]), .ones([2])], axis: 1)
    },
    Mistake("concatenate: the types differ; given float32 and int64") {
      Tensor.concatenate([Tensor([1.5]), Tensor([1])])
    },
    Mistake("concatenate: no such axis; given axis 0 of shape []") { Tensor.concatenate([Tensor(1)]) },
    Mistake("stack: shapes differ; given [[2], [3]]") { Tensor.stack([.ones([2]), .ones([3])]) },
    Mistake("stack: no such place; given axis 9 of shapes [2]; expected a place in -2...1") {
      Tensor.stack([.ones([2]), .ones([2])], axis: 9)
    },
    Mistake("stack: the types differ; given float32 and int64") {
      Tensor.stack([Tensor([1.5]), Tensor([1])])
    },
    Mistake("split: the sizes do not add up to the axis's; given [2, 2] for axis 0 of shape [5]") {
      Tensor.ones([5]).split(sizes: [2, 2])
    },
    Mistake("split: the sizes do not add up to the axis's; given [\(Int.max), 1] for axis 0 of shape [5]") {
      Tensor.ones([5]).split(sizes: [.max, 1])
    },
    Mistake("split: the sizes do not add up to the axis's; given [6, -1] for axis 0 of shape [5]") {
      Tensor.ones([5]).split(sizes: [6, -1])
    },
  ]

  private static let rearranging: [Mistake] = [
    Mistake("swappedAxes: no such axis; given axis 2 of shape [2, 3]") {
      Tensor.ones([2, 3]).swappedAxes(0, 2)
    },
    Mistake("movedAxis: no such axis; given axis -3 of shape [2, 3]") {
      Tensor.ones([2, 3]).movedAxis(from: -3, to: 0)
    },
    Mistake("flipped: an axis is named twice; given axes [0, -2] of shape [2, 3]") {
      Tensor.ones([2, 3]).flipped(axes: [0, -2])
    },
    Mistake("rolled: the shifts are not one an axis; given [1] for axes [0, 1]") {
      Tensor.ones([2, 3]).rolled(by: [1])
    },
    Mistake("tiled: the multiples are not one an axis; given [2] for shape [2, 3]") {
      Tensor.ones([2, 3]).tiled(by: [2])
    },
    Mistake("repeated: the count is negative; given -1") { Tensor.ones([2]).repeated(count: -1, axis: 0) },
    Mistake("padded: the widths are not one pair an axis; given widths [[1, 1]] for shape [2, 3]") {
      Tensor.ones([2, 3]).padded(widths: [PaddingWidths(1)])
    },
    Mistake("padded: the type does not hold the number; given -1.0 beside uint8") {
      Tensor([1, 2], dataType: .uint8).padded(widths: [PaddingWidths(1)], mode: .constant(-1))
    },
    Mistake("padded: an axis is too short to be reflected; given widths [[0, 2]] for shape [2]") {
      Tensor.ones([2]).padded(widths: [PaddingWidths(before: 0, after: 2)], mode: .reflect)
    },
    Mistake("padded: an empty axis has no edge; given widths [[1, 1]] for shape [0]") {
      Tensor.ones([0]).padded(widths: [PaddingWidths(1)], mode: .edge)
    },
    Mistake("tiled: there are too many elements; given [1, \(Int.max)] for shape [0, 2]; expected at most") {
      Tensor.ones([0, 2]).tiled(by: [1, .max])
    },
    Mistake("repeated: there are too many elements; given \(Int.max) for axis 0 of shape [2]") {
      Tensor.ones([2]).repeated(count: .max, axis: 0)
    },
    Mistake("broadcast: there are too many elements; given [1] to [\(Int.max), 1]") {
      Tensor.ones([1]).broadcast(to: [.max, 1])
    },
    Mistake("padded: there are too many elements; given widths [[\(Int.max), \(Int.max)]] for shape [2]") {
      Tensor.ones([2]).padded(widths: [PaddingWidths(.max)])
    },
    Mistake("padded: there are too many elements; given widths [[0, \(Int.max)]] for shape [2]") {
      Tensor.ones([2]).padded(widths: [PaddingWidths(before: 0, after: .max)], mode: .edge)
    },
    Mistake("lowerTriangle: too few axes; given shape [2]") { Tensor.ones([2]).lowerTriangle() },
    Mistake("upperTriangle: too few axes; given shape [2]") { Tensor.ones([2]).upperTriangle() },
    Mistake("diagonal: an axis is named twice; given axes 0 and -2 of [2, 3]") {
      Tensor.ones([2, 3]).diagonal(0, -2)
    },
  ]

  private static let indexing: [Mistake] = [
    Mistake(
      "taken: an index is out of range; given index 3 at [1, 0] of the indices [2, 2]; expected indices in 0..<3"
    ) { Tensor.ones([3, 2]).taken(at: Tensor([[0, 2], [3, -1]])) },
    Mistake("taken: an index is out of range; given index -1 at [0] of the indices [1]") {
      Tensor.ones([3]).taken(at: Tensor([-1]))
    },
    Mistake("taken: indices are not int64; given float32") { Tensor.ones([3]).taken(at: Tensor([1.0])) },
    Mistake("gathered: the indices do not fit; given indices [2] for axis 0 of shape [3, 2]") {
      Tensor.ones([3, 2]).gathered(at: Tensor([0, 1]), axis: 0)
    },
    Mistake("gathered: an index is out of range; given index 5 at [0, 1] of the indices [1, 2]") {
      Tensor.ones([3, 2]).gathered(at: Tensor([[0, 5]]), axis: 0)
    },
    Mistake(
      "adding: the indices do not fit; given indices [2] for axis 0 of shape [3, 4]; expected indices of this shape but "
        + "along the axis. Hint: broadcast(to:)"
    ) { Tensor.ones([3, 4]).adding(.ones([2, 4]), at: Tensor([2, 0]), axis: 0) },
    Mistake("adding: there is not one index an update; given updates [2], indices [1]") {
      Tensor.ones([3]).adding(.ones([2]), at: Tensor([0]), axis: 0)
    },
    Mistake("adding: the types differ; given float32 and float64") {
      Tensor.ones([3]).adding(.ones([1], dataType: .float64), at: Tensor([0]), axis: 0)
    },
    Mistake("adding: truth values are not numbers; given bool") {
      Tensor([true, false]).adding(Tensor([true]), at: Tensor([1]), axis: 0)
    },
    Mistake("adding: an index is out of range; given index 3 at [0] of the indices [1]") {
      Tensor.ones([3]).adding(.ones([1]), at: Tensor([3]), axis: 0)
    },
    Mistake(
      "oneHot: an index is out of range; given index 2 at [1] of the indices [2]; expected indices in 0..<2"
    ) { Tensor([1, 2]).oneHot(depth: 2) },
    Mistake("oneHot: the depth is negative; given -1") { Tensor([0, 1]).oneHot(depth: -1) },
    Mistake("oneHot: indices are not int64; given bool") { Tensor([true]).oneHot(depth: 2) },
  ]

  private static let reducing: [Mistake] = [
    Mistake("sum: truth values are not numbers; given bool") { Tensor([true]).sum() },
    Mistake("product: truth values are not numbers; given bool") { Tensor([true]).product() },
    Mistake("max: truth values are not numbers; given bool") { Tensor([true]).max() },
    Mistake("min: truth values are not numbers; given bool") { Tensor([true]).min(axes: [0]) },
    Mistake("logSumExp: the type is not a floating-point one; given int64") { Tensor([1]).logSumExp() },
    Mistake("l1Norm: no such axis; given axis 1 of shape [2]") { Tensor.ones([2]).l1Norm(axes: [1]) },
    Mistake("l2Norm: the type is not a floating-point one; given int64") { Tensor([1]).l2Norm() },
    Mistake("standardDeviation: the type is not a floating-point one; given int64") {
      Tensor([1]).standardDeviation()
    },
    Mistake("any: a mask is not of type bool; given int64") { Tensor([1]).any() },
    Mistake("all: a mask is not of type bool; given float32") { Tensor([1.5]).all() },
    Mistake("logicalAnd: a mask is not of type bool; given float32") {
      Tensor([true]).logicalAnd(Tensor([1.5]))
    },
    Mistake("logicalOr: a mask is not of type bool; given int64") { Tensor([1]).logicalOr(Tensor([true])) },
    Mistake("logicalNot: a mask is not of type bool; given int64") { Tensor([1]).logicalNot() },
    Mistake("cumulativeSum: truth values are not numbers; given bool") {
      Tensor([true]).cumulativeSum(axis: 0)
    },
    Mistake("sorted: no such axis; given axis -1 of shape []") { Tensor(1).sorted().values },
    Mistake("topK: there are not so many elements; given 3 of axis 0 of shape [2]") {
      Tensor.ones([2]).topK(3).values
    },
  ]

  private static let multiplying: [Mistake] = [
    Mistake("outerProduct: an operand is not a vector; given [2] and [2, 3]") {
      Tensor.ones([2]).outerProduct(.ones([2, 3]))
    },
    Mistake("einsum: operands and subscripts differ in number; given 1 operands for \"ij,jk\"") {
      Tensor.einsum("ij,jk", .ones([2, 3]))
    },
    Mistake("einsum: the equation has more than one arrow; given \"i->j->k\"") {
      Tensor.einsum("i->j->k", .ones([2]))
    },
    Mistake("einsum: the equation cannot be read; given \"i1\" in \"i1->i\"") {
      Tensor.einsum("i1->i", .ones([2, 3]))
    },
    Mistake("einsum: the equation cannot be read; given \"i..\" in \"i..\"") {
      Tensor.einsum("i..", .ones([2, 3]))
    },
    Mistake("einsum: subscripts do not fit an operand; given 3 labels in \"ijk\" for shape [2, 3]") {
      Tensor.einsum("ijk", .ones([2, 3]))
    },
    Mistake("einsum: a label stands for two sizes; given 3 and 4 for j of \"ij,jk\"") {
      Tensor.einsum("ij,jk", .ones([2, 3]), .ones([4, 5]))
    },
    Mistake("einsum: an output label is twice there or in no operand; given \"ij->ik\"") {
      Tensor.einsum("ij->ik", .ones([2, 3]))
    },
    Mistake("einsum: an output label is twice there or in no operand; given \"ij->ii\"") {
      Tensor.einsum("ij->ii", .ones([2, 3]))
    },
    Mistake("einsum: the output leaves out the ellipsis; given \"...i->i\" for shapes [[2, 3]]") {
      Tensor.einsum("...i->i", .ones([2, 3]))
    },
    Mistake("einsum: the types differ; given float32 and float64") {
      Tensor.einsum("i,i", .ones([2]), .ones([2], dataType: .float64))
    },
    Mistake("einsum: truth values are not numbers; given bool") { Tensor.einsum("i->", Tensor([true])) },
    Mistake("einsum: truth values are not numbers; given bool") {
      Tensor.einsum("i,j->ij", Tensor([true]), Tensor([true, false]))
    },
    Mistake("einsum: the type has no matrix product; given uint8") {
      Tensor.einsum("ij,jk", .ones([2, 3], dataType: .uint8), .ones([3, 4], dataType: .uint8))
    },
    Mistake("outerProduct: the types differ; given float32 and int64") {
      Tensor([1.5]).outerProduct(Tensor([1]))
    },
    Mistake("outerProduct: truth values are not numbers; given bool") {
      Tensor([true]).outerProduct(Tensor([true, false]))
    },
    Mistake(
      "matrixProduct: the type has no matrix product; given uint8; expected float32, float64, int32 or int64"
    ) { Tensor.ones([2, 3], dataType: .uint8).matrixProduct(.ones([3, 4], dataType: .uint8)) },
    Mistake("matrixProduct: the type has no matrix product; given bool") {
      Tensor.ones([2, 3], dataType: .bool).matrixProduct(.ones([3], dataType: .bool))
    },
  ]
}
