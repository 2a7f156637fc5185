import AdjointAutodiff

/// Something that a module holds, directly or further down.
struct Member {
  let path: String
  let content: Content

  enum Content {
    case parameter(Parameter)
    case state(StateTensor)
    case stream(RandomStream)
    case module(any Module)
  }

  var object: AnyObject {
    switch content {
    case .parameter(let parameter): parameter
    case .state(let state): state
    case .stream(let stream): stream
    case .module(let module): module
    }
  }
}

extension Module {
  /// Everything held by this module and those within, in the order of declaration; what is shared, once, under
  /// its first path.
  var members: [Member] {
    var search = MemberSearch(from: self)
    return search.members()
  }
}

/// Looks through stored properties, those of superclasses first.
private struct MemberSearch {
  private let root: any Module
  private var seen: Set<ObjectIdentifier>
  private var paths: Set<String> = []
  /// The objects within settings, which may hold each other.
  private var visited: Set<ObjectIdentifier> = []
  private var found: [Member] = []

  init(from root: any Module) {
    self.root = root
    seen = [ObjectIdentifier(root)]
  }

  mutating func members() -> [Member] {
    search(root, path: "")
    return found
  }

  private mutating func search(_ module: any Module, path: String) {
    require(
      !(module is any CustomReflectable), "module", "a module shows a mirror of its own",
      given: "\(type(of: module))\(path.isEmpty ? "" : " at \(path)")",
      expected: "a module that is not CustomReflectable, since its parts are found by reflection")
    for child in Self.storedProperties(Mirror(reflecting: module)) {
      let (name, isLazy) = Self.property(child.label)
      let propertyPath = joined(path, name)
      if isLazy { checkIsUsed(lazy: child.value, path: propertyPath) }
      search(value: child.value, path: propertyPath)
    }
  }

  /// Traps where a lazy property, which may be a module, has not been made.
  private func checkIsUsed(lazy value: Any, path: String) {
    if value is any PlainSetting || !Mirror(reflecting: value).children.isEmpty { return }
    fail(
      path, "is lazy and has not been used", "make it a let, or use it before the module is looked through")
  }

  private mutating func search(value: Any, path: String) {
    if value is any PlainSetting { return }
    // To be asked whether it is a Parameter, an array would first be copied into one of Objective-C's.
    guard type(of: value) is AnyClass else { return search(container: value, path: path) }
    switch value {
    case let parameter as Parameter: add(Member(path: path, content: .parameter(parameter)))
    case let state as StateTensor: add(Member(path: path, content: .state(state)))
    case let stream as RandomStream: add(Member(path: path, content: .stream(stream)))
    case let module as any Module:
      if add(Member(path: path, content: .module(module))) { search(module, path: path) }
    default: search(container: value, path: path)
    }
  }

  private mutating func search(container: Any, path: String) {
    if let list = container as? any OpaqueList { return search(elements: list.elements, path: path) }
    let mirror = Mirror(reflecting: container)
    switch mirror.displayStyle {
    case .optional:
      for child in mirror.children { search(value: child.value, path: path) }
    case .collection:
      search(elements: mirror.children.map(\.value), path: path)
    case .dictionary:
      for (key, value) in Self.sortedEntries(mirror) { search(value: value, path: joined(path, key)) }
    default:
      checkIsSetting(container, path: path)
    }
  }

  private mutating func search(elements: [Any], path: String) {
    for (index, element) in elements.enumerated() {
      search(value: element, path: joined(path, "\(index)"))
    }
  }

  /// Traps where a value that is no container of modules has to do with training all the same.
  private mutating func checkIsSetting(_ value: Any, path: String) {
    if Mirror(reflecting: value).displayStyle == .class {
      fail(path, "is a class that is no module", "conform \(type(of: value)) to Module")
    }
    // All that a mirror shows of a value that cannot be copied.
    if value is Void {
      fail(
        path, "cannot be looked at", "what is ~Copyable, such as a Mutex, may be held by a closure")
    }
    checkHoldsNothing(value, path: path)
  }

  /// Traps where a value is or holds what should be trained or saved; classes within are those of settings such as URLs.
  private mutating func checkHoldsNothing(_ value: Any, path: String) {
    if value is Tensor {
      fail(path, "is a bare tensor", "wrap it in Parameter to train it, or in StateTensor to save it")
    }
    if value is any PlainSetting { return }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .class, !visited.insert(ObjectIdentifier(value as AnyObject)).inserted {
      return
    }
    let elements = (value as? any OpaqueList)?.elements.map { (label: String?.none, value: $0) }
    for child in elements ?? Self.storedProperties(mirror) {
      let childPath = joined(path, child.label.map { String($0.drop { $0 == "." }) } ?? "_")
      if child.value is Parameter || child.value is StateTensor || child.value is RandomStream
        || child.value is any Module
      {
        fail(
          childPath, "is within a value that cannot be followed",
          "make \(type(of: value)) a class and a Module")
      }
      checkHoldsNothing(child.value, path: childPath)
    }
  }

  private func fail(_ path: String, _ problem: String, _ hint: String) -> Never {
    Failure(
      "module", "a property \(problem)", given: "\(path) in \(type(of: root))",
      expected:
        "parameters, states, streams, modules, arrays, dictionaries and optionals of them, or settings",
      hint: hint
    ).trap()
  }

  @discardableResult
  private mutating func add(_ member: Member) -> Bool {
    guard seen.insert(ObjectIdentifier(member.object)).inserted else { return false }
    // By its path a member is saved, and gets its random numbers.
    require(
      paths.insert(member.path).inserted, "module", "two properties have one path",
      given: "\(member.path) in \(type(of: root))", expected: "a path of its own for each",
      hint: "a property may be named as a superclass's private one, or two keys be described alike")
    found.append(member)
    return true
  }

  private func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// Those of superclasses come first.
  private static func storedProperties(_ mirror: Mirror) -> [Mirror.Child] {
    (mirror.superclassMirror.map(storedProperties) ?? []) + mirror.children
  }

  /// A lazy property is stored under a longer name than it was declared with.
  private static func property(_ label: String?) -> (name: String, isLazy: Bool) {
    let lazyPrefix = "$__lazy_storage_$_"
    guard let label, label.hasPrefix(lazyPrefix) else { return (label ?? "_", false) }
    return (String(label.dropFirst(lazyPrefix.count)), true)
  }

  private static func sortedEntries(_ mirror: Mirror) -> [(String, Any)] {
    mirror.children.map { child in
      let entry = Array(Mirror(reflecting: child.value).children)
      return ("\(entry[0].value)", entry[1].value)
    }.sorted { $0.0 < $1.0 }
  }
}
