// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Adjoint",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Adjoint", targets: ["Adjoint"])
  ],
  targets: [
    .target(
      name: "CAdjointKernels",
      path: "Sources/CKernels",
      exclude: ["simd", "math", "families", "matmul", "convolution"]
    ),
    .target(name: "AdjointKernels", dependencies: ["CAdjointKernels"], path: "Sources/Kernels"),
    .target(name: "AdjointAutodiff", dependencies: ["AdjointKernels"], path: "Sources/Autodiff"),
    .target(name: "AdjointLayers", dependencies: ["AdjointAutodiff"], path: "Sources/Layers"),
    .target(
      name: "AdjointOptimizers", dependencies: ["AdjointLayers", "AdjointKernels"], path: "Sources/Optimizers"
    ),
    .target(name: "AdjointData", dependencies: ["AdjointAutodiff", "AdjointKernels"], path: "Sources/Data"),
    .target(
      name: "AdjointReports", dependencies: ["AdjointAutodiff", "AdjointData"], path: "Sources/Reports"),
    .target(
      name: "AdjointFormats", dependencies: ["AdjointAutodiff", "AdjointData"], path: "Sources/Formats"),
    .target(name: "AdjointModels", dependencies: ["AdjointLayers"], path: "Sources/Models"),
    .target(
      name: "AdjointTraining",
      dependencies: ["AdjointAutodiff", "AdjointData", "AdjointFormats", "AdjointLayers"],
      path: "Sources/Training"),
    .target(
      name: "Adjoint",
      dependencies: [
        "AdjointAutodiff", "AdjointLayers", "AdjointOptimizers", "AdjointData", "AdjointFormats",
        "AdjointModels", "AdjointTraining", "AdjointReports",
      ],
      path: "Sources/Adjoint"
    ),
    .target(name: "ExampleSupport", path: "Examples/Support"),
    .executableTarget(
      name: "CrossesAndNoughts", dependencies: ["Adjoint", "ExampleSupport"],
      path: "Examples/CrossesAndNoughts"),
    .executableTarget(
      name: "Benchmark", dependencies: ["Adjoint", "AdjointKernels", "ExampleSupport"],
      path: "Examples/Benchmark"),
    .executableTarget(name: "MNIST", dependencies: ["Adjoint", "ExampleSupport"], path: "Examples/MNIST"),
    .testTarget(name: "KernelsTests", dependencies: ["AdjointKernels"], path: "Tests/Kernels"),
    .target(
      name: "TestSupport", dependencies: ["AdjointAutodiff", "AdjointData"], path: "Tests/TestSupport"),
    .testTarget(
      name: "AutodiffTests", dependencies: ["AdjointAutodiff", "TestSupport"], path: "Tests/Autodiff"),
    .testTarget(
      name: "LayersTests", dependencies: ["AdjointLayers", "AdjointModels", "TestSupport"],
      path: "Tests/Layers"),
    .testTarget(name: "ModelsTests", dependencies: ["AdjointModels"], path: "Tests/Models"),
    .testTarget(name: "TrainingTests", dependencies: ["Adjoint", "TestSupport"], path: "Tests/Training"),
    .testTarget(name: "DataTests", dependencies: ["AdjointData", "TestSupport"], path: "Tests/Data"),
    .testTarget(
      name: "FormatsTests", dependencies: ["AdjointFormats", "TestSupport"], path: "Tests/Formats"),
    .testTarget(
      name: "OptimizersTests", dependencies: ["AdjointOptimizers", "TestSupport"], path: "Tests/Optimizers"),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["AdjointAutodiff", "AdjointLayers", "AdjointOptimizers", "AdjointFormats"],
      path: "Tests/ConformanceTests", exclude: ["Cases"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["AdjointReports", "AdjointData", "AdjointLayers"],
      path: "Tests/Reports"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
