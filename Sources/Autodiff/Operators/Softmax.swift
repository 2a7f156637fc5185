import AdjointKernels

extension Tensor {
  /// eˣ / Σ eˣ along an axis; exact for numbers of any size.
  ///
  /// - Parameter axis: The axis along which the results add up to 1; below 0 counts from the last.
  /// - Traps: where the type is not a floating-point one, or there is no such axis.
  public func softmax(axis: Int = -1) -> Tensor {
    alongRows(axis, "softmax") { $0.softmaxOfRows() }
  }

  /// The logarithm of ``softmax(axis:)``, exact for numbers of any size.
  ///
  /// - Parameter axis: The axis along which the powers of the results add up to 1; below 0 counts from the last.
  /// - Traps: where the type is not a floating-point one, or there is no such axis.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    alongRows(axis, "logSoftmax") { $0.logSoftmaxOfRows() }
  }

  private func softmaxOfRows() -> Tensor {
    rowwise(Softmax.softmax).recorded(
      as: "softmax",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return output.rowwiseGradient(Softmax.softmaxGradient, cotangent) }
          let weighted = cotangent.passed(by: output)
          return weighted - weighted.sum(axes: [-1], keepsAxes: true).passed(by: output)
        }))
  }

  private func logSoftmaxOfRows() -> Tensor {
    rowwise(Softmax.logSoftmax).recorded(
      as: "logSoftmax",
      GradientPath(
        to: self,
        keepingOutput: { cotangent, output in
          guard Recording.isOn else { return output.rowwiseGradient(Softmax.logSoftmaxGradient, cotangent) }
          return cotangent - cotangent.sum(axes: [-1], keepsAxes: true).passed(by: output.exp())
        }))
  }

  private func rowwise(
    _ kernel: (_ x: Region, _ output: Buffer, _ rows: Int, _ columns: Int, _ type: ElementType) -> Void
  ) -> Tensor {
    let source = contiguous()
    return Tensor(shape, dataType) {
      kernel(source.region, $0, rowCount, shape.sizes[rank - 1], dataType.elementType)
    }
  }

  /// The gradient that a kernel computes from this output and its cotangent.
  private func rowwiseGradient(
    _ kernel: (
      _ cotangent: Region, _ output: Region, _ gradient: Buffer, _ rows: Int, _ columns: Int,
      _ type: ElementType
    ) -> Void, _ cotangent: Tensor
  ) -> Tensor {
    let cotangent = cotangent.contiguous()
    return Tensor(shape, dataType) {
      kernel(cotangent.region, region, $0, rowCount, shape.sizes[rank - 1], dataType.elementType)
    }
  }

  private var rowCount: Int { shape.sizes.dropLast().reduce(1, *) }

  /// Applies an operator of rows along any axis.
  private func alongRows(_ axis: Int, _ name: String, _ body: (Tensor) -> Tensor) -> Tensor {
    requireFloatingPoint(name)
    let axis = shape.resolve(axis: axis, name)
    if axis == rank - 1 { return body(self) }
    var exchange = Array(0..<rank)
    exchange.swapAt(axis, rank - 1)
    return body(transposed(exchange)).transposed(exchange)
  }
}
