import AdjointAutodiff
import AdjointKernels
import Testing

@Suite struct TensorTests {
  @Test func aStepBeyondTheAxisTakesTheFirstPosition() {
    let x = Tensor([1, 2, 3])
    #expect(x[TensorIndex.every(.max, in: 0..<3)].scalars(as: Int.self) == [1])
    #expect(x[TensorIndex.every(.max, in: 3..<3)].shape == [0])
  }

  @Test func nestedArraysTakeTheirNumbersTypes() {
    #expect(Tensor([[1, 2], [3, 4], [5, 6]]).shape == [3, 2])
    #expect(Tensor([[1, 2]]).dataType == .int64)
    #expect(Tensor([1.5]).dataType == .float32)
    #expect(Tensor([1.5], dataType: .float64).dataType == .float64)
    #expect(Tensor([true, false]).dataType == .bool)
    #expect(Tensor([UInt8(3)]).dataType == .uint8)
    #expect(Tensor(2.5).shape == [])
    #expect(Tensor([Float]()).shape == [0])
    #expect(Tensor([[Float]]()).shape == [0, 0])
    #expect(Tensor([[], []] as [[[Int]]]).shape == [2, 0, 0])
  }

  /// Not all of these are numbers of type `Double`.
  @Test func rangesOfLargeIntegersAreExact() {
    let start = 1 << 53 + 1
    #expect(Tensor.range(start..<start + 3).scalars(as: Int.self) == [start, start + 1, start + 2])
    #expect(Tensor.range(.min + 1 ..< .min + 3).scalars(as: Int.self) == [.min + 1, .min + 2])
    #expect(Tensor.range(254..<256, dataType: .uint8).scalars(as: Int.self) == [254, 255])
  }

  /// The distance that such a step would be in memory is no number.
  @Test func stepsThatAreNotTakenMayHaveAnySize() {
    let x = Tensor.range(0..<12).reshaped(to: [3, 4])
    #expect(x[TensorIndex.every(.max, in: 1..<3)].scalars(as: Int.self) == [4, 5, 6, 7])
  }

  @Test func rangesAndFills() {
    #expect(Tensor.range(2..<5).scalars(as: Int.self) == [2, 3, 4])
    #expect(Tensor.range(from: 0, to: 1, by: 0.25).scalars(as: Float.self) == [0, 0.25, 0.5, 0.75])
    #expect(Tensor.linearSpace(from: 1, through: 2, count: 3).scalars(as: Float.self) == [1, 1.5, 2])
    #expect(
      Tensor.filled(with: 7, shape: [2, 3], dataType: .uint8).scalars(as: Int.self) == [7, 7, 7, 7, 7, 7])
    #expect(Tensor.identity(2).scalars(as: Int.self) == [1, 0, 0, 1])
    #expect(Tensor.zeros([3, 0]).count == 0)
  }

  @Test func castsCutOffAndHold() {
    let numbers = Tensor([-1.9, 2.9, 300, .nan], dataType: .float64)
    #expect(numbers.cast(to: .int32).scalars(as: Int.self) == [-1, 2, 300, 0])
    #expect(numbers.cast(to: .uint8).scalars(as: Int.self) == [0, 2, 255, 0])
    #expect(Tensor([-1, 300, 1 << 40 + 7]).cast(to: .uint8).scalars(as: Int.self) == [255, 44, 7])
    #expect(Tensor([.nan, -0.0, 0.5]).cast(to: .bool).scalars(as: Bool.self) == [true, false, true])
    #expect(Tensor([true, false]).cast(to: .float64).scalars(as: Double.self) == [1, 0])
    #expect(
      Tensor([1e39, -1e-50], dataType: .float64).cast(to: .float32).scalars(as: Float.self) == [.infinity, 0])
    #expect(Tensor([0, 3]).cast(to: .bool).scalars(as: Bool.self) == [false, true])
  }

  @Test func subscriptsSelectViews() {
    let x = Tensor.range(0..<24).reshaped(to: [2, 3, 4])
    #expect(x[1].shape == [3, 4])
    #expect(x[1, 2, 3].scalar(as: Int.self) == 23)
    #expect(x[-1, -1, -1].scalar(as: Int.self) == 23)
    #expect(x[0, 1...].shape == [2, 4])
    #expect(x[TensorIndex.ellipsis, 0].scalars(as: Int.self) == [0, 4, 8, 12, 16, 20])
    #expect(
      x[TensorIndex.all, (-1)..., TensorIndex.every(2, in: 1..<4)].scalars(as: Int.self) == [9, 11, 21, 23])
    #expect(x[0, TensorIndex.newAxis].shape == [1, 3, 4])
    #expect(x[...0, ..<2, 1...2].shape == [1, 2, 2])
  }

  @Test(arguments: [1, 2, 7, 12, 49, 1_000]) func evenlySpacedValuesReachBothEnds(_ count: Int) {
    for (first, last) in [(0, 0.1), (-0.3, 0.7), (1e16, -1.0)] {
      let values = Tensor.linearSpace(from: first, through: last, count: count, dataType: .float64)
      let numbers = values.scalars(as: Double.self)
      #expect(numbers.count == count)
      #expect(numbers.first == first)
      #expect(count == 1 || numbers.last == last)
      let step = (last - first) / Double(Swift.max(1, count - 1))
      for (index, number) in numbers.enumerated() {
        #expect(abs(number - (first + Double(index) * step)) <= 1e-15 * Swift.max(abs(first), abs(last)))
      }
    }
  }

  @Test func evenlySpacedValuesMaySpanMoreThanTheLargestNumber() {
    let values = Tensor.linearSpace(from: -1e308, through: 1e308, count: 5, dataType: .float64)
    #expect(values.scalars(as: Double.self) == [-1e308, -5e307, 0, 5e307, 1e308])
  }

  @Test func evenlySpacedIntegersAreCutOff() {
    let values = Tensor.linearSpace(from: 0, through: 10, count: 5, dataType: .int64)
    #expect(values.scalars(as: Int.self) == [0, 2, 5, 7, 10])
    #expect(Tensor.linearSpace(from: 2, through: 3, count: 0).shape == [0])
  }

  @Test func settingKeepsCopiesApart() {
    var x = Tensor([[1, 2, 3], [4, 5, 6]])
    let copy = x
    x[1] = Tensor([7, 8, 9])
    x[0, 1] = Tensor(0)
    #expect(x.scalars(as: Int.self) == [1, 0, 3, 7, 8, 9])
    #expect(copy.scalars(as: Int.self) == [1, 2, 3, 4, 5, 6])
    x[TensorIndex.all, 2] = Tensor(-1)
    #expect(x.scalars(as: Int.self) == [1, 0, -1, 7, 8, -1])
    var view = copy.transposed()
    view[0] = Tensor([10, 40])
    #expect(view.scalars(as: Int.self) == [10, 40, 2, 5, 3, 6])
    #expect(copy.scalars(as: Int.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test func sumsInPlaceKeepCopiesApart() {
    var x = Tensor([1.0, 2])
    let copy = x
    x += Tensor([10.0, 20])
    x += Tensor([100.0, 200])
    x *= 2
    #expect(x.scalars(as: Float.self) == [222, 444])
    #expect(copy.scalars(as: Float.self) == [1, 2])
  }

  @Test func closenessTakesTolerances() {
    let x = Tensor([1, 100, .infinity], dataType: .float64)
    #expect(x.isClose(to: Tensor([1.0000001, 100.0005, .infinity], dataType: .float64)))
    #expect(x.isClose(to: Tensor([1.1, 100, .infinity], dataType: .float64)) == false)
    #expect(x.isClose(to: Tensor([1.1, 101, .infinity], dataType: .float64), absoluteTolerance: 1))
    #expect(x.isClose(to: Tensor([1, 100], dataType: .float64)) == false)
    #expect(Tensor([Float.nan]).isClose(to: Tensor([Float.nan])) == false)
    let infinity = Tensor(Float.infinity)
    #expect(Tensor(1.0).isClose(to: infinity) == false && infinity.isClose(to: Tensor(1.0)) == false)
    #expect(infinity.isClose(to: -infinity) == false)
    let large = Tensor([1 << 53, Int.min])
    func isClose(_ other: Tensor, _ absolute: Double) -> Bool {
      large.isClose(to: other, relativeTolerance: 0, absoluteTolerance: absolute)
    }
    #expect(isClose(large, 0) && !isClose(large + 1, 0) && isClose(large + 1, 1) && isClose(large + 1, 1.5))
    #expect(isClose(Tensor([1 << 53, Int.max]), 1.8e19) == false)
    #expect(isClose(Tensor([1 << 53, Int.max]), 1.9e19))
  }

  @Test func descriptionsOfEverySize() {
    #expect("\(Tensor(2.5))" == "Tensor float32 [] 2.5000")
    #expect("\(Tensor([[1, 2], [30, 4]]))" == "Tensor int64 [2, 2]\n[[ 1,  2],\n [30,  4]]")
    #expect("\(Tensor([1.5, -2]))" == "Tensor float32 [2]\n[ 1.5000, -2.0000]")
    #expect("\(Tensor([1e-9, 2e8], dataType: .float64))" == "Tensor float64 [2]\n[1.0000e-9,  2.0000e8]")
    #expect("\(Tensor([true]))" == "Tensor bool [1]\n[true]")
    #expect("\(Tensor.zeros([2, 0]))" == "Tensor float32 [2, 0] (no elements)")
    let long = "\(Tensor.range(0..<2_000))"
    #expect(long == "Tensor int64 [2000]\n[   0,    1,    2, …, 1997, 1998, 1999]")
    #expect("\(Tensor.range(0..<1_800).reshaped(to: [2, 30, 30]))".split(separator: "\n").count == 15)
  }

  @Test func randomStreamsRepeatAndDiffer() {
    func draw(_ stream: RandomStream) -> [Float] { Tensor.normal([5], from: stream).scalars() }
    let stream = RandomStream(seed: 1, name: "a")
    let first = draw(stream)
    let saved = stream.state
    let second = draw(stream)
    #expect(first != second)
    #expect(draw(RandomStream(seed: 1, name: "a")) == first)
    #expect(draw(RandomStream(seed: 1, name: "b")) != first)
    #expect(draw(RandomStream(seed: 2, name: "a")) != first)
    stream.state = saved
    #expect(draw(stream) == second)
    stream.restart(seed: 1, name: "a")
    #expect(draw(stream) == first)
    #expect(draw(stream.split(name: "x")) != draw(stream.split(name: "x")))
  }

  @Test func executionTellsWhatItUses() {
    #expect(KernelTable.available.contains(Execution.instructionSet))
    #expect(Execution.threadCount >= 1)
    let tensor = Tensor.zeros([1_000])
    #expect(Execution.memoryUse.inUse >= 4_000)
    #expect(Execution.memoryUse.peak >= Execution.memoryUse.inUse)
    withExtendedLifetime(tensor) {}
  }
}
