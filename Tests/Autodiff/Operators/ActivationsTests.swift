import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ActivationsTests {
  typealias Function = @Sendable (Tensor) -> Tensor

  struct Activation: Sendable, CustomTestStringConvertible {
    let name: String
    /// The function and its derivative for large numbers of each sign.
    let left, right: (value: Double, slope: Double)
    let function: Function

    init(
      _ name: String, left: (Double, Double), right: (Double, Double), _ function: @escaping Function
    ) {
      (self.name, self.left, self.right, self.function) = (name, left, right, function)
    }

    var testDescription: String { name }
  }

  static let all: [Activation] = [
    Activation("relu", left: (0, 0), right: (1e4, 1)) { $0.relu() },
    Activation("relu6", left: (0, 0), right: (6, 0)) { $0.relu6() },
    Activation("leakyRelu", left: (-2e3, 0.2), right: (1e4, 1)) { $0.leakyRelu(negativeSlope: 0.2) },
    Activation("prelu", left: (-3e3, 0.3), right: (1e4, 1)) {
      $0.prelu(slopes: .filled(with: 0.3, shape: [1], dataType: $0.dataType))
    },
    Activation("hardTanh", left: (-1, 0), right: (1, 0)) { $0.hardTanh() },
    Activation("hardSigmoid", left: (0, 0), right: (1, 0)) { $0.hardSigmoid() },
    Activation("hardSwish", left: (0, 0), right: (1e4, 1)) { $0.hardSwish() },
    Activation("sigmoid", left: (0, 0), right: (1, 0)) { $0.sigmoid() },
    Activation("logSigmoid", left: (-1e4, 1), right: (0, 0)) { $0.logSigmoid() },
    Activation("softplus", left: (0, 0), right: (1e4, 1)) { $0.softplus() },
    Activation("tanh", left: (-1, 0), right: (1, 0)) { $0.tanh() },
    Activation("softsign", left: (-0.999_900_01, 9.998e-9), right: (0.999_900_01, 9.998e-9)) {
      $0.softsign()
    },
    Activation("elu", left: (-1.3, 0), right: (1e4, 1)) { $0.elu(alpha: 1.3) },
    Activation("selu", left: (-1.758_099_3, 0), right: (10_507.009_87, 1.050_700_987)) { $0.selu() },
    Activation("gelu", left: (0, 0), right: (1e4, 1)) { $0.gelu() },
    Activation("gelu, approximate", left: (0, 0), right: (1e4, 1)) { $0.gelu(isApproximate: true) },
    Activation("silu", left: (0, 0), right: (1e4, 1)) { $0.silu() },
    Activation("mish", left: (0, 0), right: (1e4, 1)) { $0.mish() },
  ]

  @Test(arguments: all) func activationsHaveBothDerivatives(_ activation: Activation) {
    OperatorCase(activation.name, sample([3, 7], in: -7..<7, seed: 4), activation.function).check()
    OperatorCase(activation.name, sample([1], in: 0.5..<1), activation.function).check()
    OperatorCase(activation.name, sample([1]), activation.function).at([0, 3]).check()
  }

  @Test(arguments: all) func largeNumbersKeepValuesAndGradients(_ activation: Activation) {
    for type in [DataType.float32, .float64] {
      let x = Tensor([-1e4, 1e4], dataType: type).withGradient()
      let value = activation.function(x)
      let (left, right) = (activation.left, activation.right)
      #expect(value.isClose(to: Tensor([left.value, right.value], dataType: type)), "\(value)")
      let first = gradients(of: value.sum(), withRespectTo: [x], createGraph: true)[0]
      let slopes = Tensor([left.slope, right.slope], dataType: type)
      #expect(first.isClose(to: slopes), "recorded: \(first)")
      value.sum().backward(retainGraph: true)
      #expect(x.gradient!.isClose(to: slopes), "\(x.gradient!)")
      guard first.isRecorded else { continue }
      let second = gradients(of: first.sum(), withRespectTo: [x], unconnected: .zeros)[0]
      #expect(second.isClose(to: .zeros(like: x), absoluteTolerance: 1e-10), "second: \(second)")
    }
  }

  @Test(arguments: all) func farOutRecordedGradientsAreThoseOfKernels(_ activation: Activation) {
    for type in [DataType.float32, .float64] {
      let largest = type == .float32 ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
      let x = Tensor([-.infinity, -largest, -100, 100, largest, .infinity], dataType: type).withGradient()
      let value = activation.function(x)
      #expect(value.isNaN().scalars(as: Bool.self).allSatisfy { !$0 }, "\(value)")
      let (plain, recorded) = (
        gradients(of: value.sum(), withRespectTo: [x], retainGraph: true)[0],
        gradients(of: value.sum(), withRespectTo: [x], createGraph: true)[0]
      )
      #expect(plain.isFinite().scalars(as: Bool.self).allSatisfy { $0 }, "\(plain)")
      #expect(recorded.isClose(to: plain, absoluteTolerance: 1e-30), "\(recorded), and by kernels \(plain)")
    }
  }

  @Test func slopesOfGELUKeepTheirDigitsBelowZero() {
    for (type, tolerance) in [(DataType.float32, 1e-3), (.float64, 1e-9)] {
      let x = Tensor([-1.5, -3, -6, -9, -12], dataType: type).withGradient()
      let (plain, recorded) = (
        gradients(of: x.gelu().sum(), withRespectTo: [x])[0],
        gradients(of: x.gelu().sum(), withRespectTo: [x], createGraph: true)[0]
      )
      #expect(abs(plain.scalars(as: Double.self)[2] / -3.546_870_945_390_2e-8 - 1) < tolerance)
      #expect(recorded.isClose(to: plain, relativeTolerance: 1e-6, absoluteTolerance: 0))
    }
  }

  @Test func slopesOfGELUHaveBothDerivatives() {
    for order in 1...2 {
      let report = checkGradients(at: [sample([3, 5], in: -2..<2)], order: order) { x in
        gradients(of: x[0].gelu().sum(), withRespectTo: x, createGraph: true)[0]
      }
      #expect(report.passed, "\(report)")
    }
    let far = Tensor([-Double.infinity, 1e200, .infinity], dataType: .float64).withGradient()
    let slope = gradients(of: far.gelu().sum(), withRespectTo: [far], createGraph: true)[0]
    #expect(gradients(of: slope.sum(), withRespectTo: [far])[0].scalars(as: Double.self) == [0, 0, 0])
  }

  @Test(arguments: all) func nothingGivesNothingAndNaNStays(_ activation: Activation) {
    let nothing = Tensor.zeros([0, 3]).withGradient()
    activation.function(nothing).sum().backward()
    #expect(nothing.gradient!.shape == [0, 3])
    #expect(activation.function(Tensor([Double.nan])).isNaN().scalars(as: Bool.self) == [true])
  }

  /// Where each has a kink, and the gradient there.
  static let kinks: [(name: String, at: [Double], slopes: [Double], function: Function)] = [
    ("relu", [0], [0], { $0.relu() }), ("relu6", [0, 6], [0, 0], { $0.relu6() }),
    ("leakyRelu", [0], [0.25], { $0.leakyRelu(negativeSlope: 0.25) }),
    ("prelu", [0], [0.25], { $0.prelu(slopes: Tensor([0.25])) }),
    ("hardTanh", [-2, 3], [0, 0], { $0.hardTanh(bounds: -2...3) }),
    ("hardSigmoid", [-3, 3], [0, 0], { $0.hardSigmoid() }),
    ("hardSwish", [-3, 3], [0, 1], { $0.hardSwish() }), ("elu", [0], [1.5], { $0.elu(alpha: 1.5) }),
    ("selu", [0], [1.758_099_3], { $0.selu() }), ("softsign", [0], [1], { $0.softsign() }),
  ]

  @Test(arguments: kinks.indices) func kinksFollowTheirConventions(_ index: Int) {
    let (name, places, slopes, function) = Self.kinks[index]
    let x = Tensor(places).withGradient()
    let recorded = gradients(of: function(x).sum(), withRespectTo: [x], createGraph: true)[0]
    function(x).sum().backward()
    #expect(x.gradient!.isClose(to: Tensor(slopes)), "\(name): \(x.gradient!)")
    #expect(recorded.isClose(to: Tensor(slopes)), "\(name), recorded: \(recorded)")
  }

  @Test func eachChannelHasItsSlope() {
    OperatorCase("prelu", sample([2, 3, 2, 4]), sample([4], seed: 2)) { $0.prelu(slopes: $1) }.check()
    let x = Tensor([[-1.0, 2, -3], [4, -5, -6]])
    #expect(
      x.prelu(slopes: Tensor([0.5, 0.25, 2])).scalars(as: Double.self) == [-0.5, 2, -6, 4, -1.25, -12])
  }

  @Test func aSlopeOfChannelsThatIsInfiniteDoesNotLeak() {
    let x = Tensor([-1.0, 2]).withGradient()
    let masked = x.prelu(slopes: Tensor([Double.infinity])).replacing(
      with: Tensor.zeros([2]), where: Tensor([true, false]))
    for isRecorded in [true, false] {
      let slopes = gradients(of: masked.sum(), withRespectTo: [x], createGraph: isRecorded)[0]
      #expect(slopes.scalars(as: Double.self) == [0, 1])
    }
  }
}
