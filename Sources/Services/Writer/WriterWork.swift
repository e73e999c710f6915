import CoreModels
import DecisionCores
import EventSchema
import Ledger
import ServiceKit
import WireFormats

/// cdb_writer: every stream into the read tables.
struct WriterWork: ServiceWork {
    static var service: Service { .writer }
    /// In causal order, so that an order is known before its result.
    static var consumed: [CoreModels.Stream] {
        [
            .signals, .riskDecisions, .orders, .orderResults, .account, .alertsCore, .alertsRisk,
            .alertsExecution, .alertsWriter,
        ]
    }
    static var takesMarketData: Bool { false }
    static var extraChannels: [Channel] { [.health] }
    /// Nobody waits for a row: what one signal leads to is one batch, and out of the way of those who
    /// decide on it.
    static var gatherInterval: Int64 { 20 }

    private var core = WriterCore()
    private var tables = ReadTables()
    private var healthChecks = HealthChecksTable()
    private var figures = MetricsTable()
    /// More services than this do not exist; anybody can publish on `health`.
    private static let serviceLimit = 32
    private var parameters = StrategyParametersTable()
    /// What each service said of its parameters last.
    private var known: [String: Value] = [:]
    private var rows: [RowChange] = []
    private var rowsWritten = 0

    /// The writer takes no market data.
    mutating func marketData(
        _ data: borrowing MarketData, at now: Timestamp, into events: inout [Event]
    ) {}

    mutating func fact(_ fact: Fact, at now: Timestamp, into events: inout [Event]) {
        guard case .notice(let draft) = fact else { return }
        events.append(core.notice(draft, at: now))
    }

    mutating func event(
        _ event: Event, isComplete: Bool, at now: Timestamp, into events: inout [Event]
    ) -> Bool {
        guard core.handle(event, ordersComplete: isComplete, into: &rows) == .handled else {
            return false
        }
        for row in rows { tables.append(row) }
        if case .account(let account) = event { record(account) }
        rows.removeAll(keepingCapacity: true)
        return true
    }

    /// The table `metrics`: what a person asks for over months.
    private mutating func record(_ account: Account) {
        for (name, value) in [
            ("equity", account.equity), ("exposure", account.exposure),
            ("daily_pnl", account.dailyPnL),
        ] {
            figures.append(
                name: name, labels: [], value: value.double, timestamp: account.timestamp)
        }
    }

    mutating func poison(
        _ row: LedgerRow, _ error: EventError, at now: Timestamp, into events: inout [Event]
    ) {
        if let stream = Stream(rawValue: row.stream) { core.parked(stream, sequence: row.sequence) }
        fact(.notice(.poison(row, error)), at: now, into: &events)
    }

    mutating func message(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, at now: Timestamp,
        into events: inout [Event]
    ) {
        guard
            case .success(let health) = Result(catching: { () throws(EventError) in
                try HealthCodec.decode(bytes, from: .foreign(at: now))
            })
        else { return }
        healthChecks.append(
            service: health.service, status: health.status.rawValue,
            detail: .object(
                health.detail.members?.filter { $0.name != "parameters" && $0.name != "given" }
                    ?? []),
            timestamp: health.timestamp)
        record(health)
    }

    /// The table `strategy_params`: services say in `health` what they were configured with.
    private mutating func record(_ health: HealthEvent) {
        let said = health.detail["parameters"]
        guard let members = said.members, known[health.service] != said,
            known[health.service] != nil || known.count < Self.serviceLimit
        else { return }
        known[health.service] = said
        let given = Set((health.detail["given"].list ?? []).compactMap(\.text))
        for member in members {
            parameters.append(
                service: health.service, name: member.name,
                value: String(decoding: JSONWriter.bytes(member.value), as: UTF8.self),
                source: given.contains(member.name) ? "environment" : "default",
                validFrom: health.timestamp)
        }
    }

    mutating func takeStatements() -> [SQLCall] {
        let calls =
            tables.calls
            + [healthChecks.call, figures.call, parameters.call].compactMap(\.self)
        rowsWritten += tables.count
        tables = ReadTables()
        healthChecks = HealthChecksTable()
        figures = MetricsTable()
        parameters = StrategyParametersTable()
        return calls
    }

    mutating func takeChangedKeys() -> [String] { core.takeChangedKeys() }
    func state(of key: String) -> Value? { core.state(of: key) }
    mutating func restore(_ key: String, _ value: Value) -> Bool { core.restore(key, value) }

    func status(at now: Timestamp) -> [Value.Member] {
        [
            .init("rows_written", .integer(Int64(rowsWritten))),
            .init("fills_overflowed", .integer(core.overflows)),
        ]
    }

    mutating func updateMetrics(at now: Timestamp) {}
}
