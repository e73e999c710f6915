/// At most so many requests in any second.
struct SendWindow: Sendable {
    private static let second: Int64 = 1_000

    private let limit: Int
    /// When the last requests were sent, oldest first; never more than `limit`.
    private var sent: [Int64] = []

    init(limit: Int) { self.limit = limit }

    /// When the next request may be sent.
    var freeAt: Int64 { sent.count < limit ? .min : sent[0] + Self.second }

    mutating func take(now: Int64) {
        if sent.count == limit { sent.removeFirst() }
        sent.append(now)
    }
}
