import Adjoint

extension Report {
  func matrixProducts() {
    for (m, k, n) in [
      (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
      (64, 784, 256), (64, 9216, 128),
    ] {
      time("gemm/\(m)x\(k)x\(n)", operations: 2 * Double(m * k * n)) {
        let (x, w) = (Tensor.normal([m, k]), Tensor.normal([k, n]))
        return { _ = x.matrixProduct(w) }
      }
    }
  }

  func convolutions() {
    for shape in ConvolutionShape.all {
      let name = "conv/\(shape.name)"
      time("\(name)/fwd", operations: shape.operations) {
        let (images, filter, bias) = shape.operands()
        return {
          _ = images.convolved(
            with: filter, bias: bias, strides: shape.strides, padding: shape.padding, groups: shape.groups)
        }
      }
      time("\(name)/fwdbwd", operations: 3 * shape.operations) {
        let (images, filter, bias) = shape.operands()
        let leaves = [images, filter, bias].map { $0.withGradient() }
        func output() -> Tensor {
          leaves[0].convolved(
            with: leaves[1], bias: leaves[2], strides: shape.strides, padding: shape.padding,
            groups: shape.groups)
        }
        let cotangent = Tensor.normal(output().shape)
        return { _ = gradients(of: output(), withRespectTo: leaves, cotangent: cotangent) }
      }
    }
  }

  func layers() {
    let images = Tensor.normal([32, 32, 32, 64])
    let cases: [(String, () -> (Tensor) -> Tensor)] = [
      ("maxpool2", { { $0.maxPooled(kernelSize: 2) } }),
      ("avgpool2", { { $0.averagePooled(kernelSize: 2) } }),
      (
        "batchnorm",
        {
          let norm = BatchNorm(channels: 64); return { norm($0) }
        }
      ), ("relu", { { $0.relu() } }),
      ("gelu", { { $0.gelu() } }),
      (
        "dropout",
        {
          let dropout = Dropout(probability: 0.5); return { dropout($0) }
        }
      ),
    ]
    for (name, make) in cases {
      time("layer/\(name)/fwdbwd") {
        let layer = make()
        let cotangent = Tensor.normal(layer(images).shape)
        return {
          let leaf = images.withGradient()
          layer(leaf).backward(cotangent)
        }
      }
    }
    time("layer/softmax_cross_entropy/fwdbwd") {
      let logits = Tensor.normal([256, 1000])
      let labels = Tensor((0..<256).map { $0 * 37 % 1000 })
      return { logits.withGradient().crossEntropy(labels: labels).backward() }
    }
  }

  /// 200 operators on 16 numbers, and their gradients: what an operator costs beside its work.
  func bookkeeping() {
    time("overhead/chain200/fwdbwd") {
      let numbers = Tensor.normal([16])
      return {
        var y = numbers.withGradient()
        for _ in 0..<100 { y = y * 1.0001 + 0.1 }
        y.sum().backward()
      }
    }
  }
}

/// A convolution to time, as the peer's benchmark has it.
struct ConvolutionShape {
  let name: String
  let batch: Int
  let size: Int
  let inputs: Int
  let outputs: Int
  let kernel: Int
  let stride: Int
  let margin: Int
  let groups: Int

  init(
    _ name: String, _ batch: Int, _ size: Int, _ inputs: Int, _ outputs: Int, _ kernel: Int, _ stride: Int,
    _ margin: Int, groups: Int = 1
  ) {
    (self.name, self.batch, self.size, self.inputs) = (name, batch, size, inputs)
    (self.outputs, self.kernel, self.stride, self.margin, self.groups) = (
      outputs, kernel, stride, margin, groups
    )
  }

  var strides: Extents { Extents(stride) }
  var padding: Padding { .symmetric(margin) }

  var operations: Double {
    let outputSize = (size + 2 * margin - kernel) / stride + 1
    return 2 * Double(batch * outputSize * outputSize * outputs) * Double(inputs / groups * kernel * kernel)
  }

  func operands() -> (images: Tensor, filter: Tensor, bias: Tensor) {
    (
      .normal([batch, size, size, inputs]),
      .normal([kernel, kernel, inputs / groups, outputs], standardDeviation: 0.1), .zeros([outputs])
    )
  }

  static let all = [
    ConvolutionShape("lenet1", 64, 28, 1, 6, 5, 1, 2), ConvolutionShape("lenet2", 64, 14, 6, 16, 5, 1, 0),
    ConvolutionShape("mnist2", 64, 26, 32, 64, 3, 1, 0), ConvolutionShape("vgg56", 8, 56, 64, 64, 3, 1, 1),
    ConvolutionShape("vgg28", 8, 28, 128, 128, 3, 1, 1), ConvolutionShape("vgg14", 8, 14, 512, 512, 3, 1, 1),
    ConvolutionShape("cifar32", 32, 32, 64, 64, 3, 1, 1),
    ConvolutionShape("cifar4", 32, 4, 512, 512, 3, 1, 1),
    ConvolutionShape("stem7x7s2", 8, 224, 3, 64, 7, 2, 3),
    ConvolutionShape("point56", 8, 56, 64, 256, 1, 1, 0),
    ConvolutionShape("point14", 8, 14, 1024, 256, 1, 1, 0),
    ConvolutionShape("down3x3s2", 8, 56, 128, 128, 3, 2, 1),
    ConvolutionShape("depthwise", 8, 56, 128, 128, 3, 1, 1, groups: 128),
  ]
}
