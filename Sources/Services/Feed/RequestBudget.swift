/// How many questions an exchange may be asked. Times are monotonic milliseconds.
///
/// MEXC allows 10 in 2 s on the narrowest paths that we use; we stay below.
struct RequestBudget: Equatable {
    static let requests = 9
    static let span: Int64 = 2_000

    /// When the last ones were asked, oldest first.
    private var asked: [Int64] = []

    /// When the next one may be asked.
    var freeAt: Int64 { asked.count < Self.requests ? .min : asked[0] + Self.span }

    mutating func take(_ now: Int64) {
        if asked.count == Self.requests { asked.removeFirst() }
        asked.append(now)
    }
}
