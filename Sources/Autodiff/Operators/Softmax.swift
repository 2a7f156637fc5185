import AdjointKernels

extension Tensor {
  /// eˣ / Σ eˣ along an axis; exact for numbers of any size.
  ///
  /// - Parameter axis: The axis along which the results add up to 1; below 0 counts from the last.
  /// - Traps: where the type is not a floating-point one, or there is no such axis.
  public func softmax(axis: Int = -1) -> Tensor {
    let lines = lines(along: axis, "softmax")
    return lines.value(of: Softmax.softmax, self).recorded(
      as: "softmax",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return lines.gradient(of: Softmax.softmaxGradient, cotangent, output) }
          let weighted = cotangent.passed(by: output)
          return weighted - weighted.sum(axes: [lines.axis], keepsAxes: true).passed(by: output)
        }))
  }

  /// The logarithm of ``softmax(axis:)``, exact for numbers of any size.
  ///
  /// - Parameter axis: The axis along which the powers of the results add up to 1; below 0 counts from the last.
  /// - Traps: where the type is not a floating-point one, or there is no such axis.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    let lines = lines(along: axis, "logSoftmax")
    return lines.value(of: Softmax.logSoftmax, self).recorded(
      as: "logSoftmax",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else {
            return lines.gradient(of: Softmax.logSoftmaxGradient, cotangent, output)
          }
          return cotangent - cotangent.sum(axes: [lines.axis], keepsAxes: true).passed(by: output.exp())
        }))
  }

  private func lines(along axis: Int, _ name: String) -> Lines {
    requireFloatingPoint(name)
    let axis = shape.resolve(axis: axis, name)
    return Lines(axis: axis, extents: shape.extents(around: axis..<axis + 1))
  }
}

/// The lines of a tensor along an axis, as kernels take them.
private struct Lines: Sendable {
  let axis: Int
  let extents: (outer: Int, middle: Int, inner: Int)

  typealias Kernel = (
    _ x: Region, _ output: Buffer, _ outer: Int, _ middle: Int, _ inner: Int, _ type: ElementType
  ) -> Void
  typealias GradientKernel = (
    _ cotangent: Region, _ output: Region, _ gradient: Buffer, _ outer: Int, _ middle: Int, _ inner: Int,
    _ type: ElementType
  ) -> Void

  func value(of kernel: Kernel, _ tensor: Tensor) -> Tensor {
    let source = tensor.contiguous()
    return Tensor(tensor.shape, tensor.dataType) {
      kernel(
        source.region, $0, extents.outer, extents.middle, extents.inner, tensor.dataType.elementType)
    }
  }

  /// The gradient that a kernel computes from an output and its cotangent.
  func gradient(of kernel: GradientKernel, _ cotangent: Tensor, _ output: Tensor) -> Tensor {
    let cotangent = cotangent.contiguous()
    return Tensor(output.shape, output.dataType) {
      kernel(
        cotangent.region, output.region, $0, extents.outer, extents.middle, extents.inner,
        output.dataType.elementType)
    }
  }
}
