/// How long to wait before the next connection: 0.5 s, 1 s … 30 s, each shortened by up to a half.
struct ReconnectPause: Sendable {
    private let limits: FeedLimits
    /// Doublings so far.
    private var step = 0
    private var random: UInt64

    /// - Parameter seed: of the jitter, so that many clients do not come back in step.
    init(seed: UInt64, limits: FeedLimits) {
        random = seed
        self.limits = limits
    }

    /// The pause after a connection that gave data for `data` milliseconds (0: none).
    ///
    /// Data shows that the exchange is there: after it pauses grow to 2 s only, however often the
    /// connection was cut before, and a healthy one starts all over.
    mutating func next(afterData data: Int64) -> Int64 {
        if data > 0 { step = data >= limits.healthy ? 0 : min(step, limits.doublingsAfterData) }
        var pause = limits.firstPause
        for _ in 0..<step where pause < limits.longestPause { pause *= 2 }
        if pause < limits.longestPause { step += 1 }
        return jittered(min(pause, limits.longestPause))
    }

    private mutating func jittered(_ pause: Int64) -> Int64 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return pause - Int64(random >> 33) % (pause / 2 + 1)
    }
}
