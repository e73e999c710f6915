import Synchronization

/// Lets one line a second through per kind and counts the others.
final class LogLimiter: Sendable {
    private struct Kind {
        var lastMilliseconds: Int64
        var suppressed = 0
    }

    private static let pauseMilliseconds: Int64 = 1_000
    /// Kinds are words of ours, few; should they ever not be, all further ones share a count.
    private static let kindLimit = 256

    private let kinds = Mutex<[String: Kind]>([:])

    /// How many lines were suppressed since the last one; nil when this one is to be, too.
    func admit(_ kind: String, atMilliseconds now: Int64) -> Int? {
        kinds.withLock { kinds in
            let kind = kinds[kind] == nil && kinds.count >= Self.kindLimit ? "" : kind
            guard let known = kinds[kind] else {
                kinds[kind] = Kind(lastMilliseconds: now)
                return 0
            }
            guard now - known.lastMilliseconds >= Self.pauseMilliseconds else {
                kinds[kind]?.suppressed += 1
                return nil
            }
            kinds[kind] = Kind(lastMilliseconds: now)
            return known.suppressed
        }
    }
}
