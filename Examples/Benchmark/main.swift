import Adjoint
import ExampleSupport

// Times operators, layers and whole networks, one JSON line a case.
//
//   swift run -c release Benchmark [--filter SUBSTRING] [--seconds S]

let start = ContinuousClock.now
let options = Options(["filter": "", "seconds": "1.0"])
guard let seconds = Double(options["seconds"]), seconds > 0 else { fail("--seconds is not a number above 0") }
let report = Report(filter: options["filter"], seconds: seconds)

report.firstStep(since: start)
report.limits()
report.matrixProducts()
report.convolutions()
report.layers()
report.bookkeeping()
report.models()
