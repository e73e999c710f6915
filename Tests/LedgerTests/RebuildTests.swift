import CoreModels
import Ledger
import Testing

@Suite("cdb rebuild")
struct RebuildTests {
    @Test(
        "the tables rebuilt equal those written turn by turn, byte for byte",
        arguments: [(UInt64(1), 1), (2, 7), (3, 1000)])
    func equal(seed: UInt64, limit: Int) throws {
        let settings = try Databases.migrated()
        try Ledgers.tell(Story(seed: seed, signals: 120), settings)
        try Ledgers.write(settings, limit: limit)
        let connection = try PostgresConnection(settings)
        let state =
            "SELECT key, state::text FROM service_state WHERE service = 'cdb_writer' ORDER BY key"
        let before = try (Ledgers.dump(connection), connection.rows(state))
        #expect(before.0.allSatisfy { !$0.isEmpty })
        try connection.execute("TRUNCATE signals, trades; UPDATE orders SET status = 'ERROR'")
        let rebuild = try Rebuild.run(connection)
        #expect(rebuild.events > 300)
        #expect(rebuild.parked == 0)
        #expect(try Ledgers.dump(connection) == before.0)
        #expect(try connection.rows(state) == before.1)
        #expect(try LedgerVerification.run(connection).violation == nil)
    }

    @Test("a writer at work is named, and nothing is touched")
    func writerRuns() throws {
        let settings = try Databases.migrated()
        try Ledgers.tell(Story(seed: 1, signals: 10), settings)
        try Ledgers.write(settings, limit: 100)
        let connection = try PostgresConnection(settings)
        let before = try Ledgers.dump(connection)
        let writer = try Databases.owner(.writer, settings)
        let error = #expect(throws: RebuildError.self) { try Rebuild.run(connection) }
        #expect(error?.description.contains("cdb_writer (process ") == true)
        #expect(try Ledgers.dump(connection) == before)
        writer.close()
    }

    @Test("poison is put aside by both, the writer and the rebuild, and verify accepts it")
    func poison() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        var batch = CommitBatch()
        let envelope = Envelope(sequence: 1, id: "signals-1")
        batch.events = [
            LedgerEntry(
                stream: .signals, envelope: envelope, timestamp: Timestamp(milliseconds: 0),
                payload: Array("{\"type\":\"signal\"}".utf8))
        ]
        try store.commit(batch)
        try Ledgers.write(settings, limit: 10)
        let connection = try PostgresConnection(settings)
        #expect(try connection.number("SELECT count(*) FROM dead_letters") == 1)
        #expect(try LedgerVerification.run(connection).parked == 1)
        #expect(try Rebuild.run(connection).parked == 1)
        #expect(try connection.number("SELECT count(*) FROM dead_letters") == 1)
        try connection.execute("DELETE FROM dead_letters")
        #expect(try LedgerVerification.run(connection).violation?.kind == .unreadable)
    }

    @Test("operational tables stay")
    func operational() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.writer, settings)
        let now = Timestamp(milliseconds: 1_767_225_612_345)
        var health = HealthChecksTable()
        var metrics = MetricsTable()
        var parameters = StrategyParametersTable()
        for status in ["ok", "degraded"] {
            health.append(service: "cdb_ws", status: status, detail: .object([]), timestamp: now)
        }
        metrics.append(
            name: "m", labels: [Value.Member("a", .text("b"))], value: 1.5, timestamp: now)
        parameters.append(
            service: "cdb_core", name: "SIGNAL_THRESHOLD_PCT", value: "3", source: "default",
            validFrom: now)
        var batch = CommitBatch()
        batch.calls = [health.call, metrics.call, parameters.call].compactMap(\.self)
        try store.commit(batch)
        var later = StrategyParametersTable()
        later.append(
            service: "cdb_core", name: "SIGNAL_THRESHOLD_PCT", value: "3", source: "default",
            validFrom: now.advanced(by: 1))
        batch.calls = [health.call, metrics.call, later.call].compactMap(\.self)
        try store.commit(batch)
        store.close()
        let connection = try PostgresConnection(settings)
        _ = try Rebuild.run(connection)
        #expect(
            try connection.rows("SELECT service, status FROM health_checks") == [
                ["(cdb_ws,degraded)"]
            ])
        #expect(
            try connection.rows("SELECT name, labels, value FROM metrics") == [
                ["(m,\"{\"\"a\"\": \"\"b\"\"}\",1.5)"]
            ])
        #expect(try connection.number("SELECT count(*) FROM strategy_params") == 1)
    }
}
