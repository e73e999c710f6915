import CoreModels
import DecisionCores
import EventSchema
import Ledger

/// The writer's turn as its service makes it: fetch, handle, commit rows, state and offsets.
struct WriterDriver {
    private let store: LedgerStore
    private var core = WriterCore()
    private var offsets: [Stream: Int64] = [:]

    init(_ settings: PostgresSettings) throws {
        store = try LedgerStore(settings, service: .writer)
        _ = try store.acquireLocks()
        let loaded = try store.load()
        for entry in loaded.state { _ = core.restore(entry.key, entry.value) }
        for stream in Stream.allCases { offsets[stream] = loaded.offsets[stream.rawValue] ?? 0 }
    }

    /// False when there was nothing to do.
    mutating func turn(limit: Int) throws -> Bool {
        let fetched = try store.fetch(
            after: Stream.allCases.map { ($0.rawValue, offsets[$0] ?? 0) }, limit: limit)
        var tables = ReadTables()
        var batch = CommitBatch()
        var stopped: Set<Stream> = []
        let orders = fetched.count { $0.stream == Stream.orders.rawValue }
        for row in fetched {
            guard let stream = Stream(rawValue: row.stream), !stopped.contains(stream) else {
                continue
            }
            var rows: [RowChange] = []
            do {
                let event = try EventCodec.decode(stream: stream, bytes: row.payload)
                let outcome = core.handle(event, ordersComplete: orders < limit, into: &rows)
                guard outcome == .handled else {
                    stopped.insert(stream)
                    continue
                }
            } catch {
                core.parked(stream, sequence: row.sequence)
                batch.deadLetters.append(
                    DeadLetter(
                        stream: row.stream, sequence: row.sequence, reason: "\(error)",
                        payload: row.payload))
            }
            for row in rows { tables.append(row) }
            offsets[stream] = row.sequence
        }
        batch.calls = tables.calls
        batch.offsets = Stream.allCases.map { ($0.rawValue, offsets[$0] ?? 0) }
        batch.state = core.takeChangedKeys().map { ($0, core.state(of: $0)) }
        try store.commit(batch)
        return !fetched.isEmpty
    }

    func close() { store.close() }
}

/// Puts a story into a ledger, as its owners would, and lets the writer work.
enum Ledgers {
    static func tell(_ story: Story, _ settings: PostgresSettings) throws {
        for service in [Service.core, .risk, .execution] {
            let events = story.events(of: service)
            guard !events.isEmpty else { continue }
            let store = try Databases.owner(service, settings)
            var batch = CommitBatch()
            for event in events { batch.add(event) }
            if service == .risk {
                let signals = story.events(of: .core).count
                batch.offsets = [("signals", Int64(signals))]
            }
            try store.commit(batch)
            store.close()
        }
    }

    static func write(_ settings: PostgresSettings, limit: Int) throws {
        var writer = try WriterDriver(settings)
        while try writer.turn(limit: limit) {}
        writer.close()
    }

    static let tables = [
        "signals", "risk_events", "orders", "trades", "fills", "positions", "balances", "alerts",
    ]

    /// Every row of every read table as text, sorted.
    static func dump(_ connection: PostgresConnection) throws -> [[String]] {
        try tables.map { table in
            try connection.rows("SELECT t::text FROM \(table) t ORDER BY 1").map { $0[0] }
        }
    }
}
