import CoreModels
import EventSchema
import Ledger
import Testing

@Suite("cdb verify")
struct VerificationTests {
    private static func database(signals: Int = 40) throws -> PostgresSettings {
        let settings = try Databases.migrated()
        try Ledgers.tell(Story(seed: 11, signals: signals, lastWithoutResult: true), settings)
        try Ledgers.write(settings, limit: 1000)
        return settings
    }

    @Test("a whole ledger is proved and counted")
    func proved() throws {
        let story = Story(seed: 11, signals: 40, lastWithoutResult: true)
        let report = try LedgerVerification.run(PostgresConnection(Self.database()))
        #expect(report.violation == nil)
        let results = story.events(of: .execution).count
        let orders = story.events(of: .risk).count { $0.stream == .orders }
        #expect(report.events.map(\.count).reduce(0, +) == Int64(story.events.count))
        #expect(report.decidedSignals == 40)
        #expect(report.finishedOrders == Int64(results))
        #expect(report.ordersInFlight == orders - results)
        #expect(report.comparedAccounts > 10)
        #expect(report.unwritten == 0)
    }

    @Test("what the services have not reached yet is counted apart, not a violation")
    func underWay() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        var batch = CommitBatch()
        for event in Story(seed: 3, signals: 5).events(of: .core) { batch.add(event) }
        try store.commit(batch)
        let report = try LedgerVerification.run(PostgresConnection(settings))
        #expect(report.violation == nil)
        #expect(report.undecidedSignals == 5)
        #expect(report.unwritten == 5)
    }

    @Test("it leaves nothing behind and can be run again")
    func twice() throws {
        let connection = try PostgresConnection(Self.database())
        let before = try Ledgers.dump(connection)
        #expect(try LedgerVerification.run(connection) == LedgerVerification.run(connection))
        #expect(try Ledgers.dump(connection) == before)
    }

    @Test(
        "each kind of tampering is named with its stream and number",
        arguments: [
            ("DELETE FROM ledger WHERE stream = 'orders' AND seq = 4", "gap", "orders seq 4"),
            ("DELETE FROM ledger WHERE stream = 'signals' AND seq = 40", "top", "signals seq 40"),
            ("DELETE FROM ledger WHERE stream = 'orders' AND seq = 1", "gap", "orders seq 1"),
            ("DELETE FROM ledger WHERE stream = 'account'", "top", "account seq"),
            (
                """
                UPDATE ledger
                SET payload = replace(payload::text, '"side":"BUY"', '"side":"SELL"')::json
                WHERE stream = 'signals' AND seq IN (SELECT seq FROM ledger
                    WHERE stream = 'signals' AND payload::text LIKE '%"BUY"%' ORDER BY seq LIMIT 1)
                """, "hash", "signals seq"
            ),
            (
                """
                UPDATE ledger SET payload = (payload::text || ' ')::json
                WHERE stream = 'orders' AND seq = 2
                """, "hash", "orders seq 2"
            ),
            (
                "UPDATE ledger SET hash = sha256('x') WHERE stream = 'orders' AND seq = 3", "hash",
                "orders seq 3"
            ),
            (
                "UPDATE ledger SET prev_hash = sha256('x') WHERE stream = 'orders' AND seq = 3",
                "hash", "orders seq 3"
            ),
            (
                "UPDATE ledger SET cause = 'x' WHERE stream = 'order_results' AND seq = 2",
                "column", "order_results seq 2"
            ),
            (
                "UPDATE ledger SET ts = ts + interval '1 ms' WHERE stream = 'signals' AND seq = 2",
                "column", "signals seq 2"
            ),
            (
                "UPDATE signals SET price = 1 WHERE signal_id = 'signals-7'", "read_table",
                "signals seq 7"
            ),
            (
                "DELETE FROM fills WHERE fill_id = 'order_results-1'", "read_table",
                "order_results seq 1"
            ),
            ("UPDATE positions SET quantity = quantity + 1", "read_table", "positions:"),
            (
                """
                INSERT INTO alerts VALUES ('alerts.cdb_risk-999', 'INFO', 'X', 'forged', '{}',
                    'cdb_risk', now())
                """, "read_table", "alerts.cdb_risk seq 999"
            ),
            (
                """
                INSERT INTO ledger VALUES ('strange', 1, now(), NULL, NULL, '{}',
                    decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))
                """, "unknown_stream", "strange seq 1"
            ),
            (
                "UPDATE service_state SET state = '{}' WHERE key = 'stream:orders'", "top", "orders"
            ),
        ])
    func tampered(script: String, kind: String, place: String) throws {
        let connection = try PostgresConnection(Self.database())
        try connection.execute(script)
        let violation = try #require(try LedgerVerification.run(connection).violation)
        #expect(violation.kind.rawValue == kind)
        #expect(violation.description.hasPrefix(place), "\(violation)")
    }

    /// Rows appended with a valid chain by somebody with all rights: only the meaning is wrong.
    private static func append(_ event: Event, to settings: PostgresSettings) throws {
        let store = try Databases.owner(event.stream.owner, settings)
        var batch = CommitBatch()
        batch.add(event)
        try store.commit(batch)
        store.close()
    }

    @Test("a second decision of a signal is a violation")
    func secondDecision() throws {
        let settings = try Databases.migrated()
        let story = Story(seed: 5, signals: 3)
        try Ledgers.tell(story, settings)
        let first = story.events(of: .risk).first { $0.stream == .riskDecisions }
        guard case .riskDecision(var decision) = first else {
            Issue.record("no decision")
            return
        }
        decision.envelope.sequence = 4
        decision.envelope.id = "risk_decisions-4"
        try Self.append(.riskDecision(decision), to: settings)
        let report = try LedgerVerification.run(PostgresConnection(settings))
        #expect(report.violation?.kind == .decision)
        #expect(report.violation?.place == "risk_decisions")
        #expect(report.violation?.sequence == 4)
    }

    @Test("a second result of an order, or one of no order, is a violation", arguments: [1, 77])
    func strangeResult(order: Int64) throws {
        let settings = try Databases.migrated()
        let story = Story(seed: 5, signals: 12)
        try Ledgers.tell(story, settings)
        guard case .orderResult(var result) = story.events(of: .execution).last else {
            Issue.record("no result")
            return
        }
        let next = result.envelope.sequence + 1
        result.envelope = Envelope(
            sequence: next, id: "order_results-\(next)", cause: "orders-\(order)")
        result.orderID = "orders-\(order)"
        try Self.append(.orderResult(result), to: settings)
        let report = try LedgerVerification.run(PostgresConnection(settings))
        #expect(report.violation?.kind == .result)
        #expect(report.violation?.sequence == (order == 1 ? next : order))
    }

    @Test(
        "money and positions that the fills do not explain are a violation",
        arguments: [true, false])
    func invented(isCash: Bool) throws {
        let settings = try Databases.migrated()
        let story = Story(seed: 5, signals: 12)
        try Ledgers.tell(story, settings)
        let last = story.events(of: .risk).last { event in
            event.stream == .account && event.envelope.cause != nil
        }
        let head = story.events(of: .risk).count { $0.stream == .account }
        guard case .account(var account) = last else {
            Issue.record("no account")
            return
        }
        account.envelope.sequence = Int64(head + 1)
        account.envelope.id = "account-\(head + 1)"
        if isCash {
            account.cash += Money(raw: 1)
        } else {
            account.positions = []
        }
        try Self.append(.account(account), to: settings)
        let report = try LedgerVerification.run(PostgresConnection(settings))
        #expect(report.violation?.kind == (isCash ? .cash : .positions))
        #expect(report.violation?.sequence == Int64(head + 1))
    }
}
