import AdjointAutodiff

/// A type whose values hold nothing of a module's, however many they are, and need not be looked through.
protocol PlainSetting {}

extension Bool: PlainSetting {}
extension Int: PlainSetting {}
extension Int8: PlainSetting {}
extension Int16: PlainSetting {}
extension Int32: PlainSetting {}
extension Int64: PlainSetting {}
extension UInt: PlainSetting {}
extension UInt8: PlainSetting {}
extension UInt16: PlainSetting {}
extension UInt32: PlainSetting {}
extension UInt64: PlainSetting {}
extension Float: PlainSetting {}
extension Double: PlainSetting {}
extension Character: PlainSetting {}
extension String: PlainSetting {}
extension Substring: PlainSetting {}
extension Optional: PlainSetting where Wrapped: PlainSetting {}
extension Array: PlainSetting where Element: PlainSetting {}
extension ArraySlice: PlainSetting where Element: PlainSetting {}
extension ContiguousArray: PlainSetting where Element: PlainSetting {}
extension Set: PlainSetting where Element: PlainSetting {}
extension Dictionary: PlainSetting where Key: PlainSetting, Value: PlainSetting {}

extension ConvolutionMethod: PlainSetting {}
extension DataType: PlainSetting {}
extension Extents: PlainSetting {}
extension Initializer: PlainSetting {}
extension Mode: PlainSetting {}
extension OutputActivation: PlainSetting {}
extension Padding: PlainSetting {}
extension Shape: PlainSetting {}

/// A list that shows no elements to those who look through it by reflection.
protocol OpaqueList {
  var elements: [Any] { get }
}

#if compiler(>=6.2)
  @available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *)
  extension InlineArray: OpaqueList {
    var elements: [Any] { indices.map { self[$0] } }
  }
#endif
