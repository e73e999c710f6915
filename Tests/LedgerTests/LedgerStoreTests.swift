import CoreModels
import EventSchema
import Ledger
import TestKit
import Testing

@Suite("The ledger")
struct LedgerStoreTests {
    private static let story = Story(seed: 7, signals: 20)

    private static func signals(_ range: Range<Int>) -> CommitBatch {
        var batch = CommitBatch()
        for event in story.events(of: .core)[range] { batch.add(event) }
        return batch
    }

    @Test("what was committed is loaded and fetched again, byte for byte")
    func roundTrip() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        var batch = Self.signals(0..<3)
        batch.offsets = [("market:live", 12)]
        batch.state = [
            ("b", .integer(1)), ("a", .decimal(5)), ("c", .text("x")), ("b", .flag(true)),
        ]
        try store.commit(batch)
        var more = Self.signals(3..<5)
        more.offsets = [("market:live", 13)]
        more.state = [("c", nil)]
        try store.commit(more)
        store.close()

        let again = try Databases.owner(.core, settings)
        let loaded = try again.load()
        #expect(loaded.offsets == ["market:live": 13])
        #expect(loaded.state.map(\.key) == ["a", "b"])
        #expect(loaded.state.map(\.value) == [.decimal(5), .flag(true)])
        #expect(loaded.heads[.signals]?.sequence == 5)
        #expect(loaded.heads[.alertsCore] == StreamHead.none)
        let fetched = try again.fetch(after: [("signals", 2)], limit: 2)
        let expected = Self.story.events(of: .core)[2..<4]
        #expect(fetched.map(\.sequence) == [3, 4])
        #expect(fetched.map(\.payload) == expected.map(EventCodec.encode))
    }

    @Test("a batch made of rows the ledger holds is stored; of any other, nothing is")
    func proof() throws {
        let settings = try Databases.migrated()
        try Databases.owner(.core, settings).commit(Self.signals(0..<2))
        let store = try Databases.owner(.risk, settings)
        let rows = try store.fetch(after: [("signals", 0)], limit: 2)
        var forged = rows
        forged[1].payload[20] ^= 1
        var early = rows
        early[1].sequence = 3
        for lies in [forged, early] {
            var batch = CommitBatch()
            batch.offsets = [("signals", 2)]
            batch.unproven = lies
            let error = #expect(throws: PostgresError.self) { try store.commit(batch) }
            #expect(error?.isFailedProof == true)
        }
        #expect(try store.load().offsets.isEmpty)
        var batch = CommitBatch()
        batch.offsets = [("signals", 2)]
        batch.unproven = rows
        try store.commit(batch)
        #expect(try store.load().offsets == ["signals": 2])
    }

    @Test("the hash is that of DELIVERY.md, computed by Postgres itself")
    func hash() throws {
        let settings = try Databases.migrated()
        try Databases.owner(.core, settings).commit(Self.signals(0..<4))
        let connection = try PostgresConnection(settings)
        let wrong = try connection.number(
            """
            SELECT count(*) FROM (SELECT hash, sha256(coalesce(lag(hash) OVER (ORDER BY seq),
                decode(repeat('00', 32), 'hex')) || convert_to(stream, 'UTF8') || '\\x00'::bytea
                || int8send(seq) || convert_to(payload::text, 'UTF8')) AS proof
                FROM ledger) r WHERE hash <> proof
            """)
        #expect(wrong == 0)
        #expect(try connection.number("SELECT count(*) FROM ledger") == 4)
    }

    @Test("streams come in the order asked, each contiguous, and a hole is named")
    func holes() throws {
        let settings = try Databases.migrated()
        try Ledgers.tell(Self.story, settings)
        let store = try LedgerStore(settings, service: .writer)
        let fetched = try store.fetch(after: [("orders", 1), ("signals", 3)], limit: 2)
        #expect(fetched.map(\.stream) == ["orders", "orders", "signals", "signals"])
        #expect(fetched.map(\.sequence) == [2, 3, 4, 5])
        try PostgresConnection(settings).execute(
            "DELETE FROM ledger WHERE stream = 'signals' AND seq = 5")
        #expect(throws: LedgerError.hole(stream: "signals", expected: 5, found: 6)) {
            try store.fetch(after: [("orders", 1), ("signals", 3)], limit: 2)
        }
    }

    @Test("a second copy is told who owns the streams, and owns them when the first is gone")
    func locks() throws {
        let settings = try Databases.migrated()
        let first = try Databases.owner(.risk, settings)
        let second = try LedgerStore(settings, service: .risk)
        guard case .heldBy(let holder) = try second.acquireLocks() else {
            Issue.record("two copies own the streams")
            return
        }
        #expect(holder.hasPrefix("cdb_risk (process "))
        #expect(try Databases.owner(.core, settings).isOpen)
        first.close()
        let isOwner = try eventually { try second.acquireLocks() == .owned }
        #expect(isOwner)
    }

    @Test("a number that somebody else wrote means the ownership is lost, and nothing is stored")
    func conflict() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        try PostgresConnection(settings).execute(
            """
            INSERT INTO ledger VALUES ('signals', 1, now(), NULL, NULL, '{}',
                decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))
            """)
        var batch = Self.signals(0..<1)
        batch.state = [("a", .integer(1))]
        let error = #expect(throws: PostgresError.self) { try store.commit(batch) }
        guard case .ownershipLost = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!store.isOpen)
        let connection = try PostgresConnection(settings)
        #expect(try connection.number("SELECT count(*) FROM service_state") == 0)
    }

    @Test("a session that breaks at a commit leaves the outcome to the ledger; loading tells it")
    func unknownOutcome() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        try store.commit(Self.signals(0..<1))
        let admin = try PostgresConnection(settings)
        try admin.execute(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE application_name = 'cdb_core' AND datname = current_database()
            """)
        let error = #expect(throws: PostgresError.self) {
            try store.commit(Self.signals(1..<2))
        }
        guard case .unknownOutcome = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let again = try Databases.owner(.core, settings)
        #expect(try again.load().heads[.signals]?.sequence == 1)
        try again.commit(Self.signals(1..<2))
        #expect(try again.load().heads[.signals]?.sequence == 2)
    }

    @Test(
        "a ledger whose top was touched is not gone on with",
        arguments: [
            ("DELETE FROM ledger WHERE seq = 3", "top"),
            ("UPDATE ledger SET hash = prev_hash WHERE seq = 3", "forged"),
            (
                """
                INSERT INTO ledger SELECT stream, 4, ts, cause, trace, payload, hash, hash
                FROM ledger WHERE seq = 3
                """, "top"
            ),
            ("DELETE FROM service_state WHERE key = 'stream:signals'", "top"),
        ])
    func touchedTop(script: String, kind: String) throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.core, settings)
        try store.commit(Self.signals(0..<3))
        try PostgresConnection(settings).execute(script)
        let error = #expect(throws: LedgerError.self) { try store.load() }
        switch error {
        case .top: #expect(kind == "top")
        case .forgedTop(let stream, let sequence):
            #expect(kind == "forged")
            #expect(stream == "signals" && sequence == 3)
        case .hole, .unreadableState, nil: Issue.record("\(String(describing: error))")
        }
    }

    @Test("a message is the ledger's only byte for byte and under its own number")
    func holds() throws {
        let store = try Databases.owner(.core, Databases.migrated())
        let batch = Self.signals(0..<2)
        try store.commit(batch)
        let payload = batch.events[1].payload
        #expect(try store.holds(.signals, sequence: 2, payload))
        #expect(try !store.holds(.signals, sequence: 1, payload))
        #expect(try !store.holds(.signals, sequence: 2, payload + [0x20]))
        #expect(try !store.holds(.signals, sequence: 3, payload))
    }

    @Test("backlog and progress count what the deciding services have not handled")
    func progress() throws {
        let settings = try Databases.migrated()
        try Ledgers.tell(Self.story, settings)
        let orders = Int64(Self.story.events(of: .risk).count { $0.stream == .orders })
        let results = Int64(Self.story.events(of: .execution).count)
        let execution = try Databases.owner(.execution, settings)
        #expect(try execution.ordersBacklog() == Int(orders))
        var batch = CommitBatch()
        batch.offsets = [("orders", orders - 2), ("market:replay-1", 40)]
        try execution.commit(batch)
        #expect(try execution.ordersBacklog() == 2)
        let snapshot = try execution.progress(feed: "replay-1")
        #expect(snapshot.market == ["cdb_execution": 40])
        #expect(snapshot.heads == [.signals: 20, .orders: orders, .orderResults: results])
        #expect(snapshot.offsets["cdb_execution"] == [.orders: orders - 2])
        #expect(snapshot.pending == 2 + results)
    }

    @Test("what could not be read is kept with its reason, once, whatever its bytes are")
    func deadLetters() throws {
        let settings = try Databases.migrated()
        let store = try Databases.owner(.writer, settings)
        var batch = CommitBatch()
        batch.deadLetters = [
            DeadLetter(
                stream: "orders", sequence: 3, reason: "not_json", payload: [0xFF, 0, 0x41])
        ]
        try store.commit(batch)
        try store.commit(batch)
        let connection = try PostgresConnection(settings)
        #expect(
            try connection.rows("SELECT consumer, stream, seq, reason, payload FROM dead_letters")
                == [["(cdb_writer,orders,3,not_json,\u{FFFD}\u{FFFD}A)"]])
    }
}
