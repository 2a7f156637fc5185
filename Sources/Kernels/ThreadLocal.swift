#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One object a thread, made when a thread first asks for it and released when the thread ends.
package struct ThreadLocal<Value: AnyObject>: @unchecked Sendable {
  private let key: pthread_key_t
  private let make: @Sendable () -> Value

  package init(_ make: @escaping @Sendable () -> Value) {
    self.make = make
    var key = pthread_key_t()
    let status = pthread_key_create(&key) { pointer in
      #if canImport(Darwin)
        Unmanaged<AnyObject>.fromOpaque(pointer).release()
      #else
        Unmanaged<AnyObject>.fromOpaque(pointer!).release()
      #endif
    }
    precondition(status == 0, "the system gave no thread-local key (error \(status))")
    self.key = key
  }

  /// The calling thread's object.
  package var value: Value { unretainedValue.takeUnretainedValue() }

  /// The calling thread's object, which the thread itself keeps alive: for a look that costs no counting of
  /// references.
  package var unretainedValue: Unmanaged<Value> {
    if let pointer = pthread_getspecific(key) { return .fromOpaque(pointer) }
    return makeValue()
  }

  /// Replaces the calling thread's object.
  package func set(_ value: Value) {
    if let old = pthread_getspecific(key) { Unmanaged<Value>.fromOpaque(old).release() }
    pthread_setspecific(key, Unmanaged.passRetained(value).toOpaque())
  }

  @inline(never)
  private func makeValue() -> Unmanaged<Value> {
    let value = Unmanaged.passRetained(make())
    pthread_setspecific(key, value.toOpaque())
    return value
  }
}
