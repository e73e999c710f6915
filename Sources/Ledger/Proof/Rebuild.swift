import CoreModels
import DecisionCores
import EventSchema

/// Why the read tables cannot be written again now.
public enum RebuildError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text names the holder of the writer's lock.
    case writerRuns(String)

    public var description: String {
        switch self {
        case .writerRuns(let holder):
            "cdb_writer is at work: \(holder); stop it first, then run `cdb rebuild` again"
        }
    }
}

/// `cdb rebuild`: the read tables again from the ledger alone, in one transaction, in the writer's
/// place. What is operational (health_checks, metrics, strategy_params) stays.
public struct Rebuild {
    /// Events read.
    public private(set) var events: Int64 = 0
    /// Events that could not be read; they are in dead_letters.
    public private(set) var parked: Int64 = 0

    private let connection: PostgresConnection
    private var replay: WriterReplay
    private var letters: [DeadLetter] = []

    /// - Parameters:
    ///   - connection: of a user who owns the tables.
    ///   - progress: is told the events read so far.
    /// - Throws: `RebuildError`, `SchemaError` or `PostgresError`; then nothing has changed.
    public static func run(
        _ connection: PostgresConnection, progress: (Int64) -> Void = { _ in }
    ) throws -> Rebuild {
        try Migrations.check(connection)
        let streams = Stream.allCases.filter { $0.owner == .writer }
        if case .heldBy(let holder) = try AdvisoryLock.take(streams, connection) {
            throw RebuildError.writerRuns(holder)
        }
        defer { AdvisoryLock.releaseAll(connection) }
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        do {
            var rebuild = try Rebuild(connection)
            try rebuild.replayLedger(progress)
            try connection.execute("COMMIT", timeout: 60_000)
            return rebuild
        } catch {
            if connection.isOpen { try connection.execute("ROLLBACK") }
            throw error
        }
    }

    private init(_ connection: PostgresConnection) throws(PostgresError) {
        self.connection = connection
        let own = SQLParameter.column(SQLColumn([Service.writer.alerts.rawValue]))
        let heads = try connection.run(StoreSQL.loadHeads(own))
        replay = WriterReplay(alertsHead: heads.rowCount > 0 ? heads.integer(0, 1) : 0)
        let tables = ReadTables.rebuilt.map(\.name).joined(separator: ", ")
        try connection.execute("TRUNCATE \(tables)", timeout: 60_000)
    }

    private mutating func replayLedger(_ progress: (Int64) -> Void) throws(PostgresError) {
        var pages = LedgerPages()
        var isComplete = false
        while !isComplete {
            isComplete = true
            for stream in Stream.allCases {
                let page = try pages.next(stream, connection)
                for row in page { take(row) }
                if !page.isEmpty { isComplete = false }
            }
            try replay.write(connection, isComplete: isComplete)
            progress(events)
        }
        try store(pages.reached)
    }

    private mutating func take(_ row: ChainedRow) {
        events += 1
        switch row.event {
        case .success(let event): replay.take(event)
        case .failure(let error):
            parked += 1
            replay.parked(row.stream, row.sequence)
            letters.append(
                DeadLetter(
                    stream: row.stream.rawValue, sequence: row.sequence,
                    reason: error.description, payload: row.payload))
        }
    }

    /// The writer goes on behind what was read, knowing what its core knows now.
    private mutating func store(_ reached: [Stream: Int64]) throws(PostgresError) {
        let name = SQLParameter.text(Service.writer.rawValue)
        let streams = Stream.allCases.filter { reached[$0] != nil }
        var core = replay.core
        var calls = [
            Self.forget(name, .column(SQLColumn(WriterCore.keyPrefixes))),
            StoreSQL.writeOffsets(
                name, .column(SQLColumn(streams.map(\.rawValue))),
                .column(SQLColumn(streams.map { reached[$0] ?? 0 }))),
        ]
        calls += StoreSQL.stateCalls(
            name, core.takeChangedKeys().map { ($0, core.state(of: $0)) })
        if !letters.isEmpty { calls.append(StoreSQL.deadLetters(name, letters)) }
        try connection.run(calls, timeout: 60_000)
    }

    private static let forget = SQLStatement(
        "rebuild_forget",
        """
        DELETE FROM service_state s USING unnest($2::text[]) AS p(prefix)
        WHERE s.service = $1 AND starts_with(s.key, p.prefix)
        """)
}
