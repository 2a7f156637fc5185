import AdjointOptimizers
import Testing

@Suite struct ScheduleTests {
  struct Case: Sendable {
    let schedule: any LearningRateSchedule
    let rates: [Double]
  }

  static let cases = [
    Case(schedule: StepSchedule(from: 8, every: 2, factor: 0.5), rates: [8, 8, 4, 4, 2, 2, 1]),
    Case(
      schedule: MultiStepSchedule(from: 8, milestones: [3, 1, 3], factor: 0.5), rates: [8, 4, 4, 1, 1]),
    Case(schedule: ExponentialSchedule(from: 8, factor: 0.5), rates: [8, 4, 2, 1]),
    Case(schedule: PolynomialSchedule(from: 16, steps: 4, power: 2), rates: [16, 9, 4, 1, 0, 0]),
    Case(schedule: PolynomialSchedule(from: 4, steps: 4), rates: [4, 3, 2, 1, 0, 0]),
    Case(schedule: ConstantSchedule(3), rates: [3, 3]),
    Case(schedule: ConstantSchedule(3, factor: 0.5, steps: 2), rates: [1.5, 1.5, 3, 3]),
    Case(
      schedule: LinearSchedule(4, startFactor: 0.25, endFactor: 1.25, steps: 4), rates: [1, 2, 3, 4, 5, 5]),
    Case(schedule: CosineSchedule(from: 5, to: 1, steps: 3), rates: [5, 4, 2, 1, 2, 4, 5, 4]),
    Case(
      schedule: CosineRestartSchedule(from: 5, to: 1, firstPeriod: 3), rates: [5, 4, 2, 5, 4, 2, 5]),
    Case(
      schedule: CosineRestartSchedule(from: 5, to: 1, firstPeriod: 1, periodMultiplier: 3),
      rates: [5, 5, 4, 2, 5]),
    // The second period would be longer than can be counted.
    Case(
      schedule: CosineRestartSchedule(from: 5, to: 1, firstPeriod: 2, periodMultiplier: .max),
      rates: [5, 3, 5, 5]),
    Case(
      schedule: OneCycleSchedule(maximum: 8, steps: 7, warmUpPart: 4.0 / 7, divisor: 4, finalDivisor: 2),
      rates: [2, 3.5, 6.5, 8, 6.25, 2.75, 1, 1]),
    Case(
      schedule: OneCycleSchedule(
        maximum: 8, steps: 5, warmUpPart: 0.6, annealing: .linear, divisor: 4, finalDivisor: 2),
      rates: [2, 5, 8, 4.5, 1, 1]),
    Case(
      schedule: OneCycleSchedule(maximum: 8, steps: 3, warmUpPart: 1, annealing: .linear, divisor: 4),
      rates: [2, 5, 8, 8]),
    Case(
      schedule: ExponentialSchedule(from: 8, factor: 0.5).warmingUp(steps: 4), rates: [0, 2, 4, 6, 8, 4, 2]),
    Case(schedule: ConstantSchedule(8).warmingUp(steps: 2, startFactor: 0.5), rates: [4, 6, 8, 8]),
  ]

  /// Rounding must not take the last rate below 0, which no optimizer takes.
  @Test func declinesEndAtZero() {
    for (startFactor, steps) in [(0.1, 3), (0.9, 13), (0.7, 187)] {
      let schedule = LinearSchedule(1, startFactor: startFactor, endFactor: 0, steps: steps)
      #expect([steps, steps + 1].map(schedule.learningRate) == [0, 0])
    }
    for steps in 1...500 { #expect(CosineSchedule(from: 0.1, steps: steps).learningRate(at: steps) == 0) }
    let long = CosineSchedule(from: 0.1, steps: 1_000_000_000)
    for step in 0..<500 { #expect(long.learningRate(at: 1_000_000_000 - step * step) >= 0) }
  }

  @Test(arguments: cases.indices) func ratesAreThoseOfTheFormula(_ index: Int) {
    let (schedule, rates) = (Self.cases[index].schedule, Self.cases[index].rates)
    for (step, rate) in rates.enumerated() {
      #expect(abs(schedule.learningRate(at: step) - rate) < 1e-13, "step \(step) of \(schedule)")
    }
  }
}
