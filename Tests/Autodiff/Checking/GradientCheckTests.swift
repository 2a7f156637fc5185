import AdjointAutodiff
import TestSupport
import Testing

@Suite struct GradientCheckTests {
  @Test func aWrongRuleIsNamedWithItsCoordinate() {
    let x = sample([2, 3])
    let report = checkGradients(at: [x], names: ["x"]) { inputs in
      let factor = Tensor([[1, 1, 1], [1, 1.0001, 1]], dataType: .float64)
      return inputs[0].detached().sin().recorded(
        as: "sin", GradientPath(to: inputs[0]) { $0 * inputs[0].cos() * factor })
    }
    #expect(report.passed == false)
    #expect(report.failures.map(\.position) == [[1, 1]])
    #expect(report.worst?.input == "x")
    #expect(abs(report.worst!.reverse / report.worst!.numerical - 1.0001) < 1e-8)
    #expect("\(report)".contains("FAILED, 6 coordinates"))
  }

  @Test func aWrongSecondDerivativeIsFound() {
    // The first derivative is right, but loses its own dependence on x.
    func square(_ x: Tensor) -> Tensor {
      withoutRecording { x * x }.recorded(as: "square", GradientPath(to: x) { $0 * x.detached() * 2 })
    }
    let x = sample([3])
    #expect(checkGradients(at: [x]) { square($0[0]) }.passed)
    #expect(checkGradients(at: [x], order: 2) { square($0[0]) }.passed == false)
  }

  /// Every slope agrees: those of the value with the kernel's gradient, those of the recorded gradient with its own
  /// derivative.
  @Test func aRecordedFormThatDisagreesWithTheKernelIsFound() {
    func square(_ x: Tensor) -> Tensor {
      withoutRecording { x * x }.recorded(
        as: "square",
        GradientPath(to: x) { cotangent in
          let gradient = cotangent * x * 2
          return gradient.isRecorded ? gradient * Tensor([1, 1, 1.001], dataType: .float64) : gradient
        })
    }
    let x = sample([2, 3])
    #expect(checkGradients(at: [x]) { square($0[0]).exp() }.passed)
    let report = checkGradients(at: [x], names: ["x"], order: 2) { square($0[0]).exp() }
    #expect(report.passed == false)
    #expect(report.failures.isEmpty)
    #expect(report.changesByRecording.map(\.position) == [[0, 2], [1, 2]])
    let change = report.changesByRecording[0]
    #expect(change.input == "x")
    #expect(abs(change.recorded / change.unrecorded - 1.001) < 1e-12)
    #expect("\(report)".contains("changes: x[0, 2]: recorded \(change.recorded), not recorded"))
    let fast = checkGradients(at: [x], order: 2, directions: 1) { square($0[0]).exp() }
    #expect(fast.changesByRecording.count == 2)
  }

  @Test func infinitiesAndNaNsThatStayAreNoChange() {
    func square(_ x: Tensor, sign: Double) -> Tensor {
      withoutRecording { x * x }.recorded(
        as: "square",
        GradientPath(to: x) { cotangent in
          let gradient = cotangent * x * Tensor([Double.infinity, .nan, 2], dataType: .float64)
          return gradient.isRecorded ? gradient : gradient * sign
        })
    }
    let x = Tensor([1, 1, 2], dataType: .float64)
    #expect(checkGradients(at: [x], order: 2) { square($0[0], sign: 1) }.changesByRecording.isEmpty)
    let changes = checkGradients(at: [x], order: 2) { square($0[0], sign: -1) }.changesByRecording
    #expect(changes.map(\.position) == [[0], [2]])
  }

  @Test func kinksAreToldApart() {
    let x = Tensor([0, 1, -0.5], dataType: .float64)
    let report = checkGradients(at: [x]) { $0[0].absolute() }
    #expect(report.passed)
    #expect(report.kinks.map(\.position) == [[0]])
    let ties = checkGradients(at: [Tensor([2, 2, 1], dataType: .float64)]) { $0[0].max() }
    #expect(ties.passed)
    #expect(ties.kinks.map(\.position) == [[0], [1]])
  }

  /// Where a function has a kink, its gradient jumps.
  @Test func jumpsAreToldApart() {
    let x = Tensor([0, 1, -0.5], dataType: .float64)
    let first = checkGradients(at: [x]) { $0[0].sign() + $0[0].squared() }
    #expect(first.passed, "\(first)")
    #expect(first.kinks.map(\.position) == [[0]])
    let second = checkGradients(at: [x], order: 2) { ($0[0].absolute() + 1).squared() }
    #expect(second.passed, "\(second)")
    #expect(second.kinks.map(\.position) == [[0]])
    let y = Tensor([0, 3, 0.5], dataType: .float64)
    let ties = checkGradients(at: [x, y], order: 2) { Tensor.maximum($0[0], $0[1]).exp() }
    #expect(ties.passed, "\(ties)")
    #expect(ties.kinks.map(\.input) == ["input 0", "input 1"])
  }

  /// A jump beside the point excuses no gradient that is wrong.
  @Test func jumpsNearbyAreNoKinks() {
    let x = Tensor([1e-6], dataType: .float64)
    for factor in [1, 1.001] {
      let report = checkGradients(at: [x]) { inputs in
        inputs[0].sign() + (inputs[0] + 1).squared().onGradient { $0 * factor }
      }
      #expect(report.passed == (factor == 1), "\(report)")
      #expect(report.kinks.isEmpty)
    }
  }

  @Test func slopesThatChangeAtThePointAreExact() {
    let x = Tensor([0, 1, -1], dataType: .float64)
    let report = checkGradients(at: [x]) {
      $0[0] * $0[0].absolute() + $0[0].huberLoss(targets: .zeros(like: $0[0]), reduction: .none)
    }
    #expect(report.passed, "\(report)")
    #expect(report.kinks.isEmpty)
  }

  @Test func placesCloseToASingularityAreChecked() {
    let x = Tensor([1e-3, 1e-4, 1e-5, 1e-6], dataType: .float64)
    let functions: [(Tensor) -> Tensor] = [
      { $0.log() }, { $0.squareRoot() }, { $0.reciprocalSquareRoot() }, { (1 - $0).asin() },
      { ($0 * 1e4).sigmoid() },
    ]
    for function in functions {
      let report = checkGradients(at: [x]) { function($0[0]) }
      #expect(report.passed, "\(report)")
      #expect(report.kinks.isEmpty)
      let wrong = checkGradients(at: [x]) { inputs in
        function(inputs[0]).onGradient { $0 * Tensor([1, 1, 1.001, 1], dataType: .float64) }
      }
      #expect(wrong.failures.map(\.position) == [[2]], "\(wrong)")
    }
  }

  /// From afar there is nothing to see of these functions' slopes.
  @Test func whatIsNarrowerThanTheStepsIsSeen() {
    let x = Tensor([0, 1e-6, -3e-6, 2e-5], dataType: .float64)
    let functions: [(order: Int, function: (Tensor) -> Tensor)] = [
      (2, { ($0 * 1e5).sigmoid() }), (1, { (-($0 * 1e5).squared()).exp() }),
      (1, { $0 * (-($0 * 1e5).squared()).exp() + $0.sin() }), (2, { ($0 * 2e4).tanh() * 1e-3 + $0.cos() }),
      (1, { (-($0 * 1e5).squared()).exp() * 1e-3 + 5 * $0.exp() }),
    ]
    for (number, (order, function)) in functions.enumerated() {
      let report = checkGradients(at: [x], order: order) { function($0[0]) }
      #expect(report.passed, "\(number): \(report)")
      #expect(report.kinks.isEmpty, "\(number): \(report)")
      let wrong = checkGradients(at: [x], order: order) { inputs in
        function(inputs[0].onGradient { $0 * Tensor([1, 1.001, 1, 1.001], dataType: .float64) })
      }
      #expect(wrong.failures.map(\.position) == [[1], [3]], "\(number): \(wrong)")
    }
  }

  /// Steep on both sides of 0.
  private static func cubeRoot(_ x: Tensor) -> Tensor {
    withoutRecording { x.sign() * x.absolute().raised(to: 1.0 / 3) }
      .recorded(
        as: "cubeRoot", GradientPath(to: x, keepingOutput: { $0 / (3 * $1.squared()) }))
  }

  @Test func infiniteSlopesAreToldApart() {
    let edge = Tensor([0, 1, 4], dataType: .float64)
    let functions: [(function: (Tensor) -> Tensor, place: Int)] = [
      ({ $0.squareRoot() }, 0), ({ -$0.squareRoot() + $0.exp() }, 0), ({ $0.raised(to: 0.7) }, 0),
      (Self.cubeRoot, 0), ({ ($0 / 4).acos() }, 2),
    ]
    for (number, (function, place)) in functions.enumerated() {
      let report = checkGradients(at: [edge]) { function($0[0]) }
      #expect(report.passed, "\(number): \(report)")
      #expect(report.singularities.map(\.position) == [[place]], "\(number): \(report)")
      #expect(report.singularities.allSatisfy { $0.error == 0 && $0.reverse == $0.numerical })
      #expect("\(report)".contains("3 coordinates, 1 at a singularity"))
      #expect(report.worst?.position != [place])
      for wrong in [-1.0, 0] {
        let report = checkGradients(at: [edge]) { inputs in function(inputs[0]).onGradient { $0 * wrong } }
        #expect(report.failures.contains { $0.position == [place] }, "\(number): \(report)")
      }
    }
  }

  /// A slope that is only steep excuses no infinite gradient, nor does a kink.
  @Test func infiniteGradientsOfFiniteSlopesAreWrong() {
    let functions: [(Tensor) -> Tensor] = [
      { ($0 * 1e9).sigmoid() }, { $0.absolute() }, { $0.relu() }, { $0.squared() }, { $0.sign() },
      { ($0.relu() + 1e-20).squareRoot() }, { $0.squareRoot().squared() },
      { $0.absolute().squareRoot() }, { $0.absolute().squareRoot() + $0.relu().squareRoot() },
    ]
    for (number, function) in functions.enumerated() {
      for infinity in [Double.infinity, -.infinity] {
        let report = checkGradients(at: [Tensor([0.0], dataType: .float64)]) { inputs in
          function(inputs[0].detached()).recorded(
            as: "wrong", GradientPath(to: inputs[0]) { $0 * infinity })
        }
        #expect(report.passed == false, "\(number): \(report)")
      }
    }
  }

  @Test func aGradientOutsideBothSlopesOfAKinkIsWrong() {
    let report = checkGradients(at: [Tensor([0.0], dataType: .float64)]) { inputs in
      inputs[0].detached().absolute().recorded(as: "absolute", GradientPath(to: inputs[0]) { $0 * 3 })
    }
    #expect(report.passed == false)
  }

  @Test func aKinkNearbyDoesNotSpoilTheSlope() {
    for distance in [1e-2, 1e-3, 1e-4, 5e-6] {
      let report = checkGradients(at: [Tensor([distance], dataType: .float64)]) { $0[0].relu().exp() }
      #expect(report.passed, "\(report)")
      #expect(report.kinks.isEmpty)
    }
  }

  @Test func nothingToCheckDoesNotPass() {
    #expect(checkGradients(at: [Tensor.zeros([0], dataType: .float64)]) { $0[0].sum() }.passed == false)
  }

  @Test func largeAndSmallNumbersAreChecked() {
    let x = Tensor([1e4, -3e3, 1e-6], dataType: .float64)
    #expect(checkGradients(at: [x]) { ($0[0] * 1e-3).sin() * 5 + $0[0] * $0[0] }.passed)
  }

  @Test func eachInputIsMovedByItself() {
    let inputs = [sample([2, 3]), sample([3], seed: 2)]
    let report = checkGradients(at: inputs, names: ["x", "y"]) { $0[0] * $0[1].exp() }
    #expect(report.passed)
    #expect(report.coordinates.map(\.input) == Array(repeating: "x", count: 6) + ["y", "y", "y"])
    #expect(report.coordinates[8].position == [2])
    #expect(report.coordinates[8].reverse != report.coordinates[7].reverse)
  }

  @Test func slopesAreExactAndKnowHowExact() {
    let report = checkGradients(at: [Tensor([0.5, 3, -2], dataType: .float64)]) { $0[0].exp() + $0[0].cos() }
    #expect(report.passed)
    for coordinate in report.coordinates {
      #expect(coordinate.error < 1e-9 * max(1, abs(coordinate.reverse)))
      #expect(coordinate.uncertainty < 1e-8 * max(1, abs(coordinate.reverse)))
    }
  }

  @Test func directionsCheckManyCoordinatesAtOnce() {
    let inputs = [sample([20, 30]), sample([30, 10], seed: 2)]
    let right = checkGradients(at: inputs, directions: 3) { $0[0].matrixProduct($0[1]).tanh() }
    #expect(right.passed)
    #expect(right.coordinates.map(\.input) == ["direction 0", "direction 1", "direction 2"])
    let wrong = checkGradients(at: inputs, directions: 3) { inputs in
      let product = inputs[0].matrixProduct(inputs[1])
      return product.detached().tanh().recorded(as: "tanh", GradientPath(to: product) { $0 * 1.001 })
    }
    #expect(wrong.passed == false)
    #expect(checkGradients(at: inputs, order: 2, directions: 2) { $0[0].matrixProduct($0[1]).sin() }.passed)
  }

  @Test func whereThereIsNothingToCheckNothingPasses() {
    for (inputs, directions) in [([], 2), ([Tensor.zeros([0, 3])], 2), ([], nil), ([.zeros([0, 3])], nil)] {
      for order in 1...2 {
        let report = checkGradients(at: inputs, order: order, directions: directions) {
          $0.reduce(Tensor(1.0, dataType: .float64)) { $0 + $1.squared().sum() }
        }
        #expect(report.passed == false && report.coordinates.isEmpty)
      }
    }
  }

  /// A gradient penalty and the loss after a step of descent: their slopes need inputs that are recorded.
  @Test(arguments: 1...2) func functionsThatTakeGradientsAreChecked(order: Int) {
    func penalty(_ inputs: [Tensor], scale: Double) -> Tensor {
      let slopes = gradients(
        of: inputs[0].matrixProduct(inputs[1]).tanh().sum(), withRespectTo: [inputs[0]], createGraph: true)[0]
      let excess = slopes.l2Norm(axes: [1]) - 1
      return excess.squared().detached().recorded(
        as: "penalty", GradientPath(to: excess) { $0 * excess * 2 * scale })
    }
    let inputs = [sample([4, 3]), sample([3, 2], seed: 2)]
    #expect(checkGradients(at: inputs, order: order) { penalty($0, scale: 1) }.passed)
    #expect(checkGradients(at: inputs, order: order, directions: 2) { penalty($0, scale: 1) }.passed)
    // A gradient of second order is compared with the slope of the first as it is.
    #expect(checkGradients(at: inputs, order: order) { penalty($0, scale: 1.001) }.passed == (order == 2))
    let report = checkGradients(at: [sample([3]), sample([3], seed: 3)], order: order) { inputs in
      func loss(_ weights: Tensor) -> Tensor { (weights * inputs[1]).sin().sum() }
      let slope = gradients(of: loss(inputs[0]), withRespectTo: [inputs[0]], createGraph: true)[0]
      return loss(inputs[0] - slope * 0.1)
    }
    #expect(report.passed && report.coordinates.count == 6)
  }

  @Test func randomnessIsFrozenAndLeftWhereItWas() {
    let stream = RandomStream(seed: 8)
    let report = checkGradients(at: [sample([4, 5])]) {
      $0[0].dropout(probability: 0.5, from: stream).squared()
    }
    #expect(report.passed)
    #expect(report.coordinates.contains { $0.reverse == 0 })
  }
}
