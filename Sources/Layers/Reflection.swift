import AdjointAutodiff

/// Something that a module holds, directly or further down.
struct Member {
  let path: String
  let content: Content

  enum Content {
    case parameter(Parameter)
    case state(StateTensor)
    case module(any Module)
  }

  var object: AnyObject {
    switch content {
    case .parameter(let parameter): parameter
    case .state(let state): state
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
    var mirrors = [Mirror(reflecting: module)]
    while let parent = mirrors[0].superclassMirror { mirrors.insert(parent, at: 0) }
    for child in mirrors.flatMap(\.children) {
      search(value: child.value, path: joined(path, Self.propertyName(child.label)))
    }
  }

  private mutating func search(value: Any, path: String) {
    switch value {
    case let parameter as Parameter: add(Member(path: path, content: .parameter(parameter)))
    case let state as StateTensor: add(Member(path: path, content: .state(state)))
    case let module as any Module:
      if add(Member(path: path, content: .module(module))) { search(module, path: path) }
    default: search(container: value, path: path)
    }
  }

  private mutating func search(container: Any, path: String) {
    let mirror = Mirror(reflecting: container)
    switch mirror.displayStyle {
    case .optional:
      for child in mirror.children { search(value: child.value, path: path) }
    case .collection:
      for (index, child) in mirror.children.enumerated() {
        search(value: child.value, path: joined(path, "\(index)"))
      }
    case .dictionary:
      for (key, value) in Self.sortedEntries(mirror) { search(value: value, path: joined(path, key)) }
    default:
      checkIsSetting(container, path: path)
    }
  }

  /// Traps where a value that is no container of modules has to do with training all the same.
  private func checkIsSetting(_ value: Any, path: String) {
    if value is Tensor {
      fail(path, "is a bare tensor", "wrap it in Parameter to train it, or in StateTensor to save it")
    }
    if value is RandomStream { return }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .class {
      fail(path, "is a class that is no module", "conform \(type(of: value)) to Module")
    }
    for child in mirror.children {
      let childPath = joined(path, child.label.map { String($0.drop { $0 == "." }) } ?? "_")
      if child.value is Parameter || child.value is StateTensor || child.value is any Module {
        fail(
          childPath, "is within a value that cannot be followed",
          "make \(type(of: value)) a class and a Module")
      }
      checkIsSetting(child.value, path: childPath)
    }
  }

  private func fail(_ path: String, _ problem: String, _ hint: String) -> Never {
    Failure(
      "module", "a property \(problem)", given: "\(path) in \(type(of: root))",
      expected: "parameters, states, modules, arrays, dictionaries and optionals of them, or settings",
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

  /// A lazy property is stored under a longer name than it was declared with.
  private static func propertyName(_ label: String?) -> String {
    let lazyPrefix = "$__lazy_storage_$_"
    guard let label, label.hasPrefix(lazyPrefix) else { return label ?? "_" }
    return String(label.dropFirst(lazyPrefix.count))
  }

  private static func sortedEntries(_ mirror: Mirror) -> [(String, Any)] {
    mirror.children.map { child in
      let entry = Array(Mirror(reflecting: child.value).children)
      return ("\(entry[0].value)", entry[1].value)
    }.sorted { $0.0 < $1.0 }
  }
}
