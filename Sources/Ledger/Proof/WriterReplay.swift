import CoreModels
import DecisionCores

/// The writer's work done again from the ledger alone.
struct WriterReplay {
    private(set) var core: WriterCore
    private var tables = ReadTables()
    /// Results that came before their orders, in order.
    private var waiting: [Event] = []

    init(alertsHead: Int64 = 0) { core = WriterCore(alertsHead: alertsHead) }

    mutating func take(_ event: Event) {
        if case .orderResult = event {
            waiting.append(event)
        } else {
            handle(event, ordersComplete: false)
        }
    }

    mutating func parked(_ stream: Stream, _ sequence: Int64) {
        core.parked(stream, sequence: sequence)
    }

    /// Writes the rows gathered so far.
    ///
    /// - Parameter isComplete: the whole ledger has been taken.
    mutating func write(
        _ connection: PostgresConnection, isComplete: Bool
    ) throws(PostgresError) {
        var done = 0
        for event in waiting {
            guard handle(event, ordersComplete: isComplete) == .handled else { break }
            done += 1
        }
        waiting.removeFirst(done)
        let calls = tables.calls
        if !calls.isEmpty { try connection.run(calls, timeout: 60_000) }
        tables = ReadTables()
    }

    @discardableResult
    private mutating func handle(_ event: Event, ordersComplete: Bool) -> WriterCore.Outcome {
        var rows: [RowChange] = []
        let outcome = core.handle(event, ordersComplete: ordersComplete, into: &rows)
        for row in rows { tables.append(row) }
        return outcome
    }
}
