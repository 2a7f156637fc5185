import CAdjointKernels

/// The blocks of rows and columns in which a kernel sees several broadcast inputs.
struct BroadcastLoop {
  /// An input: its strides, and the bytes of an element.
  struct Operand {
    var region: Region
    var strides: [Int]
    let size: Int

    init(_ region: Region, strides: [Int], size: Int) {
      self.region = region
      self.strides = strides
      self.size = size
    }

    /// Copies what the view holds, once along axes that repeat it.
    fileprivate mutating func makeContiguous(sizes: [Int]) {
      let held = zip(sizes, strides).map { $1 == 0 ? 1 : $0 }
      let copy = Buffer(byteCount: held.reduce(1, *) * size)
      Copy.gather(from: region, strides: strides, sizes: held, into: copy, elementByteCount: size)
      region = Region(copy)
      var next = 1
      for axis in sizes.indices.reversed() where strides[axis] != 0 {
        strides[axis] = next
        next *= sizes[axis]
      }
    }
  }

  private let axes: MergedAxes
  private let operands: [Operand]

  init(_ operands: [Operand], sizes: [Int]) {
    var operands = operands
    var axes = MergedAxes(sizes: sizes, strides: operands.map(\.strides))
    // Kernels step by 0 or 1.
    let strided = operands.indices.filter { axes.step(operand: $0) & ~1 != 0 }
    if !strided.isEmpty {
      for index in strided { operands[index].makeContiguous(sizes: sizes) }
      axes = MergedAxes(sizes: sizes, strides: operands.map(\.strides))
    }
    self.axes = axes
    self.operands = operands
  }

  func places(operand: Int) -> AdjointPlaces { axes.places(operand: operand) }

  func pointer(of block: MergedAxes.Block, operand: Int) -> UnsafeMutableRawPointer {
    operands[operand].region.pointer + axes.offset(of: block, operand: operand) * operands[operand].size
  }

  func forEachBlock(elementsPerPiece: Int, _ body: (MergedAxes.Block) -> Void) {
    axes.forEachBlock(elementsPerPiece: elementsPerPiece, body)
  }
}
