import CoreModels
import PrivateServers
import Glibc
import RedisBus
import ServiceKit
import Testing

extension EndToEnd {
    /// Rows of the failure matrix (docs/DELIVERY.md) about whoever decides and commits.
    @Suite("Owners and consumers that die")
    struct OwnerTests {
        @Test("an owner killed before its commit has done nothing, and handles the input again")
        func beforeCommit() throws {
            let stack = try Stack()
            // The signal itself gets through: risk's commit is the one that hangs.
            stack[.risk].freeze()
            try stack.stimulate()
            try stack.wait("the signal is stored") { try stack.count(.signals) == 1 }
            try stack.withLedgerLocked { lock in
                stack[.risk].thaw()
                try stack.waitForBlockedCommit(of: .risk)
                let backend = try stack.backend(of: .risk)
                stack[.risk].kill()
                try stack.terminateBackend(backend)
                lock.release()
            }
            #expect(try stack.count(.riskDecisions) == 0)
            let handled = try stack.number(
                """
                SELECT coalesce(max(seq), 0) FROM consumer_offset
                WHERE consumer = 'cdb_risk' AND stream = 'signals'
                """)
            #expect(handled == 0)

            try stack[.risk].restart()
            try stack.wait("the signal is decided") { try stack.count(.riskDecisions) == 1 }
            try stack.waitUntilReady()
            try stack.trade()
            try stack.expectWhole(signals: 2)
        }

        @Test("what an owner committed and could not publish, the consumers find in the ledger")
        func betweenCommitAndPublish() throws {
            let stack = try Stack()
            let listener = try stack.listen(to: ["signals"])
            try stack.withLedgerLocked { lock in
                try stack.stimulate()
                try stack.waitForBlockedCommit(of: .core)
                stack[.core].freeze()
                lock.release()
            }
            try stack.wait("the signal is stored") { try stack.count(.signals) == 1 }
            stack[.core].kill()
            try stack.wait("the signal is executed") { try stack.count(.orderResults) == 1 }
            listener.service(SystemClock.monotonicMilliseconds)
            #expect(listener.receive(limit: 100) { _, _ in } == 0)

            try stack[.core].restart()
            try stack.waitUntilReady()
            try stack.trade()
            try stack.expectWhole(signals: 2)
        }

        enum Moment: CaseIterable { case beforeCommit, inCommit, afterCommit }

        @Test("a Postgres connection that is cut leaves one effect", arguments: Moment.allCases)
        func cutConnection(_ moment: Moment) throws {
            let stack = try Stack()
            stack[.risk].freeze()
            try stack.stimulate()
            try stack.wait("the signal is stored") { try stack.count(.signals) == 1 }
            let backend = try stack.backend(of: .risk)
            switch moment {
            case .beforeCommit:
                try stack.terminateBackend(backend)
                stack[.risk].thaw()
            case .inCommit:
                try stack.withLedgerLocked { _ in
                    stack[.risk].thaw()
                    try stack.waitForBlockedCommit(of: .risk)
                    try stack.terminateBackend(backend)
                }
            case .afterCommit:
                try stack.freezeAfterDecision()
                try stack.terminateBackend(backend)
                stack[.risk].thaw()
            }
            try stack.wait("the signal is decided") { try stack.count(.riskDecisions) == 1 }
            // Without a session market_data is dropped, and a board may still be of the time before.
            try stack.wait("risk has loaded its state again") {
                try stack[.risk].logLines(with: "session_opened") >= 2
            }
            try stack.waitUntilReady()
            try stack.trade()
            try stack.wait("both are decided") { try stack.count(.riskDecisions) == 2 }
            #expect(stack[.risk].isRunning)
            try stack.expectWhole(signals: 2)
        }

        @Test(
            "when the owner's backend is ended while a second copy waits, one owns and none forks")
        func takeover() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            let second = try stack.startSecond(.risk)
            try stack.wait("the second copy waits") { try second.failsCheck("lock") }
            for round in 1...3 {
                let backend = try stack.backend(of: .risk)
                try stack.terminateBackend(backend)
                try stack.wait("one of the two owns the streams") {
                    let owner = try stack.backend(of: .risk)
                    return owner != 0 && owner != backend
                        && stack[.risk].isReady != second.isReady
                }
                // A symbol both have a fresh quote of, and one decision each.
                try stack.stimulate("ETH_USDT")
                try stack.wait("the signal is decided") {
                    try stack.count(.riskDecisions) == Int64(round + 1)
                }
            }
            #expect(stack[.risk].isRunning && second.isRunning)
            try stack.expectWhole(signals: 4)
        }

        @Test("a consumer killed before its commit handles the order again, with one effect")
        func consumerBeforeCommit() throws {
            let stack = try Stack()
            stack[.execution].freeze()
            try stack.stimulate()
            try stack.wait("the order is stored") { try stack.count(.orders) == 1 }
            try stack.withLedgerLocked { lock in
                stack[.execution].thaw()
                try stack.waitForBlockedCommit(of: .execution)
                let backend = try stack.backend(of: .execution)
                stack[.execution].kill()
                try stack.terminateBackend(backend)
                lock.release()
            }
            #expect(try stack.count(.orderResults) == 0)
            try stack[.execution].restart()
            try stack.wait("the order has its result") { try stack.count(.orderResults) == 1 }
            try stack.expectWhole(signals: 1)
        }

        @Test(
            "a consumer killed after its commit does not handle the input again",
            arguments: [Service.risk, .execution, .writer])
        func consumerAfterCommit(_ service: Service) throws {
            let stack = try Stack()
            try stack.trade()
            try stack.expectWhole(signals: 1)
            stack[service].kill()
            try stack[service].restart()
            try stack.waitUntilReady()
            try stack.trade()
            #expect(try stack.count(.riskDecisions) == 2)
            #expect(try stack.count(.orderResults) == 2)
            #expect(try stack.number("SELECT count(*) FROM fills") <= 2)
            try stack.expectWhole(signals: 2)
        }

        @Test("a second copy does not act, names who holds the lock, and ends with 1")
        func secondCopy() throws {
            let stack = try Stack()
            let copies = try Stack.everything.map {
                try stack.startSecond($0, ["STARTUP_TIMEOUT_SEC": "5"])
            }
            for copy in copies {
                try stack.wait("the second \(copy.name) is not ready") {
                    try copy.failsCheck("lock")
                }
            }
            try stack.trade()
            for copy in copies {
                try stack.wait("the second \(copy.name) gives up") {
                    copy.exitStatus == .exited(1)
                }
                let log = try copy.logText()
                #expect(log.contains("another copy owns the streams"))
                #expect(log.contains("\(copy.name) (process "))
            }
            #expect(stack.allRun)
            try stack.expectWhole(signals: 1)
        }
    }
}

extension Stack {
    /// Lets risk, which is frozen, commit its decision, but not learn that it did.
    fileprivate func freezeAfterDecision() throws {
        try wait("the decision is stored") {
            try withLedgerLocked { _ in
                self[.risk].thaw()
                try waitForBlockedCommit(of: .risk)
                self[.risk].freeze()
            }
            // What hung may have been the account of the minute, and the decision comes next.
            try wait("what hung is stored") {
                try number(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)'
                        AND application_name = 'cdb_risk' AND state = 'active'
                    """) == 0
            }
            return try count(.riskDecisions) == 1
        }
    }
}
