import CoreModels
import EventSchema
import Ledger
import ServiceKit

/// What one service decides; the loop does the rest (DELIVERY: lock, load, take, commit, publish).
protocol ServiceWork {
    static var service: Service { get }
    /// Streams read from the ledger, in the order one batch handles them.
    static var consumed: [CoreModels.Stream] { get }
    /// Whether market_data is handled here.
    static var takesMarketData: Bool { get }
    /// Pub/sub channels beside market_data and the bells.
    static var extraChannels: [Channel] { get }

    /// A bell is answered after this many milliseconds, so that what comes together is one batch.
    static var gatherInterval: Int64 { get }

    /// Orders without a result exist.
    var hasInFlight: Bool { get }
    /// Whether the number of orders execution has not handled matters now.
    var needsOrderBacklog: Bool { get }

    mutating func marketData(
        _ data: borrowing MarketData, at now: Timestamp, into events: inout [Event])
    mutating func fact(_ fact: Fact, at now: Timestamp, into events: inout [Event])
    /// A row of the ledger that decoded. False leaves it, and what follows it in its stream, until
    /// the next batch.
    ///
    /// - Parameter isComplete: the batch held all that the ledger had.
    mutating func event(
        _ event: Event, isComplete: Bool, at now: Timestamp, into events: inout [Event]
    ) -> Bool
    /// A row of the ledger that did not. It is parked in `dead_letters` in any case.
    mutating func poison(
        _ row: LedgerRow, _ error: EventError, at now: Timestamp, into events: inout [Event])
    /// A message on one of `extraChannels`.
    mutating func message(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, at now: Timestamp,
        into events: inout [Event])

    /// Why an operator's command cannot be carried out, as numbers; nil when it can.
    func refusal(of command: Fact, at now: Timestamp) -> [Value.Member]?

    /// After a start or a lost session outside a replay: what was seen before must not be traded on.
    mutating func forgetTradableQuotes()

    mutating func takeChangedKeys() -> [String]
    func state(of key: String) -> Value?
    mutating func restore(_ key: String, _ value: Value) -> Bool
    /// Rows of read tables that go into the same transaction as the offsets; then none.
    mutating func takeStatements() -> [SQLCall]

    func status(at now: Timestamp) -> [Value.Member]
    /// What `/readyz` tells beside the standard checks, without deciding on it.
    var remarks: [ReadinessCheck] { get }
    /// Why the service cannot do its whole job although its servers are there; nil when it can.
    var blockage: String? { get }
    /// Brings up to date what tells of the state for scrapes and people: in a pause after a batch,
    /// and twice a second where there is none.
    mutating func updateMetrics(at now: Timestamp)
}

extension ServiceWork {
    static var extraChannels: [Channel] { [] }
    static var gatherInterval: Int64 { 0 }
    var needsOrderBacklog: Bool { false }
    var hasInFlight: Bool { false }
    var blockage: String? { nil }
    var remarks: [ReadinessCheck] { [] }

    mutating func poison(
        _ row: LedgerRow, _ error: EventError, at now: Timestamp, into events: inout [Event]
    ) {
        fact(.notice(.poison(row, error)), at: now, into: &events)
    }

    mutating func message(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, at now: Timestamp,
        into events: inout [Event]
    ) {}

    func refusal(of command: Fact, at now: Timestamp) -> [Value.Member]? { nil }
    mutating func forgetTradableQuotes() {}
    mutating func takeStatements() -> [SQLCall] { [] }
}

extension AlertDraft {
    /// A row of the ledger that cannot be read.
    static func poison(_ row: LedgerRow, _ error: EventError, level: Alert.Level = .warning) -> Self
    {
        AlertDraft(
            level, "DEAD_LETTER",
            "\(row.stream)-\(row.sequence) cannot be read: \(error)",
            [
                .init("stream", .text(row.stream)), .init("seq", .integer(row.sequence)),
                .init("reason", .text(error.reason.rawValue)),
            ])
    }
}
