import AdjointAutodiff
import AdjointOptimizers
import TestSupport
import Testing

/// What becomes of gradients between a pass back and a step.
@Suite struct GradientTests {
  /// The second loss goes through parameters of both optimizers.
  @Test func droppedGradientsTakeNoPartInTheNextStep() {
    let (first, second) = (Parameter(sample([3])), Parameter(sample([3], seed: 2)))
    let before = [first, second].map { $0.value.scalars(as: Double.self) }
    let (one, other) = (SGD([first], learningRate: 0.25), SGD([second], learningRate: 0.5))
    (first.value * second.value).sum().backward()
    one.step()
    other.dropGradients()
    #expect(second.gradient == nil)
    #expect(other.stepCount == 0)
    second.value.sum().backward()
    other.step()
    #expect(first.value.scalars() == zip(before[0], before[1]).map { $0 - 0.25 * $1 })
    #expect(second.value.scalars() == before[1].map { $0 - 0.5 })
  }

  /// Gradients of norms 5 and 12 have the common norm 13.
  @Test(arguments: [DataType.float64, .float32]) func longGradientsAreClippedToTheLimit(dataType: DataType) {
    let parameters = [[2], [2, 3], [5]].map { Parameter(.ones(Shape($0), dataType: dataType)) }
    parameters[0].gradient = Tensor([3, -4], dataType: dataType)
    parameters[1].gradient = Tensor([[0, 8, 0], [-8, 0, 4]], dataType: dataType)
    let expected = parameters.prefix(2).map { $0.gradient! * (6.5 / 13.000_001) }
    #expect(parameters.clipGradients(toNorm: 6.5) == 13)
    for (parameter, gradient) in zip(parameters, expected) {
      #expect(parameter.gradient!.isClose(to: gradient, relativeTolerance: 1e-7, absoluteTolerance: 0))
      #expect(parameter.gradient!.dataType == dataType)
    }
    #expect(parameters[2].gradient == nil)
    #expect(abs(parameters.clipGradients(toNorm: 0) - 6.5) < 1e-6)
    #expect(parameters.clipGradients(toNorm: 1) == 0)
  }

  @Test func aParameterGivenTwiceIsClippedOnce() {
    let parameter = Parameter(Tensor([1.0, 1], dataType: .float64))
    parameter.gradient = Tensor([3, 4], dataType: .float64)
    #expect([parameter, parameter].clipGradients(toNorm: 1) == 5)
    #expect(parameter.gradient!.isClose(to: Tensor([0.6, 0.8], dataType: .float64), relativeTolerance: 1e-6))
  }

  @Test(arguments: [13.1, .infinity]) func shortGradientsStay(limit: Double) {
    let parameters = [Parameter(.ones([2])), Parameter(.ones([]))]
    parameters[0].gradient = Tensor([3.0, 4])
    parameters[1].gradient = Tensor(12.0)
    #expect(parameters.clipGradients(toNorm: limit) == 13)
    #expect(parameters[0].gradient!.scalars() == [3.0, 4])
    #expect(parameters[1].gradient!.scalar() == 12.0)
  }

  /// A norm is finite where its square is not.
  @Test func extremeGradientsAreMeasured() {
    let parameters = [Parameter(.ones([2])), Parameter(.ones([3], dataType: .float64))]
    parameters[0].gradient = Tensor([3e25, 4e25])
    #expect(abs(parameters.clipGradients(toNorm: 1) / 5e25 - 1) < 1e-6)
    #expect(parameters[0].gradient!.isClose(to: Tensor([0.6, 0.8])))
    parameters[0].gradient = nil
    parameters[1].gradient = Tensor([3e200, 0, -4e200], dataType: .float64)
    #expect(abs(parameters.clipGradients(toNorm: 1) / 5e200 - 1) < 1e-12)
  }

  @Test(arguments: [Float.infinity, .nan]) func gradientsWithoutANormStay(number: Float) {
    let parameters = [Parameter(.ones([2])), Parameter(.ones([1]))]
    parameters[0].gradient = Tensor([3.0, 4])
    parameters[1].gradient = Tensor([number])
    #expect(!parameters.clipGradients(toNorm: 1).isFinite)
    #expect(parameters[0].gradient!.scalars() == [3.0, 4])
  }

  @Test func noGradientsHaveNoLength() {
    #expect([Parameter(.ones([2]))].clipGradients(toNorm: 1) == 0)
    #expect([Parameter]().clipGradients(toNorm: 1) == 0)
  }
}
