public import CoreModels

/// What `cdb verify` found.
public struct VerificationReport: Equatable, Sendable {
    /// Events read per stream, in the order of the streams.
    public internal(set) var events: [(stream: Stream, count: Int64)] = []
    public internal(set) var decidedSignals: Int64 = 0
    /// Signals that risk has not handled yet.
    public internal(set) var undecidedSignals = 0
    public internal(set) var finishedOrders: Int64 = 0
    /// Orders without a result yet.
    public internal(set) var ordersInFlight = 0
    /// Accounts after a fill that were compared with the fills.
    public internal(set) var comparedAccounts: Int64 = 0
    /// Events nobody could read; they are in dead_letters.
    public internal(set) var parked: Int64 = 0
    /// Events the writer has not reached yet.
    public internal(set) var unwritten: Int64 = 0
    /// The first violation; nil when the ledger is proved.
    public internal(set) var violation: LedgerViolation?

    public var isProved: Bool { violation == nil }

    public static func == (left: Self, right: Self) -> Bool {
        left.members == right.members
    }

    /// For `--json`.
    public var members: [Value.Member] {
        [
            Value.Member("ok", .flag(isProved)),
            Value.Member(
                "events",
                .object(events.map { Value.Member($0.stream.rawValue, .integer($0.count)) })),
            Value.Member("decided_signals", .integer(decidedSignals)),
            Value.Member("undecided_signals", .integer(Int64(undecidedSignals))),
            Value.Member("finished_orders", .integer(finishedOrders)),
            Value.Member("orders_in_flight", .integer(Int64(ordersInFlight))),
            Value.Member("compared_accounts", .integer(comparedAccounts)),
            Value.Member("parked", .integer(parked)),
            Value.Member("unwritten", .integer(unwritten)),
            Value.Member(
                "violation",
                violation.map {
                    .object([
                        Value.Member("kind", .text($0.kind.rawValue)),
                        Value.Member("place", .text($0.place)),
                        Value.Member("seq", .integer($0.sequence)),
                        Value.Member("text", .text($0.text)),
                    ])
                } ?? .null),
        ]
    }
}
