import CoreModels

/// The decisions of a stretch of time as the ledger holds them, and what each service was told
/// beside the market.
struct LedgerStretch {
    static let streams: [CoreModels.Stream] = [
        .signals, .riskDecisions, .orders, .orderResults, .account,
    ]

    let from: Timestamp
    let to: Timestamp
    /// Of `streams` and `alerts.cdb_risk`, in order.
    private(set) var entries: [CoreModels.Stream: [LedgeredEvent]] = [:]
    /// The number of each stream's last event before `from`.
    private(set) var heads: [CoreModels.Stream: Int64] = [:]
    /// Events that were made before `from` and handled since.
    private(set) var earlier: [CoreModels.Stream: [LedgeredEvent]] = [:]
    /// The first result that risk had not handled at `from`.
    private(set) var firstResult: Int64 = 1

    init(_ reader: LedgerReader, from: Timestamp, to: Timestamp) throws {
        self.from = from
        self.to = to
        for stream in Self.streams + [.alertsRisk] {
            let bounds = try reader.bounds(of: stream, from: from, to: to)
            heads[stream] = bounds.before
            entries[stream] = try reader.entries(
                stream, after: bounds.before, through: bounds.last)
        }
        for stream in [CoreModels.Stream.alertsCore, .alertsExecution] {
            heads[stream] = try reader.bounds(of: stream, from: from, to: to).before
        }
        firstResult = firstNamed(.orderResults) { $0.resultSequence }
        try readEarlier(.orderResults, from: firstResult, reader)
        try readEarlier(.signals, from: firstNamed(.signals) { $0.signalSequence }, reader)
        try readEarlier(.orders, from: firstNamed(.orders) { $0.orderSequence }, reader)
    }

    /// The lowest number of `stream` that an event of the stretch answers, if that was before it.
    private func firstNamed(
        _ stream: CoreModels.Stream, _ number: (Event) -> Int64?
    ) -> Int64 {
        var first = head(stream) + 1
        for entry in entries.values.joined() {
            if let named = number(entry.event) { first = min(first, named) }
        }
        return first
    }

    private mutating func readEarlier(
        _ stream: CoreModels.Stream, from first: Int64, _ reader: LedgerReader
    ) throws {
        earlier[stream] = try reader.entries(
            stream, after: max(0, first - 1), through: head(stream))
    }

    func head(_ stream: CoreModels.Stream) -> Int64 { heads[stream] ?? 0 }

    /// The ledger had nothing before `from`.
    var beginsTheLedger: Bool { heads.values.allSatisfy { $0 == 0 } }

    /// The first moment at which nothing was on its way from one service to another: `from`, or
    /// shortly after an event that none followed for a while.
    var quietStart: Timestamp {
        let times = Self.streams.flatMap { entries[$0] ?? [] }.map(\.event.timestamp).sorted()
        var previous = from
        for time in times {
            if time.since(previous) >= 2 * Self.quiet { break }
            previous = time
        }
        return previous == from ? from : previous.advanced(by: Self.quiet)
    }

    /// Longer than the services take to answer each other, in milliseconds.
    private static let quiet: Int64 = 25

    var signals: [Signal] {
        all(.signals) { if case .signal(let signal) = $0 { signal } else { nil } }
    }
    var decisions: [RiskDecision] {
        all(.riskDecisions) { if case .riskDecision(let event) = $0 { event } else { nil } }
    }
    var orders: [Order] { all(.orders) { if case .order(let order) = $0 { order } else { nil } } }
    var results: [OrderResult] {
        all(.orderResults) { if case .orderResult(let result) = $0 { result } else { nil } }
    }
    var accounts: [Account] {
        all(.account) { if case .account(let account) = $0 { account } else { nil } }
    }
    var alerts: [Alert] {
        all(.alertsRisk) { if case .alert(let alert) = $0 { alert } else { nil } }
    }

    /// Earlier ones that matter first.
    private func all<Kind>(
        _ stream: CoreModels.Stream, _ body: (Event) -> Kind?
    ) -> [Kind] {
        ((earlier[stream] ?? []) + (entries[stream] ?? [])).compactMap { body($0.event) }
    }
}

extension Event {
    /// The number of the signal that a decision answers.
    fileprivate var signalSequence: Int64? {
        guard case .riskDecision(let decision) = self else { return nil }
        return decision.signalID.flatMap { CoreModels.Stream.signals.number(in: $0) }
    }

    /// The number of the order that a result answers.
    fileprivate var orderSequence: Int64? {
        guard case .orderResult(let result) = self else { return nil }
        return CoreModels.Stream.orders.number(in: result.orderID)
    }

    /// The number of the result that an account answers.
    fileprivate var resultSequence: Int64? {
        guard case .account(let account) = self else { return nil }
        return account.envelope.cause.flatMap { CoreModels.Stream.orderResults.number(in: $0) }
    }
}

extension CoreModels.Stream {
    /// The sequence in an id of this stream; nil for any other text.
    func number(in id: String) -> Int64? {
        guard id.hasPrefix(rawValue + "-"),
            let number = Int64(id.dropFirst(rawValue.utf8.count + 1)),
            number > 0
        else { return nil }
        return number
    }
}
