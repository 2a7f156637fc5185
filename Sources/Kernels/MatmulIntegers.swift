/// The matrix product of integers, which nobody waits for: one loop, on the calling thread.
struct MatmulOfIntegers<Element: FixedWidthInteger> {
  let rows: Int
  let inner: Int
  let columns: Int

  func run(
    _ left: MatrixView, _ right: MatrixView, into output: MatrixView, batch: Int, bias: Region?
  ) {
    let left = (view: left, data: elements(left.region))
    let right = (view: right, data: elements(right.region))
    let bias = bias.map(elements)
    for index in 0..<batch {
      for row in 0..<rows {
        let to = elements(output.region) + (index * output.batchStep + row * output.rowStep)
        for column in 0..<columns {
          var sum = bias?[column] ?? 0
          for k in 0..<inner {
            let a = left.data[
              index * left.view.batchStep + row * left.view.rowStep + k * left.view.columnStep]
            let b =
              right.data[
                index * right.view.batchStep + k * right.view.rowStep + column * right.view.columnStep]
            sum &+= a &* b
          }
          to[column] = sum
        }
      }
    }
  }

  private func elements(_ region: Region) -> UnsafeMutablePointer<Element> {
    region.pointer.assumingMemoryBound(to: Element.self)
  }
}
