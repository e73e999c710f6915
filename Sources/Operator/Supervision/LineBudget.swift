/// How many lines a second a person gets to see; the rest is counted.
struct LineBudget: Equatable {
    let perSecond: Int
    private var second: Int64 = .min
    private var used = 0
    private var hidden = 0

    init(perSecond: Int) { self.perSecond = perSecond }

    /// True when one more line may be shown at `now` (milliseconds).
    mutating func takes(at now: Int64) -> Bool {
        if now / 1000 != second {
            second = now / 1000
            used = 0
        }
        guard used < perSecond else {
            hidden += 1
            return false
        }
        used += 1
        return true
    }

    /// How many were hidden, once the second in which that happened is over; then none.
    mutating func takeHidden(at now: Int64) -> Int {
        guard hidden > 0, now / 1000 != second else { return 0 }
        defer { hidden = 0 }
        return hidden
    }
}
