import AdjointAutodiff
import AdjointOptimizers
import TestSupport
import Testing

@Suite struct LBFGSTests {
  /// A curved valley, in which a third number follows the first.
  private final class Valley {
    let place = Parameter(Tensor([-1.2, 1], dataType: .float64))
    let follower = Parameter(Tensor([[0.5]], dataType: .float64))

    func height() -> Tensor {
      let (x, y) = (place.value[0], place.value[1])
      let valley = 100 * (y - x.squared()).squared() + (1 - x).squared()
      return valley + (follower.value - x).squared().squared().sum()
    }

    var numbers: [Double] {
      place.value.scalars(as: Double.self) + follower.value.scalars(as: Double.self)
    }
  }

  /// The losses before each step of four directions with three remembered, and the places after it, are those of
  /// `torch.optim.LBFGS`.
  @Test func stepsAreThoseOfPyTorch() {
    let expected: [(loss: Double, place: [Double])] = [
      (32.552099999999996, [-1.006339928262654, 0.9802985412801368, 0.3404984483611784]),
      (7.421015606132453, [-0.7486184778339804, 0.550906065101155, -0.4792326905535264]),
      (3.0720026175786517, [-0.48534028399381857, 0.2457829021820745, -1.0656735124642693]),
      (2.33012161801541, [-0.29027374850208, 0.08044108202419992, -0.479374365532247]),
      (1.6675425897768947, [-0.0024905956682484687, -0.02466768513616697, 0.17825319096034475]),
      (1.0669346892051723, [0.24927970186002532, 0.06793808580945039, 0.1503138259644769]),
      (0.5670382444061703, [0.4768541017141542, 0.22209234087337215, 0.013711372216143547]),
      (0.3224987341815971, [0.7059607414564827, 0.4843015245405165, 0.40827332615117706]),
    ]
    let valley = Valley()
    let optimizer = LBFGS([valley.place, valley.follower], iterations: 4, historySize: 3)
    for (step, expected) in expected.enumerated() {
      #expect(
        abs(optimizer.step(valley.height) - expected.loss) < 1e-9 * max(1, expected.loss), "step \(step)")
      for (number, right) in zip(valley.numbers, expected.place) {
        #expect(abs(number - right) < 1e-8, "step \(step)")
      }
      #expect(valley.place.gradient == nil)
    }
  }

  /// How often `torch.optim.LBFGS` computed the loss by the end of each step, with so small a `max_eval` that it cuts
  /// searches short, and where it ended.
  @Test func fewEvaluationsCutASearchShortAsPyTorchDoes() {
    let expected: [(evaluations: Int, counts: [Int], place: [Double])] = [
      (1, [2, 4, 6, 8], [-1.2, 1.0, 0.5]),
      (2, [3, 5, 7, 9], [-0.9777018824176141, 0.8999521787984515, 0.19351369431385088]),
      (3, [3, 6, 9, 12], [-0.7486184778339804, 0.550906065101155, -0.4792326905535264]),
      (4, [4, 8, 12, 17], [-0.48534028399381857, 0.2457829021820745, -1.0656735124642693]),
      (6, [6, 13, 19, 25], [-0.0024905956682484687, -0.02466768513616697, 0.17825319096034475]),
    ]
    for expected in expected {
      let valley = Valley()
      let optimizer = LBFGS(
        [valley.place, valley.follower], evaluations: expected.evaluations, historySize: 3)
      var count = 0
      let counts = (0..<4).map { _ in
        optimizer.step {
          count += 1
          return valley.height()
        }
        return count
      }
      #expect(counts == expected.counts)
      #expect(zip(valley.numbers, expected.place).allSatisfy { abs($0 - $1) < 1e-8 }, "\(valley.numbers)")
    }
  }

  /// The first trials are far too long, on both sides of the lowest place.
  @Test func theBestOfFewTrialsIsThatOfPyTorch() {
    let expected: [(evaluations: Int, counts: [Int], places: [Double])] = [
      (1, [2, 4, 6], [3, 3, 3]),
      (2, [3, 6, 9], [-1.7657419426563412, -1.7657419426563412, -1.7657419426563412]),
      (3, [3, 7, 10], [-1.7657419426563412, 0.19601623580522798, 0.603423451483741]),
      (4, [5, 9, 14], [-1.7657419426563412, 0.19601623580522798, 0.6035200470987477]),
      (6, [6, 11, 12], [0.19601623580522798, 0.6035200470987477, 0.6035200470987477]),
    ]
    for expected in expected {
      let parameter = Parameter(Tensor([3], dataType: .float64))
      let optimizer = LBFGS([parameter], learningRate: 10, evaluations: expected.evaluations)
      var count = 0
      for (total, place) in zip(expected.counts, expected.places) {
        optimizer.step {
          count += 1
          let x = parameter.value
          return (x.squared().squared() + x.squared() * 0.1 - x).sum()
        }
        #expect(count == total)
        #expect(abs(parameter.value.scalar(as: Double.self) - place) < 1e-8)
      }
    }
  }

  @Test func aValleyIsFollowedToItsEnd() {
    let valley = Valley()
    let optimizer = LBFGS([valley.place, valley.follower], iterations: 200, changeTolerance: 1e-14)
    optimizer.step(valley.height)
    #expect(zip(valley.numbers, [1, 1, 1]).allSatisfy { abs($0 - $1) < 0.01 })
    #expect(valley.height().scalar(as: Double.self) < 1e-8)
  }

  /// On a paraboloid of n dimensions, about n directions lead to the lowest place.
  @Test(arguments: [DataType.float64, .float32]) func aParaboloidIsSolved(dataType: DataType) {
    let steepness = Tensor([1, 3, 10, 30, 100], dataType: dataType)
    let lowest = sample([5], seed: 3).cast(to: dataType)
    let parameter = Parameter(.zeros([5], dataType: dataType))
    let optimizer = LBFGS([parameter], iterations: 40, changeTolerance: 1e-14)
    optimizer.step { (steepness * (parameter.value - lowest).squared()).sum() }
    let tolerance = dataType == .float64 ? 1e-7 : 1e-3
    #expect(
      parameter.value.detached().isClose(
        to: lowest, relativeTolerance: tolerance, absoluteTolerance: tolerance))
    #expect(optimizer.history.iterationCount <= 20)
  }

  /// The first trial lands where the logarithm does not exist.
  @Test func lossesThatAreNoNumbersAreTooHigh() {
    let parameter = Parameter(Tensor([3], dataType: .float64))
    let optimizer = LBFGS([parameter], learningRate: 10, iterations: 30, changeTolerance: 1e-14)
    optimizer.step { (parameter.value - parameter.value.log()).sum() }
    #expect(abs(parameter.value.scalar(as: Double.self) - 1) < 1e-6)
  }

  /// The first trial lands beyond a wall, where the slope is that of the valley.
  @Test(arguments: [Double.infinity, .greatestFiniteMagnitude])
  func infiniteLossesAreTooHigh(wall: Double) {
    let parameter = Parameter(Tensor([3], dataType: .float64))
    let optimizer = LBFGS([parameter], learningRate: 10, iterations: 30, changeTolerance: 1e-14)
    optimizer.step {
      let x = parameter.value
      return (x.squared() + (abs(x.scalar(as: Double.self)) > 5 ? wall : 0)).sum()
    }
    #expect(abs(parameter.value.scalar(as: Double.self)) < 1e-6)
  }

  @Test func historyContinuesARun() {
    let (one, other) = (Valley(), Valley())
    var optimizer = LBFGS([one.place, one.follower], iterations: 2)
    let whole = LBFGS([other.place, other.follower], iterations: 2)
    for step in 0..<6 {
      if step == 3 {
        let resumed = LBFGS([one.place, one.follower], iterations: 2)
        resumed.history = optimizer.history
        optimizer = resumed
      }
      optimizer.step(one.height)
      whole.step(other.height)
    }
    #expect(one.numbers == other.numbers)
  }

  @Test func frozenAndUnusedParametersStay() {
    let valley = Valley()
    let unused = Parameter(sample([2]))
    valley.follower.isTrainable = false
    LBFGS([valley.place, valley.follower, unused]).step(valley.height)
    #expect(valley.numbers[2] == 0.5)
    #expect(valley.numbers[0] != -1.2)
    #expect(unused.value.scalars() == sample([2]).scalars(as: Double.self))
  }

  /// What others have collected, or are to collect, is theirs.
  @Test func gradientsOfOthersStay() {
    let valley = Valley()
    let other = Parameter(Tensor([3], dataType: .float64))
    valley.place.gradient = .ones(like: valley.place.value)
    LBFGS([valley.place, valley.place]).step { valley.height() * other.value.sum() }
    #expect(other.gradient == nil)
    #expect(valley.place.gradient!.scalars(as: Double.self).allSatisfy { $0 == 1 })
    #expect(valley.numbers[0] != -1.2)
  }

  @Test(arguments: [0.0, -1]) func nothingChangesWhereTheGradientIsNoNumber(_ place: Double) {
    let parameter = Parameter(Tensor([place], dataType: .float64))
    _ = LBFGS([parameter]).step { parameter.value.squareRoot().sum() }
    #expect(parameter.value.scalar() == place)
  }

  @Test func aStepBackwardToAnInfiniteSlopeLeavesNumbers() {
    let parameter = Parameter(Tensor([1e-3], dataType: .float64))
    let optimizer = LBFGS([parameter], iterations: 50)
    for _ in 0..<3 { _ = optimizer.step { parameter.value.clamped(to: 0...1).squareRoot().sum() } }
    #expect(parameter.value.scalar(as: Double.self).isFinite)
  }

  @Test func nothingChangesWhereTheGradientIsZero() {
    let parameter = Parameter(Tensor([2], dataType: .float64))
    #expect(LBFGS([parameter]).step { (parameter.value - 2).squared().sum() } == 0)
    #expect(parameter.value.scalar() == 2)
  }
}
