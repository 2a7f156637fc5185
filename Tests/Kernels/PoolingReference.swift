@testable import AdjointKernels

/// Poolings in plain loops over scalars.
struct PoolingReference {
  typealias Window = (start: Int, end: Int, count: Int)

  private(set) var maxima: [Double] = []
  private(set) var indices: [Double] = []
  private(set) var averages: [Double] = []
  private(set) var maximumGradient: [Double]
  private(set) var averageGradient: [Double]

  init(_ pooling: Pooling, x: [Double], cotangent: [Double]) {
    maximumGradient = Array(repeating: 0, count: x.count)
    averageGradient = maximumGradient
    let axes = [pooling.depth, pooling.height, pooling.width]
    let windows = axes.map { Self.windows($0) }
    let imageSize = axes.reduce(pooling.channels) { $0 * $1.inputSize }
    for image in 0..<pooling.batch {
      for depth in windows[0] {
        for height in windows[1] {
          for width in windows[2] {
            let positions = Self.positions([depth, height, width], axes)
            for channel in 0..<pooling.channels {
              let sent = cotangent[maxima.count]
              let places = positions.map { image * imageSize + $0 * pooling.channels + channel }
              let values = places.map { x[$0] }
              let largest = values.max() ?? -.infinity
              let winner = values.firstIndex(of: largest)
              maxima.append(largest)
              indices.append(winner.map { Double(positions[$0]) } ?? -1)
              if let winner { maximumGradient[places[winner]] += sent }
              let count = Double(depth.count * height.count * width.count)
              averages.append(count == 0 ? 0 : values.reduce(0, +) / count)
              for place in places { averageGradient[place] += sent / count }
            }
          }
        }
      }
    }
  }

  static func windows(_ axis: PoolingAxis) -> [Window] {
    let contract = axis.forKernels
    return (0..<axis.outputSize).map {
      (Int(contract.starts[$0]), Int(contract.ends[$0]), Int(contract.counts[$0]))
    }
  }

  private static func positions(_ windows: [Window], _ axes: [PoolingAxis]) -> [Int] {
    var positions = [0]
    for (window, axis) in zip(windows, axes) {
      let along = stride(from: window.start, to: window.end, by: axis.forKernels.dilation)
      positions = positions.flatMap { position in along.map { position * axis.inputSize + $0 } }
    }
    return positions
  }
}
