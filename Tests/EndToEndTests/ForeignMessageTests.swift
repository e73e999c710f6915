import CoreModels
import EventSchema
import ServiceKit
import Testing

extension EndToEnd {
    /// What others publish on our channels (docs/EVENTS.md, docs/DELIVERY.md).
    @Suite("Foreign and forged messages")
    struct ForeignMessageTests {
        static let decisionChannels: [(channel: Channel, owner: Service)] = [
            (.signals, .core), (.riskDecisions, .risk), (.orders, .risk),
            (.orderResults, .execution), (.account, .risk), (.alerts, .risk),
        ]

        @Test("a forged message on any decision channel, with any seq, has no effect but an alert")
        func forged() throws {
            let stack = try Stack(settings: ["ALLOW_INJECT": "false"])
            try stack.trade("BTC_USDT")
            try stack.expectWhole(signals: 1)
            let before = try stack.rows(Self.everythingButAlerts)
            for (channel, owner) in Self.decisionChannels {
                // The echo of the last one may still hold this second's alert back.
                try stack.wait("the alert about \(channel.rawValue)") {
                    for sequence in ["1", "2", "999999999", "null"] {
                        try stack.publish(channel.rawValue, Self.forgery(channel, sequence))
                    }
                    return try stack.number(Self.alerts(owner, channel)) >= 1
                }
            }
            try stack.expectWhole(signals: 1)
            #expect(try stack.rows(Self.everythingButAlerts) == before)
            #expect(stack.allReady)
        }

        @Test(
            "a forgery that looks like the very next event is found out before anything is stored")
        func forgedNext() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.expectWhole(signals: 1)
            let before = try stack.rows(Self.everythingButAlerts)
            let signal = try stack.payload("signals", 1)
            let forgery = String(decoding: signal, as: UTF8.self)
                .replacing(#""seq":1,"#, with: #""seq":2,"#)
                .replacing("signals-1", with: "signals-2")
            #expect(forgery.contains("signals-2"))
            try stack.publish("signals", forgery)
            try stack.wait("risk has found out") {
                try stack[.risk].logLines(with: "session_lost") > 0
            }
            try stack.wait("everything is ready again") { stack.allReady }
            #expect(try stack.rows(Self.everythingButAlerts) == before)
            try stack.trade("ETH_USDT")
            try stack.expectWhole(signals: 2)
        }

        @Test("a flood of forged messages raises at most one alert a second")
        func flood() throws {
            let stack = try Stack()
            let started = SystemClock.monotonicMilliseconds
            let flood = (1...200).map { Array(Self.forgery(.orders, "\($0)").utf8) }
            for _ in 1...10 { try stack.publish("orders", flood) }
            let count = Self.alerts(.risk, .orders)
            try stack.wait("the alert") { try stack.number(count) >= 1 }
            let series = #"cdb_foreign_messages_total{channel="orders"}"#
            try stack.wait("all of them are counted") {
                stack[.risk].metric(series) == Double(10 * flood.count)
            }
            let seconds = (SystemClock.monotonicMilliseconds - started) / 1000
            #expect(try stack.number(count) <= seconds + 1)
            try stack.expectWhole(signals: 0)
        }

        @Test("an echo of our own event is no forgery")
        func echo() throws {
            let stack = try Stack()
            try stack.trade()
            try stack.expectWhole(signals: 1)
            let payload = try stack.rows(
                "SELECT payload #>> '{}' FROM ledger WHERE stream = 'orders' AND seq = 1")
            #expect(payload.count == 1)
            let bytes = try stack.payload("orders", 1)
            try stack.publish("orders", [bytes])
            // What follows on the same channel was heard after the echo.
            try stack.wait("the forgery behind it raises the alert") {
                try stack.publish("orders", Self.forgery(.orders, "null"))
                return try stack.number(Self.alerts(.risk, .orders)) >= 1
            }
            let messages = try stack.rows(
                """
                SELECT payload->'context'->>'message' FROM ledger
                WHERE stream = 'alerts.cdb_risk' AND payload->>'code' = 'INJECT_REFUSED'
                """)
            #expect(messages.allSatisfy { $0.contains("forged") })
            try stack.expectWhole(signals: 1)
        }

        @Test("a signal made by hand is adopted with ALLOW_INJECT=true and goes all the way")
        func adopted() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.publish(
                "signals", #"{"symbol":"BTC_USDT","side":"BUY","confidence":0.05}"#)
            try stack.wait("it is executed") { try stack.count(.orderResults) == 2 }
            let sources = try stack.rows(
                "SELECT payload->>'source' FROM ledger WHERE stream = 'signals' ORDER BY seq")
            #expect(sources == ["(engine)", "(manual)"])
            #expect(try stack.alerts(.core, "INJECT_REFUSED") == 0)
            try stack.expectWhole(signals: 2)
        }

        @Test("a signal made by hand is refused with an alert without ALLOW_INJECT")
        func refused() throws {
            let stack = try Stack(settings: ["ALLOW_INJECT": "false"])
            try stack.publish(
                "signals", #"{"symbol":"BTC_USDT","side":"BUY","confidence":0.05}"#)
            try stack.wait("the alert") { try stack.alerts(.core, "INJECT_REFUSED") == 1 }
            try stack.expectWhole(signals: 0)
        }

        /// A message that is well formed where that is easy, and marked.
        private static func forgery(_ channel: Channel, _ sequence: String) -> String {
            let type =
                switch channel {
                case .signals: "signal"
                case .riskDecisions: "risk_decision"
                case .orders: "order"
                case .orderResults: "order_result"
                case .account: "account"
                default: "alert"
                }
            return """
                {"type":"\(type)","v":1,"seq":\(sequence),"id":"\(channel.rawValue)-1",\
                "order_id":"orders-1","client_id":"forged","signal_id":"signals-1",\
                "symbol":"BTC_USDT","side":"BUY","quantity":1.0,"status":"FILLED",\
                "filled_quantity":1.0,"price":1.0,"confidence":1.0,\
                "timestamp":\(SystemClock.now().milliseconds)}
                """
        }

        private static let everythingButAlerts = """
            SELECT stream, seq, md5(payload::text) FROM ledger
            WHERE stream NOT LIKE 'alerts.%' AND stream <> 'account' ORDER BY stream, seq
            """

        private static func alerts(_ owner: Service, _ channel: Channel) -> String {
            """
            SELECT count(*) FROM ledger WHERE stream = '\(owner.alerts.rawValue)'
                AND payload->>'code' = 'INJECT_REFUSED'
                AND payload->'context'->>'channel' = '\(channel.rawValue)'
            """
        }
    }
}
