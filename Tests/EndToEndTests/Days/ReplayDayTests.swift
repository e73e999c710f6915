import CoreModels
import Ledger
import MarketSources
import PrivateServers
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    @Suite("cdb replay-day --check")
    struct ReplayDayTests {
        /// One day is recorded; copies of its ledger and of its recording are then tampered with.
        @Test("says that production decides the same again, and names what was changed")
        func day() throws {
            let day = try RecordedDay(seed: 7)
            let stack = day.stack
            try day.trade(rounds: 25)
            try stack.publish(
                "signals", #"{"type":"signal","symbol":"BTC_USDT","side":"BUY","confidence":0.2}"#)
            try stack.wait("the signal by hand is adopted") {
                try stack.number(
                    "SELECT count(*) FROM ledger WHERE payload->>'source' = 'manual'") == 1
            }
            try day.settle()
            try order(stack, "/halt", #"{"reason":"the test wants it","flatten":true}"#)
            try day.trade(rounds: 5)
            try day.settle()
            try order(stack, "/release", #"{"reason":"the test wants it"}"#)
            // A border between two rounds: nothing is on its way.
            let middle = try day.pause()
            try day.trade(rounds: 20)
            try day.end()
            let counts = try LedgerCounts(stack)
            #expect(counts.signals > 50)
            #expect(counts.orders > 20)
            #expect(counts.stopLosses > 0)

            try expectEqual(day, counts)
            try expectMiddle(day, from: middle)
            try expectLedgerChange(day)
            try expectRecordingChanges(day)
            let early = try day.run(["replay-day", "2020-01-01", "2020-01-02", "--check"])
            #expect(early.status == .exited(1))
            #expect(early.output.contains("the recording begins at"))
            let list = try day.run(["replay-day", "2020-01-01", "2090-01-01"])
            #expect(list.status == .exited(0))
            #expect(list.output.contains(" decision "))
        }

        private func order(_ stack: Stack, _ path: String, _ body: String) throws {
            let answer = stack[.risk].send(
                "POST", path, token: Stack.token, body: body, seconds: 20)
            #expect(answer?.status == 200, "\(answer?.body ?? "no answer")")
        }

        /// Signals, risk_decisions, orders, order_results and account events of a stack.
        private struct LedgerCounts {
            let signals, decisions, orders, accounts, stopLosses: Int64

            init(_ stack: Stack) throws {
                signals = try stack.count(.signals)
                decisions = try stack.count(.riskDecisions)
                orders = try stack.count(.orders)
                accounts = try stack.count(.account)
                stopLosses = try stack.number(
                    "SELECT count(*) FROM ledger WHERE payload->>'reason' = 'STOP_LOSS'")
            }
        }

        private func expectEqual(_ day: RecordedDay, _ counts: LedgerCounts) throws {
            let run = try day.check()
            #expect(run.status == .exited(0), "\(run.output)")
            let report = try RecordedDay.report(run.output)
            #expect(report["difference"] == .null)
            #expect(report["clock"].text == "wall")
            #expect(report["not_compared"].integer == 0)
            #expect(report["holes"].list == [])
            let equal = report["equal"]
            #expect(equal["signals"].integer == counts.signals)
            #expect(equal["risk_decisions"].integer == counts.decisions)
            #expect(equal["orders"].integer == counts.orders)
            #expect(equal["order_results"].integer == counts.orders)
            #expect(equal["account"].integer == counts.accounts)
        }

        /// From the middle on: the books come from the ledger, the windows from the recording.
        private func expectMiddle(_ day: RecordedDay, from: Timestamp) throws {
            let run = try day.run(
                ["replay-day", ISO8601.text(from), "2090-01-01", "--check", "--json"])
            #expect(run.status == .exited(0), "\(run.output)")
            let report = try RecordedDay.report(run.output)
            #expect(report["from"].time == from)
            #expect((report["equal"]["signals"].integer ?? 0) > 10, "\(run.output)")
            #expect((report["equal"]["orders"].integer ?? 0) > 0)
        }

        private func expectLedgerChange(_ day: RecordedDay) throws {
            for (stream, field, value) in [
                ("risk_decisions", "quantity", "0.12345"), ("order_results", "price", "1.5"),
                ("signals", "confidence", "0.9999"),
            ] {
                let copy = try day.stack.copyOfLedger { connection in
                    try connection.execute(
                        """
                        UPDATE ledger SET payload =
                            regexp_replace(payload::text, '"\(field)":[0-9.]+', '"\(field)":\(value)')::json
                        WHERE stream = '\(stream)' AND seq = (SELECT seq FROM ledger
                            WHERE stream = '\(stream)' AND payload::text ~ '"\(field)":[0-9.]+'
                                AND (payload->>'signal_id' IS NOT NULL OR stream <> 'risk_decisions')
                            ORDER BY seq OFFSET 12 LIMIT 1)
                        """)
                    return try connection.text(
                        """
                        SELECT stream || '-' || seq FROM ledger WHERE stream = '\(stream)'
                            AND payload::text LIKE '%"\(field)":\(value),%'
                        """)
                }
                let run = try day.check(database: copy.name)
                #expect(run.status == .exited(1))
                let found = try RecordedDay.report(run.output)["difference"]
                #expect(found["id"].text == copy.answer, "\(run.output)")
                #expect(found["kind"].text == "different")
                let names = found["fields"].list?.compactMap { $0["name"].text }
                #expect(names?.contains(field) == true, "\(run.output)")
                let told = try day.check(database: copy.name, json: false).output
                #expect(told.contains("DIFFERENCE: \(copy.answer) at "))
                #expect(told.contains("\(field): \(value) in the ledger"))
            }
        }

        /// The message of a signal in the middle is changed, and then left out.
        private func expectRecordingChanges(_ day: RecordedDay) throws {
            let row = try day.stack.rows(
                """
                SELECT seq, payload->'market'->>'seq' FROM ledger
                WHERE stream = 'signals' ORDER BY seq OFFSET 20 LIMIT 1
                """)[0].dropFirst().dropLast().split(separator: ",")
            let signal = "signals-\(row[0])"
            let number = Int64(row[1])

            let calm = try day.changedRecording { _, message in
                guard message.data.reference?.sequence == number else { return message }
                var changed = message
                changed.data.pctChange = .zero
                return changed
            }
            let changed = try day.check(recordings: calm)
            #expect(changed.status == .exited(1))
            let difference = try RecordedDay.report(changed.output)["difference"]
            #expect(difference["id"].text == signal, "\(changed.output)")
            #expect(difference["kind"].text == "not_decided")

            let short = try day.changedRecording { _, message in
                message.data.reference?.sequence == number ? nil : message
            }
            let missing = try day.check(recordings: short)
            #expect(missing.status == .exited(1))
            let report = try RecordedDay.report(missing.output)
            #expect(report["difference"]["id"].text == signal, "\(missing.output)")
            #expect(report["difference"]["kind"].text == "not_recorded")
            #expect(report["holes"].list?.first?["first_seq"].integer == number)
            let told = try day.check(recordings: short, json: false).output
            #expect(told.contains("NOT RECORDED: "))
            #expect(told.contains("the recording lacks message \(number ?? 0) of"))
        }

        @Test(
            "is used wrongly with a clear message",
            arguments: [
                (["replay-day", "yesterday", "2026-01-02"], "FROM yesterday: a time like"),
                (["replay-day", "2026-01-02", "2026-01-01"], "FROM has to be before TO"),
                (["replay-day", "2026-01-02"], "TO is missing"),
            ])
        func wrongUse(words: [String], text: String) throws {
            let run = try Programs.run("cdb", words)
            #expect(run.status == .exited(2))
            #expect(run.output.contains(text))
        }

        @Test("says that there is no recording")
        func noRecording() throws {
            let stack = try Stack([], waits: false)
            let run = try stack.cdb("replay-day", "2026-01-01", "2026-01-02", "--check")
            #expect(run.status == .exited(2))
            #expect(run.output.contains("recordings is not there: cdb record writes recordings"))
        }
    }
}
