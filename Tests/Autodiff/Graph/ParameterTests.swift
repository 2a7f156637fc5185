import AdjointAutodiff
import TestSupport
import Testing

@Suite struct ParameterTests {
  /// As an average of another network's parameters follows them.
  @Test(arguments: [true, false]) func updatesAreNotRecorded(isTrainable: Bool) {
    let source = Parameter(sample([3, 2]))
    let average = Parameter(sample([3, 2], seed: 2))
    let before = average.value.detached()
    average.isTrainable = isTrainable
    average.update { $0 = $0 * 0.9 + source.value * 0.1 }
    #expect(average.value.isRecorded == isTrainable)
    #expect(average.value.isClose(to: before * 0.9 + source.value * 0.1))
    average.update { $0 = source.value }
    #expect(average.value.scalars(as: Double.self) == source.value.scalars())
    (average.value * source.value).sum().backward()
    #expect(source.gradient?.scalars(as: Double.self) == average.value.scalars())
    #expect(average.gradient?.scalars(as: Double.self) == (isTrainable ? source.value.scalars() : nil))
  }

  @Test func whatIsReadBeforeAnUpdateStays() {
    let parameter = Parameter(sample([3, 2]))
    let before = parameter.value
    let numbers = before.scalars(as: Double.self)
    parameter.update { $0 += 1 }
    #expect(before.scalars(as: Double.self) == numbers)
    #expect(parameter.value.scalars(as: Double.self) == numbers.map { $0 + 1 })
  }
}
