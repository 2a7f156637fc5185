@_exported import AdjointAutodiff
@_exported import AdjointData
@_exported import AdjointFormats
@_exported import AdjointLayers
@_exported import AdjointModels
@_exported import AdjointOptimizers
@_exported import AdjointReports
@_exported import AdjointTraining
