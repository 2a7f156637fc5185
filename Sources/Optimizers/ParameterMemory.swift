import AdjointAutodiff
import AdjointKernels

extension ParameterState {
  /// The memory of a gradient, for a kernel to read.
  ///
  /// - Traps: where it is not like the value.
  func memory(of gradient: Tensor, like value: Tensor) -> Region {
    requireLike(value, gradient, named: "gradient", of: parameter)
    return gradient.contiguous().region
  }

  /// The memory of what is remembered by a name, for a kernel to change; at first, a number in each element.
  ///
  /// - Traps: where it is not like the value.
  mutating func memory(_ name: String, like value: Tensor, initially number: Double = 0) -> Region {
    func writable(_ tensor: inout Tensor, of parameter: Parameter?) -> Region {
      requireLike(value, tensor, named: name, of: parameter)
      tensor.makeWritable()
      return tensor.region
    }
    func first() -> Tensor { .filled(with: number, shape: value.shape, dataType: value.dataType) }
    return writable(&tensors[name, default: first()], of: parameter)
  }
}
