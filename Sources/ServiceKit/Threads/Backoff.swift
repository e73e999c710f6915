/// Growing pauses between attempts: 0.2 s, 0.4 s, … up to 5 s (CONFIG.md, start and stop).
public struct Backoff: Equatable, Sendable {
    public let initialMilliseconds: Int64
    public let maximumMilliseconds: Int64
    /// Failures since the last success.
    public private(set) var attempts = 0

    public init(initialMilliseconds: Int64 = 200, maximumMilliseconds: Int64 = 5_000) {
        precondition(
            initialMilliseconds > 0 && maximumMilliseconds >= initialMilliseconds,
            "a backoff grows from a pause above zero")
        self.initialMilliseconds = initialMilliseconds
        self.maximumMilliseconds = maximumMilliseconds
    }

    /// The pause before the next attempt, in milliseconds. `jitter` (0…1, drawn by the caller)
    /// shortens it by up to a half, so that many clients do not come back in step.
    public mutating func next(jitter: Double = 0) -> Int64 {
        var pause = initialMilliseconds
        for _ in 0..<attempts where pause < maximumMilliseconds { pause *= 2 }
        pause = min(pause, maximumMilliseconds)
        if attempts < 62 { attempts += 1 }
        return pause - Int64(Double(pause) / 2 * min(max(jitter, 0), 1))
    }

    /// After a success.
    public mutating func reset() { attempts = 0 }
}
