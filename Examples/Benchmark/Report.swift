import ExampleSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Times the cases whose names contain a filter, and prints one JSON line for each.
struct Report {
  let filter: String
  let seconds: Double

  /// Runs a case if it is wanted.
  ///
  /// - Parameters:
  ///   - name: What the line calls it.
  ///   - operations: Additions and multiplications of one run; nil leaves their rate out.
  ///   - bytes: Bytes read and written in one run; nil leaves their rate out.
  ///   - prepare: Makes what is timed; called only if the case is wanted.
  func time(_ name: String, operations: Double? = nil, bytes: Double? = nil, _ prepare: () -> () -> Void) {
    guard name.contains(filter) else { return }
    let run = prepare()
    run()
    run()
    let one = milliseconds(run)
    let count = max(5, min(2_000, Int(seconds * 1e3 / max(one, 1e-4))))
    let times = (0..<count).map { _ in milliseconds(run) }.sorted()
    let median = times[count / 2]
    var fields = [
      "\"case\": \"\(name)\"", "\"ms\": \(decimal(median, places: 5))",
      "\"ms_min\": \(decimal(times[0], places: 5))", "\"runs\": \(count)",
    ]
    if let operations { fields.append("\"gflops\": \(decimal(operations / median / 1e6, places: 2))") }
    if let bytes { fields.append("\"gbytes\": \(decimal(bytes / median / 1e6, places: 2))") }
    print(fields)
  }

  /// Prints the line of a case that was measured in another way.
  func state(_ name: String, _ value: () -> [String]) {
    guard name.contains(filter) else { return }
    print(["\"case\": \"\(name)\""] + value())
  }

  private func print(_ fields: [String]) {
    let line = (fields + ["\"peak_rss_mb\": \(peakMegabytes)"]).joined(separator: ", ")
    Swift.print("{\(line)}")
    fflush(nil)
  }

  private func milliseconds(_ run: () -> Void) -> Double {
    ContinuousClock().measure(run) / .milliseconds(1)
  }

  private var peakMegabytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss >> 10
    #elseif canImport(Musl)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss >> 10
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss >> 20
    #endif
  }
}
