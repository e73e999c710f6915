/// Whether the exchange gives us its market, as `health` tells it to cdb_risk. Times are monotonic
/// milliseconds.
struct Reach {
    enum State: Equatable {
        /// Nothing came yet, and nothing failed.
        case unknown
        case reachable
        case unreachable(code: String, reason: String)
    }

    /// A connection that is back within this time was no outage.
    static let grace: Int64 = 5_000

    private var dataAt: Int64?
    private var failure: (code: String, reason: String)?

    /// Market data came.
    mutating func succeeded(_ now: Int64) {
        dataAt = now
        failure = nil
    }

    /// A connection or question failed.
    mutating func failed(code: String, reason: String) { failure = (code, reason) }

    /// - Parameter silence: without data for longer than this the exchange counts as unreachable,
    ///   whatever the connection says.
    func state(_ now: Int64, silence: Int64) -> State {
        guard let dataAt else {
            return failure.map { .unreachable(code: $0.code, reason: $0.reason) } ?? .unknown
        }
        if let failure, now - dataAt >= Self.grace {
            return .unreachable(code: failure.code, reason: failure.reason)
        }
        guard now - dataAt > silence else { return .reachable }
        return .unreachable(
            code: "NO_DATA", reason: "no market data for \((now - dataAt) / 1000) s")
    }

    func dataAge(_ now: Int64) -> Int64? { dataAt.map { now - $0 } }
}
