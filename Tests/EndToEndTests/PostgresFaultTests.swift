import CoreModels
import Glibc
import Ledger
import PrivateServers
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    /// Rows of the failure matrix (docs/DELIVERY.md) about Postgres: without it nothing is decided.
    @Suite("Postgres that fails")
    struct PostgresFaultTests {
        @Test("without Postgres nothing is decided; a halt holds and is the first thing committed")
        func away() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            stack[.risk].freeze()
            try stack.stimulate("ETH_USDT")
            try stack.wait("a signal waits for risk") { try stack.count(.signals) == 2 }
            stack.servers.postgres.kill()
            stack[.risk].thaw()
            try stack.wait("every /readyz names Postgres") {
                try stack.services.values.allSatisfy { try $0.failsCheck("postgres") }
            }
            try stack.stimulate("SOL_USDT")

            let reply = stack[.risk].send(
                "POST", "/halt", token: Stack.token, body: #"{"reason":"the test wants it"}"#)
            #expect(reply?.status == 202)
            let page = try JSONDocument.parse(Array((reply?.body ?? "").utf8))
            #expect(page["durable"].flag == false)
            #expect(stack.allRun)

            try stack.servers.postgres.restart()
            try stack.waitUntilReady()
            try stack.wait("the waiting signal is decided") { try stack.count(.riskDecisions) == 2 }
            // Nothing of risk has an older transaction than the halt.
            let order = try stack.rows(
                """
                SELECT stream, payload->>'code' FROM ledger WHERE ts > (SELECT max(ts) FROM ledger
                    WHERE stream = 'signals') AND stream IN ('risk_decisions', 'orders',
                    'alerts.cdb_risk') ORDER BY xmin::text::bigint, stream
                """)
            #expect(order.first == "(alerts.cdb_risk,HALTED)")
            #expect(
                try stack.rows(
                    "SELECT payload->>'code' FROM ledger WHERE stream = 'risk_decisions' AND seq = 2"
                ) == ["(HALTED)"])
            try stack.tick("SOL_USDT")
            try stack.stimulate("SOL_USDT")
            try stack.wait("one more signal is decided") { try stack.count(.riskDecisions) == 3 }
            #expect(try stack.count(.orders) == 1)
            #expect(try stack[.risk].document("/status")["trading"]["state"].text == "HALTED")
            try stack.expectWhole(signals: 3)
        }

        @Test("a halt that is answered while a commit hangs lets no opening order out afterwards")
        func haltWhileCommitHangs() throws {
            let stack = try Stack()
            stack[.risk].freeze()
            try stack.stimulate()
            try stack.wait("the signal is stored") { try stack.count(.signals) == 1 }
            var answer: (status: Int, body: String)?
            try stack.withLedgerLocked { _ in
                stack[.risk].thaw()
                try stack.waitForBlockedCommit(of: .risk)
                // The commit gives up, and the halt is answered, while the lock still holds.
                answer = stack[.risk].send(
                    "POST", "/halt", token: Stack.token, body: #"{"reason":"hanging commit"}"#,
                    seconds: 40)
            }
            #expect(answer?.status == 202)
            try stack.wait("the halt is committed") { try stack.alerts(.risk, "HALTED") == 1 }
            try stack.wait("the signal is decided") { try stack.count(.riskDecisions) == 1 }
            #expect(try stack.count(.orders) == 0)
            try stack.expectWhole(signals: 1)
        }

        @Test("Postgres restarted in order: the services resume by themselves")
        func restarted() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.servers.postgres.restart()
            try stack.wait("every state is loaded again") {
                try Stack.everything.allSatisfy {
                    try stack[$0].logLines(with: "session_opened") >= 2
                }
            }
            try stack.waitUntilReady()
            try stack.trade("ETH_USDT")
            #expect(stack.allRun)
            try stack.expectWhole(signals: 2)
        }
    }
}
