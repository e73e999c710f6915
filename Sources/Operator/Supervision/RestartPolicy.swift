/// When a dead child is started again, and when no more: five deaths of one child in a minute.
struct RestartPolicy: Equatable {
    static let window: Int64 = 60_000
    static let limit = 5
    static let firstPause: Int64 = 200
    static let longestPause: Int64 = 5_000

    enum Verdict: Equatable {
        case restart(afterMilliseconds: Int64)
        case giveUp
    }

    /// Times of the deaths within the window, oldest first.
    private var deaths: [Int64] = []

    /// A death at `now`, in milliseconds of a clock that never goes back.
    mutating func died(at now: Int64) -> Verdict {
        deaths.removeAll { now - $0 >= Self.window }
        deaths.append(now)
        if deaths.count >= Self.limit { return .giveUp }
        let pause = Self.firstPause << Int64(deaths.count - 1)
        return .restart(afterMilliseconds: min(pause, Self.longestPause))
    }
}
