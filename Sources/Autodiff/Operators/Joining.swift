import AdjointKernels

extension Tensor {
  /// Tensors one after another along an axis.
  ///
  /// - Parameters:
  ///   - tensors: At least one; of one type, and of shapes that differ along the axis only.
  ///   - axis: The axis along which they follow each other; below 0 counts from the last.
  /// - Returns: A tensor whose size along the axis is the sum of the tensors'.
  /// - Traps: where there is no tensor or no such axis, or the shapes or types do not fit.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let first = requireFirst(tensors, "concatenate")
    let axis = first.shape.resolve(axis: axis, "concatenate")
    var starts: [Int] = []
    var size = 0
    for tensor in tensors {
      requireSameType(first, tensor, "concatenate")
      require(
        tensor.rank == first.rank
          && tensor.shape.replacing(axis: axis, with: 0) == first.shape.replacing(axis: axis, with: 0),
        "concatenate", "shapes differ in another axis",
        given: "\(tensors.map(\.shape)) along axis \(axis)",
        expected: "shapes that differ along the axis only")
      starts.append(size)
      size += tensor.shape.sizes[axis]
    }
    let value = Tensor(first.shape.replacing(axis: axis, with: size), first.dataType) { buffer in
      let strides = first.shape.replacing(axis: axis, with: size).contiguousStrides
      for (tensor, start) in zip(tensors, starts) {
        let target = Region(buffer, byteOffset: start * strides[axis] * first.dataType.byteCount)
        Copy.scatter(
          from: tensor.region, strides: tensor.effectiveStrides, into: target, strides: strides,
          sizes: tensor.shape.sizes, elementByteCount: first.dataType.byteCount)
      }
    }
    return value.recorded(
      as: "concatenate",
      paths: zip(tensors, starts).map { tensor, start in
        let slice = StridedSlice(tensor.shape, from: start, axis: axis)
        return GradientPath(to: tensor) { $0.sliced(slice) }
      })
  }

  /// Tensors of one shape side by side along a new axis.
  ///
  /// - Parameters:
  ///   - tensors: At least one; of one shape and type.
  ///   - axis: Where the new axis, whose size is their number, goes; -1 puts it at the end.
  /// - Traps: where there is no tensor or no such place, or the shapes or types differ.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let first = requireFirst(tensors, "stack")
    let place = first.shape.resolve(place: axis, of: "shapes", "stack")
    for tensor in tensors { requireSameType(first, tensor, "stack") }
    require(
      tensors.allSatisfy { $0.shape == first.shape }, "stack", "shapes differ",
      given: "\(tensors.map(\.shape))", expected: "one shape",
      hint: "concatenate(_:axis:) joins tensors of different sizes along an axis they have")
    return concatenate(tensors.map { $0.expandedDimensions(at: place) }, axis: place)
  }

  /// This tensor cut along an axis into pieces of the given sizes, without a copy: the inverse of
  /// ``concatenate(_:axis:)``.
  ///
  /// - Parameters:
  ///   - sizes: The size of each piece along the axis.
  ///   - axis: The axis to cut; below 0 counts from the last.
  /// - Traps: where there is no such axis, a size is negative, or they do not add up to the axis's.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    let axis = shape.resolve(axis: axis, "split")
    require(
      sizes.allSatisfy((0...shape.sizes[axis]).contains) && sizes.reduce(0, +) == shape.sizes[axis], "split",
      "the sizes do not add up to the axis's", given: "\(sizes) for axis \(axis) of shape \(shape)",
      expected: "sizes of 0 or more that add up to \(shape.sizes[axis])")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(StridedSlice(shape.replacing(axis: axis, with: size), from: start, axis: axis))
    }
  }

  private static func requireFirst(_ tensors: [Tensor], _ operation: String) -> Tensor {
    require(
      !tensors.isEmpty, operation, "there is nothing to join", given: "no tensor", expected: "at least one")
    return tensors[0]
  }
}
