import AdjointAutodiff
import AdjointLayers
import Foundation
import Synchronization
import Testing

private final class Bare: Module {
  let weights = Tensor.ones([2])
}

private final class Hidden: Module {
  struct Pair {
    let left = Dense(inputSize: 1, outputSize: 1)
  }
  let pair = Pair()
}

private final class Foreign: Module {
  final class Other {}
  let other = Other()
}

private final class Within: Module {
  class Base {
    let parameter = Parameter(.ones([2]))
  }
  final class Holder: Base {}
  struct Setting {
    let holder: Holder
  }
  let setting = Setting(holder: Holder())
}

private class Base: Module {
  private let weight = Parameter(.ones([2]))
}

private final class Derived: Base {
  private let weight = Parameter(.ones([3]))
}

private final class Late: Module {
  lazy var layer: any Layer = Dense(inputSize: 2, outputSize: 3)
  lazy var names = ["a"]
}

private final class Guarded: Module {
  let layer = Mutex(Dense(inputSize: 2, outputSize: 3))
}

private final class Mirrored: Module, CustomReflectable {
  let layer = Dense(inputSize: 2, outputSize: 3)
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

private final class Whole: Module {
  let part = Mirrored()
}

private final class Settings: Module {
  final class Link {
    var other: Link?
  }
  struct Ring {
    let link: Link
  }
  let folder = URL(fileURLWithPath: "/")
  let calendar = Calendar(identifier: .gregorian)
  let words = ["one": [1, 2], "two": []]
  let table = [Float](repeating: 1, count: 100_000)
  #if !canImport(Darwin)
    let shape = InlineArray<2, Int>(repeating: 3)
  #endif
  let ring: Ring
  let sizes: Set = [3, 4]
  let nothing: Double? = nil

  init() {
    let link = Link()
    link.other = link
    ring = Ring(link: link)
  }
}

#if !canImport(Darwin)
  private final class Rows: Module {
    let layers: InlineArray<2, Dense> = [
      Dense(inputSize: 1, outputSize: 2, usesBias: false), Dense(inputSize: 2, outputSize: 3),
    ]
  }
#endif

private struct Noise {
  let stream = RandomStream(seed: 2)
}

private final class Noisy: Module {
  let noise = Noise()
}

/// A model, and what is said of a property of it that cannot be followed.
private struct Refused: CustomTestStringConvertible {
  let testDescription: String
  let message: String
  let make: @Sendable () -> any Module
}

@Suite struct ReflectionTests {
  private static let refused = [
    Refused(testDescription: "Bare", message: "a property is a bare tensor; given weights in Bare") {
      Bare()
    },
    Refused(
      testDescription: "Hidden",
      message: "a property is within a value that cannot be followed; given pair.left in Hidden"
    ) { Hidden() },
    Refused(
      testDescription: "Foreign", message: "a property is a class that is no module; given other in Foreign"
    ) { Foreign() },
    Refused(
      testDescription: "Within",
      message:
        "a property is within a value that cannot be followed; given setting.holder.parameter in Within"
    ) { Within() },
    Refused(
      testDescription: "Noisy",
      message: "a property is within a value that cannot be followed; given noise.stream in Noisy"
    ) { Noisy() },
    Refused(
      testDescription: "Derived",
      message: "two properties have one path; given weight in Derived; expected a path of its own"
    ) { Derived() },
    Refused(
      testDescription: "Late", message: "a property is lazy and has not been used; given layer in Late"
    ) { Late() },
    Refused(
      testDescription: "Guarded", message: "a property cannot be looked at; given layer in Guarded"
    ) { Guarded() },
    Refused(
      testDescription: "Mirrored", message: "a module shows a mirror of its own; given Mirrored at part"
    ) { Whole() },
  ]

  @Test(arguments: refused.indices) func whatCannotBeFollowedTraps(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index] in
      _ = Self.refused[index].make().parameters
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("module: \(Self.refused[index].message)"))
  }

  @Test func settingsAreNoParts() {
    #expect(Settings().namedModules.map(\.path) == [""])
  }

  @Test func lazyPartsAreFoundOnceTheyAreUsed() {
    let model = Late()
    _ = model.layer
    #expect(model.namedParameters.map(\.path) == ["layer.weight", "layer.bias"])
  }

  #if !canImport(Darwin)
    @Test func inlineArraysAreFollowed() {
      #expect(Rows().namedParameters.map(\.path) == ["layers.0.weight", "layers.1.weight", "layers.1.bias"])
    }
  #endif
}
