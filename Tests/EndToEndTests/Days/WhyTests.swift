import CoreModels
import EventSchema
import PrivateServers
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    @Suite("cdb why and cdb why-not")
    struct WhyTests {
        private static func ids(_ report: Value) -> [String] {
            (report["events"].list ?? []).compactMap { $0["id"].text }
        }

        @Test("tell the story of what was traded, and what was missing where nothing was")
        func story() throws {
            let day = try RecordedDay(seed: 1, settings: ["SIGNAL_COOLDOWN_SEC": "3600"])
            let stack = day.stack
            try stack.tick("ETH_USDT", change: "0.1")  // 1: below the threshold
            try stack.trade("BTC_USDT")  // 2: bought
            try stack.tick("BTC_USDT", change: "0.7")  // 3: cools down
            try stack.tick("SOL_USDT", change: "-0.9")  // 4: nothing to sell
            stack.sent += 1
            try stack.publish(
                "market_data",
                #"{"type":"market_data","symbol":"ADA_USDT","timestamp":\#(try now(stack)),"price":1,"#
                    + #""volume":40000,"pct_change":2,"feed":"\#(stack.feed)","seq":5}"#)
            try day.settle()
            try stack.tick("BTC_USDT", price: "44000.0", change: "0.1")  // 6: the stop-loss
            try stack.wait("the stop-loss is filled") {
                try stack.number("SELECT count(*) FROM trades WHERE status = 'CLOSED'") == 1
            }
            try day.settle()
            try day.end()

            try expectChains(day)
            try expectTrade(day)
            try expectRefusals(day)
            try expectAnswersWithoutRecording(day)
        }

        private func now(_ stack: Stack) throws -> Int64 {
            try stack.number("SELECT (extract(epoch FROM now()) * 1000)::bigint")
        }

        /// Every event of a chain tells the whole chain.
        private func expectChains(_ day: RecordedDay) throws {
            let chain = [
                "signals-1", "risk_decisions-1", "orders-1", "order_results-1", "account-2",
            ]
            for id in chain + ["cdb-1"] {
                let run = try day.stack.cdb("why", id, "--json")
                #expect(run.status == .exited(0), "\(run.output)")
                #expect(Self.ids(try RecordedDay.report(run.output)) == chain)
            }
            let told = try day.stack.cdb("why", "orders-1").output
            #expect(told.contains("because: Momentum +0.50% in 15m (threshold 0.40%)"))
            #expect(told.contains("from: message 2 of \(day.stack.feed)"))
            #expect(told.contains("layer 5, position_size: "))
            #expect(told.contains("FILLED "))

            // The stop-loss has no signal; the alert that announced it has the numbers.
            let protection = try day.stack.cdb("why", "orders-2").output
            #expect(protection.contains("closes or shrinks a position"))
            #expect(protection.contains("BTC_USDT: the loss reached STOP_LOSS_PCT"))
            #expect(protection.contains("STOP_LOSS, reduce-only"))

            let unknown = try day.stack.cdb("why", "orders-77")
            #expect(unknown.status == .exited(1))
            #expect(unknown.output.contains("orders-77 is unknown here"))
        }

        private func expectTrade(_ day: RecordedDay) throws {
            for id in ["trades-1", "BTC_USDT", "BTCUSDT"] {
                let run = try day.stack.cdb("why", id, "--json")
                #expect(run.status == .exited(0), "\(run.output)")
                let report = try RecordedDay.report(run.output)
                #expect(report["trade"]["trade_id"].text == "trades-1")
                #expect(report["trade"]["orders"] == .list([.text("orders-1"), .text("orders-2")]))
                #expect(report["trade"]["status"].text == "CLOSED")
                let ids = Self.ids(report)
                #expect(ids.contains("order_results-1") && ids.contains("order_results-2"))
            }
        }

        /// What failed first and by how much, per message of the market.
        private func expectRefusals(_ day: RecordedDay) throws {
            let received = try day.received()
            let cases: [(message: Int, symbol: String, name: String, missing: String?)] = [
                (1, "ETH_USDT", "threshold", "0.3"), (3, "BTC_USDT", "cooldown", nil),
                (4, "SOL_USDT", "order_sanity", nil), (5, "ADA_USDT", "volume", "60000"),
            ]
            for (message, symbol, name, missing) in cases {
                let time = ISO8601.text(try #require(received[Int64(message)]))
                let run = try day.run(["why-not", symbol, time, "--json"])
                #expect(run.status == .exited(0), "\(run.output)")
                let report = try RecordedDay.report(run.output)
                #expect(report["traded"].flag == false)
                #expect(report["failed"].text == name, "\(run.output)")
                if let missing {
                    #expect(report["missing"].fixed(RatioUnit.self) == Ratio(missing))
                }
                let told = try day.run(["why-not", symbol, time]).output
                #expect(told.contains("no trade: \(name) failed first"))
            }
            let cooling = try day.run([
                "why-not", "BTC_USDT", ISO8601.text(try #require(received[3])), "--json",
            ])
            let left = try RecordedDay.report(cooling.output)
            #expect(left["signal_id"].text == "signals-1")
            let missing = try #require(left["missing"].fixed(RatioUnit.self))
            #expect(missing > Ratio(3_400) && missing <= Ratio(3_600))
            let sale = try day.run([
                "why-not", "SOL_USDT", ISO8601.text(try #require(received[4])), "--json",
            ])
            #expect(try RecordedDay.report(sale.output)["code"].text == "NO_POSITION")
            let traded = try day.run([
                "why-not", "BTC_USDT", ISO8601.text(try #require(received[2])),
            ])
            #expect(traded.status == .exited(0))
            #expect(traded.output.contains("there was a trade: orders-1 (signals-1)"))
        }

        private func expectAnswersWithoutRecording(_ day: RecordedDay) throws {
            let received = try day.received()
            let time = ISO8601.text(try #require(received[4]).advanced(by: 5_000))
            let sale = try day.stack.cdb("why-not", "SOL_USDT", time)
            #expect(sale.status == .exited(0), "\(sale.output)")
            #expect(sale.output.contains("the ledger tells"))
            #expect(sale.output.contains("NO_POSITION"))
            let other = try day.stack.cdb("why-not", "ETH_USDT", time)
            #expect(other.status == .exited(1))
            #expect(other.output.contains("nothing is known of ETH_USDT at"))
        }

        @Test(
            "are used wrongly with a clear message",
            arguments: [
                (["why"], "ID is missing"), (["why-not", "BTC_USDT"], "TIME is missing"),
                (["why-not", "?", "2026-01-01"], "SYMBOL ?: a pair like BTC_USDT"),
                (["why-not", "BTC_USDT", "now"], "TIME now: a time like"),
            ])
        func wrongUse(words: [String], text: String) throws {
            let run = try Programs.run("cdb", words)
            #expect(run.status == .exited(2))
            #expect(run.output.contains(text))
        }
    }
}
