import CoreModels
import Ledger
import PrivateServers
import Testing

extension EndToEnd {
    /// "A row of the ledger deleted or changed, the top row included: `cdb verify` names it."
    @Suite("A ledger that was tampered with")
    struct TamperingTests {
        struct Damage: Sendable {
            let script: String
            let kind: LedgerViolation.Kind
            let place: String
            let sequence: Int64
        }

        static let damages = [
            Damage(
                script: "DELETE FROM ledger WHERE stream = 'signals' AND seq = 2",
                kind: .gap, place: "signals", sequence: 2),
            Damage(
                script: "DELETE FROM ledger WHERE stream = 'orders' AND seq = 1",
                kind: .gap, place: "orders", sequence: 1),
            Damage(
                script: "DELETE FROM ledger WHERE stream = 'risk_decisions' AND seq = 3",
                kind: .top, place: "risk_decisions", sequence: 3),
            Damage(
                script: "DELETE FROM ledger WHERE stream = 'order_results'",
                kind: .top, place: "order_results", sequence: 3),
            Damage(
                script: """
                    UPDATE ledger SET payload = replace(payload::text, 'BUY', 'SELL')::json
                    WHERE stream = 'order_results' AND seq = 2
                    """,
                kind: .hash, place: "order_results", sequence: 2),
            Damage(
                script: """
                    UPDATE ledger SET payload = replace(payload::text, 'BUY', 'SELL')::json
                    WHERE stream = 'signals' AND seq = 3
                    """,
                kind: .hash, place: "signals", sequence: 3),
            Damage(
                // With a hash that fits, as somebody who knows how would do it.
                script: """
                    UPDATE ledger SET payload = changed.payload::json, hash = sha256(prev_hash
                        || convert_to(stream, 'UTF8') || '\\x00'::bytea || int8send(seq)
                        || convert_to(changed.payload, 'UTF8'))
                    FROM (SELECT replace(payload::text, '"HAND"', '"hand"') || ' ' AS payload
                        FROM ledger WHERE stream = 'signals' AND seq = 3) AS changed
                    WHERE stream = 'signals' AND seq = 3
                    """,
                kind: .top, place: "signals", sequence: 3),
            Damage(
                script: "UPDATE fills SET quantity = quantity + 1 WHERE order_id = 'orders-2'",
                kind: .readTable, place: "order_results", sequence: 2),
        ]

        @Test("the verification names what was deleted or changed, the top row included")
        func named() throws {
            let stack = try Stack()
            for _ in 1...3 { try stack.trade() }
            try stack.expectWhole(signals: 3)
            try stack.stopAll()
            for damage in Self.damages {
                let copy = try stack.servers.freshDatabase(copying: stack.database)
                let connection = try PostgresConnection(stack.servers.settings(copy))
                defer { connection.close() }
                try connection.execute(damage.script)
                let violation = try LedgerVerification.run(connection).violation
                #expect(violation?.kind == damage.kind, "\(damage.script)")
                #expect(violation?.place == damage.place, "\(damage.script)")
                #expect(violation?.sequence == damage.sequence, "\(damage.script)")
            }
        }

        @Test("cdb verify says it and exits with 1, and with 0 when all is well")
        func command() throws {
            let stack = try Stack()
            for _ in 1...2 { try stack.trade() }
            try stack.expectWhole(signals: 2)
            try stack.stopAll()
            let before = try stack.cdb("verify")
            #expect(before.status == .exited(0), "\(before.output)")
            try stack.execute("DELETE FROM ledger WHERE stream = 'account' AND seq = 1")
            let after = try stack.cdb("verify")
            #expect(after.status == .exited(1))
            #expect(after.output.contains("account seq 1"))
        }

        @Test("a service that finds a hole, or another top than it remembers, stops with a reason")
        func refusedAtStart() throws {
            let stack = try Stack()
            for _ in 1...2 { try stack.trade() }
            try stack.expectWhole(signals: 2)
            try stack.stopAll()
            try stack.execute("DELETE FROM ledger WHERE stream = 'signals' AND seq = 2")
            try stack.start(.core)
            try stack.wait("the owner refuses") {
                stack[.core].exitStatus == .exited(1)
            }
            #expect(try stack[.core].logText().contains("cdb verify"))
        }
    }
}
