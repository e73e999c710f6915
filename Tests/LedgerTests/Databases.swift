import CoreModels
import EventSchema
import Ledger
import PrivateServers
import TestKit

/// Databases of the tests' own Postgres.
enum Databases {
    static func settings(
        _ database: String, as name: String = "tests"
    ) throws -> PostgresSettings {
        let server = try SharedServers.postgres()
        return PostgresSettings(
            host: "127.0.0.1", port: Int(server.port), user: server.user,
            password: server.password, database: database, applicationName: name)
    }

    /// A new database, empty.
    static func empty() throws -> PostgresSettings { try settings(SharedServers.freshDatabase()) }

    /// A new database with the schema.
    static func migrated() throws -> PostgresSettings {
        let settings = try empty()
        let connection = try PostgresConnection(settings)
        _ = try Migrations.apply(connection)
        return settings
    }

    /// A store that owns its streams and has loaded.
    static func owner(
        _ service: Service, _ settings: PostgresSettings
    ) throws -> LedgerStore {
        var settings = settings
        settings.applicationName = service.rawValue
        let store = try LedgerStore(settings, service: service)
        let outcome = try store.acquireLocks()
        guard outcome == .owned else { throw NotOwned(outcome: outcome) }
        _ = try store.load()
        return store
    }

    struct NotOwned: Error { let outcome: AdvisoryLock.Outcome }
}

extension PostgresConnection {
    /// One row of texts per row of a question; for tests only.
    func rows(_ question: String) throws(PostgresError) -> [[String]] {
        let result = try run(
            SQLStatement("test_\(question)", "SELECT r::text FROM (\(question)) r")())
        return (0..<result.rowCount).map { [result.text($0, 0)] }
    }

    func number(_ question: String) throws(PostgresError) -> Int64 {
        try run(SQLStatement("test_\(question)", "SELECT (\(question))::bigint")()).integer(0, 0)
    }
}

extension CommitBatch {
    mutating func add(_ event: Event) {
        events.append(
            LedgerEntry(
                stream: event.stream, envelope: event.envelope, timestamp: event.timestamp,
                payload: EventCodec.encode(event)))
    }
}
