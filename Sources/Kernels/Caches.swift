/// The caches that work is cut for: the same on every machine, as some cuts show in a result's last bits.
enum Caches {
  /// Bytes of a core's second cache.
  static let second = 1 << 20
  /// Bytes of a large third cache, which cores share.
  static let third = 1 << 25
}
