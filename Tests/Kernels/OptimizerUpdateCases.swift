import AdjointKernels

/// An update's kernel, and its formula on plain numbers.
struct UpdateFormula {
  let name: String
  /// What is remembered of a parameter: names, and what each element of it is at first.
  let memory: [(name: String, first: Double)]
  let tolerance: (float32: Double, float64: Double)
  /// Calls the kernel; steps are counted from 1.
  let apply: (_ arrays: UpdateArrays, _ time: Int) -> Void
  /// Changes one element.
  let change: (_ p: inout Double, _ g: Double, _ memory: inout [Double], _ time: Int) -> Void

  init(
    _ name: String, memory: [(name: String, first: Double)], tolerance: (float32: Double, float64: Double),
    _ apply: @escaping (_ arrays: UpdateArrays, _ time: Int) -> Void,
    change: @escaping (_ p: inout Double, _ g: Double, _ memory: inout [Double], _ time: Int) -> Void
  ) {
    self.name = name
    self.memory = memory
    self.tolerance = tolerance
    self.apply = apply
    self.change = change
  }

  /// What is to be found after a step by each of the gradients.
  func cases(values: [Double], gradients: [[Double]], _ type: ElementType) -> [KernelCase] {
    let count = values.count
    var (p, plain) = (values, values.map { _ in memory.map(\.first) })
    let parameter = Region(p, type)
    let regions = memory.map { Region(Array(repeating: $0.first, count: count), type) }
    for (time, gradient) in zip(1..., gradients) {
      let arrays = UpdateArrays(
        gradient: Region(gradient, type), parameter: parameter, memory: regions, count: count, type: type)
      apply(arrays, time)
      for i in 0..<count { change(&p[i], gradient[i], &plain[i], time) }
    }
    let expected =
      [("parameter", parameter, p)]
      + memory.indices.map { index in (memory[index].name, regions[index], plain.map { $0[index] }) }
    return expected.map {
      KernelCase(
        "\(name), \($0) \(type)", $1.doubles(count, type), $2,
        tolerance: type == .float32 ? tolerance.float32 : tolerance.float64)
    }
  }

  /// The cases of formulas at several counts, the last formula's also at one of more than one piece.
  static func cases(of formulas: [UpdateFormula]) -> [KernelCase] {
    formulas.flatMap { formula in
      [0, 1, 37].flatMap { count in
        [ElementType.float32, .float64].flatMap { formula.cases(count: count, $0) }
      } + formula.casesOfNaN()
    } + formulas.last!.cases(count: 70_001, .float32)
  }

  /// A gradient that is no number makes none of its parameter, and of no other.
  private func casesOfNaN() -> [KernelCase] {
    let (count, place) = (21, 18)
    var gradient = Array(repeating: 0.25, count: count)
    let steady = gradient
    gradient[place] = .nan
    return [ElementType.float32, .float64].map { type in
      let parameter = Region(Array(repeating: 1, count: count), type)
      let regions = memory.map { Region(Array(repeating: $0.first, count: count), type) }
      for (time, gradient) in [(1, steady), (2, gradient), (3, steady)] {
        apply(
          UpdateArrays(
            gradient: Region(gradient, type), parameter: parameter, memory: regions, count: count, type: type),
          time)
      }
      return KernelCase(
        "\(name), NaN \(type)", parameter.doubles(count, type).map { $0.isNaN ? 1 : 0 },
        (0..<count).map { $0 == place ? 1 : 0 })
    }
  }

  /// Gradients become smaller, and are of so few bits that the moving means by quarters of the first steps are exact.
  private func cases(count: Int, _ type: ElementType) -> [KernelCase] {
    let gradients = [1, 2, 4, 8].map { part in
      Samples.integers(count, below: 65, seed: UInt64(1 + part)).map { ($0 - 32) / 32 / Double(part) }
    }
    return cases(values: Samples.reals(count), gradients: gradients, type)
  }
}

/// What a kernel changes a parameter by, and where.
struct UpdateArrays {
  let gradient: Region
  let parameter: Region
  let memory: [Region]
  let count: Int
  let type: ElementType
}
